import type { Checkpoint, Progress } from '../shared/checkpoint.ts';

/** What every job is given besides its input. */
export interface JobRun {
  readonly checkpoint: Checkpoint;
  /** Streams something smaller than the result on the way: a training round, a found problem. */
  readonly emit: (event: unknown) => void;
  /** True once the caller wants what is there so far rather than all of it. Only some jobs can do that. */
  readonly shouldFinish?: () => boolean;
}

/** A contract of jobs: async methods over plain data, each taking one input and a run. */
export type JobTable<T> = { readonly [K in keyof T]: (input: never, run: JobRun) => Promise<unknown> };

/** What a caller may pass along with a job's input. */
export interface JobOptions {
  readonly signal?: AbortSignal;
  /** Its abort asks the job to end early with what it has (see JobRun.shouldFinish). */
  readonly finish?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvent?: (event: unknown) => void;
}

/** The same contract seen from the caller: whether a worker or the same thread does the work cannot be told. */
export type JobClient<T> = {
  readonly [K in keyof T]: T[K] extends (input: infer Input, run: JobRun) => Promise<infer Output>
    ? (input: Input, options?: JobOptions) => Promise<Output>
    : never;
};
