import { createRegistryStore } from '../adapters/page/registry-store.ts';
import { connectStudy, connectTraining } from '../adapters/page/connections.ts';
import { type ModelKind, modelKinds } from '../core/models/model.ts';
import { loadParameters, loadModels } from './catalogues.ts';
import { loadAllPages } from './shell/pages.ts';
import { saveFile } from './save-file.ts';
import type { StudioHost, TrainingClient } from './stores/studio-host.ts';
import { createStudy } from './stores/study-store.ts';
import type { Studio } from './studio-context.ts';

/** Puts the page together: the only place that knows workers and the browser's clock, storage and downloads. */
export async function startStudio(): Promise<Studio> {
  const jobs = await connectJobs();
  const host: StudioHost = {
    ...jobs,
    fetchRows: (from, to, filter) => jobs.study.previewRows({ from, to, ...(filter ? { filter } : {}) }),
    parametersOf: loadParameters,
    storage: window.localStorage,
    registry: createRegistryStore(),
    today: () => new Date().toISOString(),
    now: () => performance.now(),
    mark: (name) => performance.mark(name),
    saveFile,
    cores: navigator.hardwareConcurrency || 2,
  };
  return { host, study: createStudy(host) };
}

async function connectJobs(): Promise<Pick<StudioHost, 'study' | 'training'>> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has('fake')) {
    const { fakeStudy, fakeTraining } = await import('./testing/fake-study.ts');
    const trainers = Object.fromEntries(modelKinds.map((kind) => [kind, fakeTraining(kind, 20)])) as Record<
      ModelKind,
      TrainingClient
    >;
    return { study: fakeStudy(40), training: (kind) => trainers[kind] };
  }
  const study = connectStudy();
  const trainers = new Map<ModelKind, TrainingClient>();
  return {
    study,
    training(kind) {
      const trainer = trainers.get(kind) ?? connectTraining(kind);
      trainers.set(kind, trainer);
      return trainer;
    },
  };
}

/** At idle after the first paint: what the first click would otherwise wait for. */
export function warmUp({ host, study }: Studio): void {
  const warm = async () => {
    const { warmCharts } = await import('./charts/library.ts');
    // What cannot be fetched now is fetched, or fails with its words, when it is needed.
    await Promise.allSettled([warmCharts(), loadAllPages(), loadModels()]);
    study.timings.chartsReady = true;
    for (const kind of modelKinds) await Promise.allSettled([host.training(kind).warmUp({ kind })]);
    study.timings.kernelsReady = true;
  };
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  idle(() => void warm());
}
