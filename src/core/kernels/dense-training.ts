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

/** What a network learns from. Rows are already encoded and clipped when read. */
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

/** The recipe of one training, the same for every backend. */
export interface NetworkSettings {
  readonly hidden: readonly number[];
  readonly batchNorm: boolean;
  /** Share of hidden units silenced per training step, 0 to below 1. */
  readonly dropout: number;
  readonly batchSize: number;
  /** Decoupled weight decay of the weights (AdamW, Loshchilov & Hutter 2019), per unit of learning rate. */
  readonly weightDecay: number;
  readonly seed: number;
}

/** Everything a backend needs to go on from where another stopped, save Adam's moments, which start anew. */
export interface NetworkStart {
  readonly settings: NetworkSettings;
  readonly layers: readonly DenseLayer[];
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

/** A network in training on one backend. A method that rejects with `kernel.unavailable` means the backend is lost. */
export interface NetworkSession {
  /** "WASM, 2 threads", "TypeScript", "WebGPU". */
  readonly backend: string;
  /** Returns the raw score each training row had when its batch came (dropout on), by row. */
  trainEpoch(plan: EpochPlan): Promise<Float32Array>;
  /** Raw scores of the validation rows with running statistics and no dropout. */
  scoreValidation(breathe: (done: number) => Promise<void>): Promise<Float32Array>;
  /** A copy of the weights as they are now. */
  layers(): Promise<readonly DenseLayer[]>;
  close(): void;
}

/** Trains on a GPU. `open` rejects with `kernel.unavailable` where there is no usable device. */
export interface GpuTrainer {
  open(start: NetworkStart): Promise<NetworkSession>;
}
