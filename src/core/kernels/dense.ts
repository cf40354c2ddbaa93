import { StudioError } from '../shared/errors.ts';
import { describeCrew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { createDenseReference } from './reference/dense.ts';

/**
 * Kernels for dense networks, on one block of memory. A network is a table of records of 16 words, one per layer, whose
 * words are counts or byte offsets (`DenseWord`). Widths are rounded up to 8; weights of the padding are and stay zero.
 *
 * One training step over a batch: `enter` (gather rows, sums of the first layer), `pass` per hidden layer (batch
 * normalisation, ReLU, dropout, sums of the next), then the caller writes the error of the output unit, `back` per hidden
 * layer from the last to the first, `finish`, and `update` (weight gradients and Adam). `score` is the way forward alone.
 */
export interface DenseKernels {
  /** "WASM, 2 threads", "TypeScript". */
  readonly backend: string;
  readonly memory: ArrayBufferLike;
  /** Runs to the end; a call takes far less than 100 ms for batches of a few thousand rows. */
  run(name: DenseFunction, ...args: number[]): void;
  close(): void;
}

export type DenseFunction = 'enter' | 'pass' | 'back' | 'finish' | 'update' | 'score';

/** Words of a layer's record. */
export const DenseWord = {
  inputs: 0,
  units: 1,
  /** DenseMode. */
  mode: 2,
  /** inputs × units floats; then the same transposed, Adam's two moments, and the gradient. */
  weights: 3,
  transposed: 4,
  firstMoment: 5,
  secondMoment: 6,
  gradient: 7,
  /** Batch rows × inputs. */
  input: 8,
  /** Batch rows × units: sums, in hidden layers normalised in place. */
  sums: 9,
  /** Batch rows × units: the loss's derivative by the sums. */
  errors: 10,
  /** DenseColumn: 13 vectors of `units` floats. */
  columns: 11,
  /** Per block of 32 rows, two vectors of `units` floats. */
  partials: 12,
} as const;

export const denseRecordWords = 16;
/** Rows of a block: the unit in which members share a batch and sums over rows are formed. */
export const denseBlockRows = 32;
export const denseColumnCount = 13;

export const DenseMode = { plain: 0, normalised: 1, output: 2 } as const;

/** Vectors of a layer's columns. A layer without batch normalisation has gamma 1, mean 0, inverse 1, and beta as bias. */
export const DenseColumn = {
  gamma: 0,
  beta: 1,
  runningMean: 2,
  runningVariance: 3,
  mean: 4,
  inverse: 5,
  /** Σ errors of the batch: the derivative by beta. */
  errorSum: 6,
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
  const crew = await kernels.createCrew('dense', { initialPages: Math.ceil(bytes / 65_536), maxMembers });
  return {
    backend: describeCrew(crew),
    memory: crew.memory.buffer,
    run: (name, ...args) => crew.run(name, ...args),
    close: () => crew.close(),
  };
}
