import { StudioError } from '../shared/errors.ts';
import { appendEntry, type LogEntry, verifyLog } from './chain.ts';

/** `champion` scores; there is at most one. `candidate` may become it, `archived` was. */
export type Stage = 'candidate' | 'champion' | 'archived';

export interface ModelVersion {
  /** The bundle's version: a hash of its contents. */
  readonly version: string;
  readonly name: string;
  readonly stage: Stage;
  /** ISO 8601, UTC. */
  readonly registeredAt: string;
  /** Figures to tell versions apart by: AUC on test customers, … */
  readonly figures: Readonly<Record<string, number>>;
}

/** Everything but the bundles themselves. Plain JSON. */
export interface RegistryState {
  readonly versions: readonly ModelVersion[];
  readonly log: readonly LogEntry[];
}

/** Where a registry is kept: the browser's storage, or a folder. A write is whole or not at all. */
export interface RegistryStore {
  load(): Promise<RegistryState>;
  save(state: RegistryState): Promise<void>;
  loadBundle(version: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  saveBundle(version: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

export const emptyRegistry: RegistryState = { versions: [], log: [] };

/** Takes a bundle in as a candidate; one that is there already stays what it is. */
export async function registerVersion(
  store: RegistryStore,
  bundle: { readonly version: string; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
  figures: Readonly<Record<string, number>>,
  at: string,
): Promise<RegistryState> {
  const state = await loadVerified(store);
  const { version, name, bytes } = bundle;
  if (state.versions.some((each) => each.version === version)) return state;
  // The bundle first: a version that is listed can be loaded.
  await store.saveBundle(version, bytes);
  return save(store, {
    versions: [...state.versions, { version, name, stage: 'candidate', registeredAt: at, figures }],
    log: appendEntry(state.log, { at, what: 'registered', details: { version, name } }),
  });
}

/** Makes a version the champion; the one before is archived. `why` is kept in the log. */
export async function promoteVersion(
  store: RegistryStore,
  version: string,
  why: string,
  at: string,
): Promise<RegistryState> {
  const state = await loadVerified(store);
  const chosen = state.versions.find((each) => each.version === version);
  if (!chosen) throw unknownVersion(state, version);
  if (chosen.stage === 'champion') return state;
  const before = state.versions.find(({ stage }) => stage === 'champion');
  return save(store, {
    versions: state.versions.map((each) => {
      if (each === chosen) return { ...each, stage: 'champion' };
      return each === before ? { ...each, stage: 'archived' } : each;
    }),
    log: appendEntry(state.log, {
      at,
      what: 'promoted',
      details: { version, instead: before?.version ?? null, why },
    }),
  });
}

/** Archives a version that is not the champion. */
export async function archiveVersion(store: RegistryStore, version: string, at: string): Promise<RegistryState> {
  const state = await loadVerified(store);
  const chosen = state.versions.find((each) => each.version === version);
  if (!chosen) throw unknownVersion(state, version);
  if (chosen.stage === 'champion') {
    throw new StudioError('request.invalid', `${version} is the champion and cannot be archived.`, {
      fix: 'Promote another version: the champion is then archived.',
    });
  }
  return save(store, {
    versions: state.versions.map((each) => (each === chosen ? { ...each, stage: 'archived' } : each)),
    log: appendEntry(state.log, { at, what: 'archived', details: { version } }),
  });
}

/** Writes down an alert or a decision, beside promotions. */
export async function noteInLog(
  store: RegistryStore,
  entry: Pick<LogEntry, 'at' | 'what' | 'details'>,
): Promise<RegistryState> {
  const state = await loadVerified(store);
  return save(store, { ...state, log: appendEntry(state.log, entry) });
}

/** The state as kept; a log that someone changed is refused. */
export async function loadVerified(store: RegistryStore): Promise<RegistryState> {
  const state = await store.load();
  verifyLog(state.log);
  return state;
}

async function save(store: RegistryStore, state: RegistryState): Promise<RegistryState> {
  await store.save(state);
  return state;
}

function unknownVersion({ versions }: RegistryState, version: string): StudioError {
  return new StudioError('request.invalid', `There is no version "${version}" in the registry.`, {
    fix:
      versions.length > 0
        ? `Choose one of: ${versions.map((each) => each.version).join(', ')}.`
        : 'Register one first.',
  });
}
