import { emptyRegistry, type RegistryStore } from '../../core/registry/registry.ts';
import type { StudioHost } from '../stores/studio-host.ts';
import { fakeStudy, fakeTraining } from './fake-study.ts';

/** A host for store tests: fake jobs, storage in a map, and what was marked and saved. */
export function fakeHost(over: Partial<StudioHost> = {}) {
  const saved = new Map<string, string>();
  const marks: string[] = [];
  const files: string[] = [];
  const host: StudioHost = {
    study: fakeStudy(),
    fetchRows: async () => ({ columns: [], rows: [] }),
    training: (kind) => fakeTraining(kind),
    parametersOf: async (_, chosen) => ({ learning_rate: 0.1, ...chosen }),
    registry: fakeRegistry(),
    today: () => '2026-01-01T00:00:00.000Z',
    storage: { getItem: (key) => saved.get(key) ?? null, setItem: (key, value) => void saved.set(key, value) },
    now: () => performance.now(),
    mark: (name) => marks.push(name),
    saveFile: (file) => files.push(file.name),
    cores: 4,
    ...over,
  };
  return { host, marks, files };
}

/** Waits until something has become true; says so as an error where it does not. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!condition()) throw new Error('It did not come true in a second.');
}

function fakeRegistry(): RegistryStore {
  const bundles = new Map<string, Uint8Array<ArrayBuffer>>();
  let state = emptyRegistry;
  return {
    load: async () => state,
    save: async (next) => {
      state = next;
    },
    loadBundle: async (version) => bundles.get(version),
    saveBundle: async (version, bytes) => void bundles.set(version, bytes),
  };
}
