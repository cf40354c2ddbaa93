import type { ModelKind } from '../../core/models/model.ts';

/** How long the stages of the last run took. Plain JSON, read by whoever drives the page. */
export interface StudioTimings {
  stages: { name: string; seconds: number }[];
  models: Partial<Record<ModelKind, number>>;
  /** True once the chart library is loaded and warm. */
  chartsReady: boolean;
  /** True once the learners have had their small trainings, in which the engine compiles their kernels well. */
  kernelsReady: boolean;
  /** True from the end of a complete run until the next begins. */
  complete: boolean;
}

export function createTimings(): StudioTimings {
  return { stages: [], models: {}, chartsReady: false, kernelsReady: false, complete: false };
}

/** Runs one stage and notes its seconds if it came to an end; a stage run again replaces its older figure. */
export async function timeStage<T>(
  timings: StudioTimings,
  name: string,
  now: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const started = now();
  const value = await work();
  if (value !== undefined) {
    timings.stages = timings.stages.filter((stage) => stage.name !== name);
    timings.stages.push({ name, seconds: (now() - started) / 1000 });
  }
  return value;
}
