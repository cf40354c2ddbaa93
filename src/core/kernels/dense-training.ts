import type { Activation } from './dense-inference.ts';

/** Learned batch normalisation of a layer's sums: y = gamma · (z − mean) / √(variance + epsilon) + beta (Ioffe & Szegedy 2015). */
export interface BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  /** Running mean and (biased) variance of the training batches. */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** One dense layer: z = x · weights + biases, then batch normalisation where there is one, then the activation. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** inputs × units, row by row (input i to unit j at i · units + j), as Keras' kernel. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly batchNorm?: BatchNorm;
}

/** Learned vectors of a category's levels; level 0 is for missing, rare and unseen ones. */
export interface EmbeddingTable {
  /** Name of the category column. */
  readonly column: string;
  /** Input its vector begins at. */
  readonly slot: number;
  readonly dimension: number;
  readonly levels: number;
  /** levels × dimension, vector after vector. */
  readonly values: Float32Array;
}

/** All that a network learns. */
export interface NetworkWeights {
  readonly layers: readonly DenseLayer[];
  /** None where categories are one-hot. */
  readonly embeddings: readonly EmbeddingTable[];
}

/**
 * What a network learns from. Rows are already encoded and clipped when read; an embedded category stands, as its level, in
 * the first slot of its embedding.
 */
export interface NetworkRows {
  readonly rowCount: number;
  /** Number of inputs of a row. */
  readonly width: number;
  /** Writes rows from … to (exclusive) into `out`, each `stride` values after the last; the gap is zero. */
  read(from: number, to: number, out: Float32Array, stride: number): void;
  /** The same for the rows at these places, in their order. */
  pick(places: Uint32Array, out: Float32Array, stride: number): void;
}

/** A training set: rows with their label (0 or 1) and weight (class balancing included). */
export interface NetworkExamples extends NetworkRows {
  readonly labels: Float32Array;
  readonly weights: Float32Array;
}

/** What a step lowers: the mean over a batch's rows of weight · loss. */
export interface NetworkLoss {
  /** 0 is log-loss; above it, focal loss: (1 − probability of the label)^γ · log-loss (Lin et al. 2017). */
  readonly focalGamma: number;
  /** Labels 0 and 1 become s/2 and 1 − s/2 (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
}

/** The recipe of one training, the same for every backend. */
export interface NetworkSettings extends NetworkLoss {
  readonly activation: Activation;
  /** Share of hidden units silenced per training step, 0 to below 1. */
  readonly dropout: number;
  readonly batchSize: number;
  /** AdamW (Loshchilov & Hutter 2019) pulls weights towards zero beside the gradient, Adam through it. */
  readonly optimizer: 'adamw' | 'adam';
  /** Of weights and embeddings; biases and batch normalisation are free. */
  readonly weightDecay: number;
  /** Largest norm of all gradients of a step together; 0 is no limit. */
  readonly clipNorm: number;
  readonly seed: number;
}

/** Adam's memory: steps taken, and both moments of every number learned, in the backend's own order. */
export interface OptimizerState {
  readonly steps: number;
  readonly moments: Float32Array;
}

/** Everything a backend needs to go on from where another stopped; without `optimizer` Adam's moments start anew. */
export interface NetworkStart {
  readonly settings: NetworkSettings;
  readonly weights: NetworkWeights;
  readonly optimizer?: OptimizerState;
  readonly train: NetworkExamples;
  readonly validation: NetworkRows;
}

/** One pass over the training rows. */
export interface EpochPlan {
  /** 0-based; with the seed it decides the dropout masks. */
  readonly epoch: number;
  /** Training rows in the order to take them. */
  readonly order: Uint32Array;
  readonly learningRate: number;
  /** Awaited every few batches with the share of the epoch done; throws to stop. */
  readonly breathe: (done: number) => Promise<void>;
}

export interface EpochOutcome {
  /** The raw score each training row had when its batch came (dropout on), by row. */
  readonly scores: Float32Array;
  /** Mean over the steps of the norm of all gradients, before clipping. */
  readonly gradientNorm: number;
}

/** A network in training on one backend. A method that rejects with `kernel.unavailable` means the backend is lost. */
export interface NetworkSession {
  /** "WASM, 2 threads", "TypeScript", "WebGPU". */
  readonly backend: string;
  trainEpoch(plan: EpochPlan): Promise<EpochOutcome>;
  /** Raw scores of the validation rows with running statistics and no dropout. */
  scoreValidation(breathe: (done: number) => Promise<void>): Promise<Float32Array>;
  /** A copy of the weights as they are now. */
  weights(): Promise<NetworkWeights>;
  /** A copy of the optimizer's memory, where the backend can give one. */
  optimizer?(): OptimizerState;
  close(): void;
}

/** Trains on a GPU. `open` rejects with `kernel.unavailable` where there is no usable device. */
export interface GpuTrainer {
  /** The host's clock, in milliseconds: what a GPU is worth shows in time alone. */
  now(): number;
  open(start: NetworkStart): Promise<NetworkSession>;
}
