import type { Frame } from '../data/frame.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { DenseScoring } from '../kernels/dense-inference.ts';
import type { TreeScoring } from '../kernels/tree-scoring.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { ParameterSchema, Parameters } from './parameters.ts';
import type { BoostingModel } from './boosting/boosting-model.ts';
import type { BoostingState } from './boosting/training-state.ts';
import type { LogisticModel } from './logistic/logistic-model.ts';
import type { NeuralModel } from './neural/neural-model.ts';
import type { NeuralState } from './neural/training-state.ts';

export const modelKinds = ['logistic', 'boosting', 'neural'] as const;
export type ModelKind = (typeof modelKinds)[number];

/**
 * Learned weights: plain data and typed arrays only, so that a model can be posted to a worker and written to a bundle.
 * Each kind lists the feature columns it reads, in order.
 */
export type Model = LogisticModel | BoostingModel | NeuralModel;

/** What a learner is given. `features` holds number and category columns; rows index into it. */
export interface TrainingInput {
  readonly features: Frame;
  /** 0 or 1 for every row named in `train` and `validation`. */
  readonly labels: Int8Array;
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  /** Row weights over all rows of the frame; class balancing comes on top. */
  readonly weights?: Float64Array;
  readonly seed: number;
  /** Boosting only: its trees come first and new ones learn what it left. Its features must be among `features`. */
  readonly initialModel?: BoostingModel;
}

/** One round of training (a tree, an epoch, a Newton step), for live curves. */
export interface Round {
  readonly round: number;
  /** At most this many rounds. */
  readonly of: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
}

/**
 * A training as it stood after some round: plain data, to be posted or stored. With the same input, parameters and
 * `stoppingMetric` it goes on to the same final bytes, on any host and any number of threads.
 */
export type TrainingState = BoostingState | NeuralState;

export interface TrainingContext {
  readonly kernels: Kernels;
  readonly checkpoint: Checkpoint;
  readonly onRound?: (round: Round) => void;
  /** Asked after every round: true ends the training there, normally, with the best model so far. */
  readonly shouldFinish?: () => boolean;
  /**
   * Offered after every round, before `checkpoint` is awaited; the host calls `save` when its clock says so (every second
   * or two) and keeps the last answer. A kind of model that cannot resume never offers it.
   */
  readonly onState?: (save: () => TrainingState) => void;
  /** Goes on from a saved state instead of from the start; `onRound` then begins with the round after it. */
  readonly resumeFrom?: TrainingState;
  /** Watched by early stopping instead of the parameter `metric`, and shown among the validation measures. */
  readonly stoppingMetric?: StoppingMetric;
}

/** A measure of the caller's own. Raw scores and labels are those of the validation rows, in their order. */
export interface StoppingMetric {
  readonly name: string;
  readonly higherIsBetter: boolean;
  readonly measure: (rawScores: Float64Array, labels: Int8Array, weights: Float64Array | undefined) => number;
}

export interface Trained<M extends Model = Model> {
  readonly model: M;
  /** All rounds run, in order; `bestRound` is the one kept (1-based). */
  readonly rounds: readonly Round[];
  readonly bestRound: number;
  /** "WASM, 2 threads", "TypeScript", "WebGPU" … */
  readonly backend: string;
  /** Facts a person should know: a parameter ignored, a separation found, an early stop. Plain sentences. */
  readonly notes: readonly string[];
}

/** The host's kernel for a kind of model: trees for boosting, dense layers for the network. */
export type ModelScoring = TreeScoring | DenseScoring;

/** One kind of model: the catalogue holds one entry each. */
export interface ModelEntry<M extends Model = Model> {
  readonly kind: ModelKind;
  /** "Logistic regression", "Gradient boosting", "Neural network". */
  readonly label: string;
  readonly parameters: readonly ParameterSchema[];
  train(input: TrainingInput, parameters: Parameters, context: TrainingContext): Promise<Trained<M>>;
  /**
   * The raw score (log-odds under class balancing) of every row, exact and the same bits on every host.
   * `features` holds at least the model's columns, by name, in any order. `scoring`, the host's kernel for this kind, makes
   * many rows faster and changes no bit.
   */
  rawScores(model: M, features: Frame, scoring?: ModelScoring): Float64Array;
  /** A number per feature, larger is more important, in the model's own way (gain, |standardised coefficient|, …). */
  importance(model: M): readonly { readonly feature: string; readonly importance: number }[];
  /** The model as files of a bundle (UTF-8 text or little-endian binary), and back; reading validates everything. */
  write(model: M): Readonly<Record<string, Uint8Array>>;
  read(files: Readonly<Record<string, Uint8Array>>): M;
}
