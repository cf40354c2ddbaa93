import { StudioError } from '../shared/errors.ts';
import { describeCrew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { createDenseReference } from './reference/dense.ts';

/**
 * Kernels for dense networks, on one block of memory. A network is a table of records of 16 words, one per layer, whose
 * words are counts or byte offsets (`DenseWord`). Widths are rounded up to 8; weights of the padding are and stay zero.
 *
 * Matrices over a batch lie in blocks of 32 rows, each in panels of 8 columns, a panel row after row; weights (inputs ×
 * units), their gradient and their moments in panels of 8 units, transposed weights (units × inputs) in panels of 8 inputs.
 *
 * One training step over a batch: `enter` (gather rows, sums of the first layer), `pass` per hidden layer (batch
 * normalisation, activation, dropout, sums of the next), then the caller writes the error of the output unit, `back` per
 * hidden layer from the last to the first, `finish`, `embeddingErrors` and `embeddingGradients` where categories are
 * embedded, `gradients` and `update` (Adam). `infer` is the way forward alone, over folded layers (dense-inference.ts).
 */
export interface DenseKernels {
  /** "WASM, 2 threads", "TypeScript". */
  readonly backend: string;
  readonly memory: ArrayBufferLike;
  /** Runs to the end; a call takes far less than 100 ms for batches of a few thousand rows. */
  run(name: DenseFunction, ...args: number[]): void;
  close(): void;
}

export type DenseFunction =
  | 'enter'
  | 'pass'
  | 'back'
  | 'finish'
  | 'embeddingErrors'
  | 'embeddingGradients'
  | 'gradients'
  | 'update'
  | 'infer';

/** Words of a layer's record. */
export const DenseWord = {
  inputs: 0,
  units: 1,
  /** DenseMode. */
  mode: 2,
  weights: 3,
  /** 0 for the first layer, which nothing goes back through. */
  transposed: 4,
  /** Adam's two moments. */
  firstMoment: 5,
  secondMoment: 6,
  gradient: 7,
  /** Batch rows × inputs. */
  input: 8,
  /** Batch rows × units. */
  sums: 9,
  /** Batch rows × units: the loss's derivative by the sums. */
  errors: 10,
  /** DenseColumn: 14 vectors of `units` floats. */
  columns: 11,
  /** Per block of 32 rows, two vectors of `units` floats. */
  partials: 12,
  /** Per panel of units, the sum of the squares of its weights' gradients in four lanes. */
  squares: 13,
  /** A code of `activationCodes`. */
  activation: 14,
  /** Batch rows × units: the activation's derivative after dropout; not for ReLU. */
  gates: 15,
} as const;

export const denseRecordWords = 16;

/** Words of an embedding's record: each category of a row stands, as its level, in the first slot of its embedding. */
export const EmbeddingWord = {
  /** Input column its vector begins at. */
  slot: 0,
  dimension: 1,
  levels: 2,
  /** levels × dimension floats; so are Adam's moments and the gradient, all padded to 4. */
  table: 3,
  firstMoment: 4,
  secondMoment: 5,
  gradient: 6,
} as const;

export const embeddingRecordWords = 8;
/** Rows of a block: the unit in which members share a batch and sums over rows are formed. */
export const denseBlockRows = 32;
export const denseColumnCount = 14;

export const DenseMode = { plain: 0, normalised: 1, output: 2 } as const;

/** Vectors of a layer's columns. A layer without batch normalisation has gamma, inverse and slope 1, mean 0, beta as bias. */
export const DenseColumn = {
  gamma: 0,
  beta: 1,
  runningMean: 2,
  runningVariance: 3,
  mean: 4,
  inverse: 5,
  /** Σ errors of the batch: the derivative by beta. */
  errorSum: 6,
  /** Σ errors · normalised sums: the derivative by gamma. */
  productSum: 7,
  /** Adam's two moments of gamma; then those of beta. */
  gammaMoments: 9,
  /** gamma · inverse. */
  slope: 13,
} as const;

/** Keras' epsilon of batch normalisation. */
export const normEpsilon = Math.fround(0.001);

/** Kernels with `bytes` of zeroed memory: WASM where the host has it, the TypeScript twin otherwise. */
export async function openDense(kernels: Kernels, bytes: number, maxMembers: number): Promise<DenseKernels> {
  if (bytes > 0xffff_0000) {
    throw new StudioError('data.too-large', `The network needs ${Math.ceil(bytes / 2 ** 20)} MiB, more than 4 GiB.`, {
      fix: 'Use fewer rows, or drop categories with very many levels.',
    });
  }
  if (!kernels.createCrew) return createDenseReference(bytes);
  const crew = await kernels.createCrew('dense', {
    initialPages: Math.ceil(bytes / 65_536),
    maxMembers,
    mayShrink: true,
  });
  return {
    backend: describeCrew(crew),
    memory: crew.memory.buffer,
    run: (name, ...args) => crew.run(name, ...args),
    close: () => crew.close(),
  };
}
