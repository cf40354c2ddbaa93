import type { ModelKind, Trained, TrainingInput } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import type { JobRun } from './job.ts';

/** What a training worker does. Emits each `Round` as an event. */
export interface TrainingJobs {
  train(input: { readonly kind: ModelKind; readonly input: TrainingInput; readonly parameters: Parameters }, run: JobRun): Promise<TrainingResult>;
  /** Starts threads and warms the kernels so that the first click is not a cold one. */
  warmUp(input: { readonly kind: ModelKind }, run: JobRun): Promise<{ readonly backend: string }>;
}

export interface TrainingResult {
  readonly trained: Trained;
  readonly seconds: number;
}
