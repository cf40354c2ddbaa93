import type { Frame } from '../data/frame.ts';
import type { ModelKind, Round, Trained, TrainingInput, TrainingState } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import type { JobRun } from './job.ts';

/** What a training worker does. */
export interface TrainingJobs {
  /** Emits a `TrainingEvent` for each round and each saved state; asked to finish, it answers the best model so far. */
  train(input: TrainingRequest, run: JobRun): Promise<TrainingResult>;
  /**
   * Trains again on resampled training customers (a bootstrap, as row weights) and answers with what each refit says of the
   * same customers: how far their scores move tells how sure their bands are, their attributions how sure their reasons.
   */
  refit(input: RefitRequest, run: JobRun): Promise<readonly Refit[]>;
  /** Starts threads and warms the kernels so that the first click is not a cold one. */
  warmUp(input: { readonly kind: ModelKind }, run: JobRun): Promise<{ readonly backend: string }>;
}

export interface TrainingRequest {
  readonly kind: ModelKind;
  readonly input: TrainingInput;
  readonly parameters: Parameters;
  /** Goes on from here, to the same final bytes as a training that was never interrupted. */
  readonly resumeFrom?: TrainingState;
}

/** A saved state holds what is new since the last one: `joinStates` puts it to the rest. */
export type TrainingEvent =
  | { readonly kind: 'round'; readonly round: Round }
  | { readonly kind: 'saved'; readonly state: TrainingState };

export interface TrainingResult {
  readonly trained: Trained;
  readonly seconds: number;
}

export interface RefitRequest extends TrainingRequest {
  /** The model that is refitted: its number of rounds (its C) is kept. */
  readonly trained: Trained;
  readonly refits: number;
  /** Whose scores are asked for. */
  readonly rows: Uint32Array;
  /** Whose attributions are. */
  readonly explained: Uint32Array;
  /** Of a network: whom they are compared with. */
  readonly background?: Frame;
}

export interface Refit {
  /** Of `rows`. */
  readonly rawScores: Float64Array;
  /** Of `explained`, in log-odds: row r of feature f, in the order of `features`, is values[f × rows + r]. */
  readonly attributions: Float64Array;
  readonly features: readonly string[];
}
