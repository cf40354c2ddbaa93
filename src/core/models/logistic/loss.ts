import type { Frame } from '../../data/frame.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { blockRows, logisticStart, scratchBytes } from '../../kernels/logistic.ts';
import { openLogistic } from '../../kernels/logistic-open.ts';
import { StudioError } from '../../shared/errors.ts';
import { sum } from '../../shared/statistics.ts';
import type { Encoding } from '../encoding.ts';
import { createEncoder } from '../encoding.ts';

/** The mean weighted log-loss as a function of the coefficients, the intercept first. No penalty. */
export interface Loss {
  /** Coefficients, the intercept included. */
  readonly size: number;
  readonly backend: string;
  /** The weights' sum. */
  readonly totalWeight: number;
  evaluate(coefficients: Float64Array, withHessian: boolean): Promise<LossAt>;
  /** Σ residual²·x·xᵀ over the rows, residual = weight·(p − label): the filling of a robust covariance. Lower triangle. */
  scatter(coefficients: Float64Array): Promise<Float64Array>;
  /** Gives the rows other weights, one per row. */
  reweigh(weights: Float64Array): void;
  close(): void;
}

export interface LossAt {
  readonly value: number;
  readonly gradient: Float64Array;
  /** size × size, row-major, the lower triangle filled. */
  readonly hessian?: Float64Array;
  /** Largest distance of a row's probability from its label: below ½, the classes are separated. */
  readonly worstError: number;
}

export interface LossRows {
  readonly features: Frame;
  readonly encoding: Encoding;
  readonly rows: Uint32Array;
  /** 0 or 1, by row of the frame. */
  readonly labels: Int8Array;
  /** One per entry of `rows`. */
  readonly weights: Float64Array;
}

export interface LossLimits {
  /** Encoded rows up to this size stay in memory; larger tables are encoded again, chunk by chunk, for each evaluation. */
  readonly residentBytes: number;
  /** Encoded numbers in a chunk. */
  readonly chunkNumbers: number;
  /** Multiplications in a kernel call. */
  readonly callProducts: number;
}

/** Some 20 ms of work between two breaths, so that a request to stop is soon heard. */
const usualLimits: LossLimits = { residentBytes: 256 * 1_048_576, chunkNumbers: 2e6, callProducts: 2e7 };

/** Opens the loss over the rows; `breathe` is awaited between kernel calls. */
export async function openLoss(
  kernels: Kernels,
  data: LossRows,
  breathe: () => Promise<void>,
  limits = usualLimits,
): Promise<Loss> {
  const { rows, encoding, labels, features } = data;
  const size = encoding.width + 1;
  const width = Math.ceil(size / 4) * 4;
  const blockCount = Math.ceil(rows.length / blockRows);
  const chunkBlocks = Math.max(1, Math.min(blockCount, Math.floor(limits.chunkNumbers / (blockRows * width))));
  const hessianBlocks = Math.max(1, Math.floor((2 * limits.callProducts) / (blockRows * width * width)));
  const resident = blockCount * blockRows * width * 8 <= limits.residentBytes;
  const heldRows = (resident ? blockCount : chunkBlocks) * blockRows;

  let end = logisticStart;
  const place = (doubles: number): number => {
    const at = end;
    end += doubles * 8;
    return at;
  };
  const coefficientsAt = place(width);
  const gradientAt = place(width);
  const hessianAt = place(width * width);
  const scratchAt = place(scratchBytes / 8);
  const lossesAt = place(heldRows / blockRows);
  const labelsAt = place(heldRows);
  const weightsAt = place(heldRows);
  const residualAt = place(heldRows);
  const curvatureAt = place(heldRows);
  const blocksAt = place(heldRows * width);
  if (end > 0xffff_0000) {
    throw new StudioError('data.too-large', `Logistic regression of ${size} inputs needs more than 4 GiB.`, {
      fix: 'Drop categories with very many levels.',
    });
  }
  const { run, memory, backend, close } = await openLogistic(kernels, end);
  const doubles = (at: number, length: number): Float64Array => new Float64Array(memory, at, length);
  const encoder = createEncoder(encoding, features);
  const encoded = new Float64Array(blockRows * width);
  let weights = data.weights;
  let totalWeight = sum(weights);
  const loaded = new Uint8Array(blockCount);

  /** Encodes blocks from … to − 1 at their place; a last, shorter block is filled up with rows of weight 0. */
  function load(from: number, to: number, first: number): void {
    for (let block = from; block < to; block++) {
      if (loaded[block]) continue;
      if (resident) loaded[block] = 1;
      const start = block * blockRows;
      const stop = Math.min(rows.length, start + blockRows);
      const heldAt = (block - first) * blockRows;
      // Encoded on memory of one's own: shared memory is filled and written far more slowly.
      encoded.fill(1, 0, stop - start).fill(0, stop - start, blockRows);
      encoder.encode(rows, start, stop, encoded.subarray(blockRows, blockRows * size), 1, blockRows);
      doubles(blocksAt + heldAt * width * 8, blockRows * width).set(encoded);
      const rowLabels = doubles(labelsAt + heldAt * 8, blockRows).fill(0);
      const rowWeights = doubles(weightsAt + heldAt * 8, blockRows).fill(0);
      for (let i = start; i < stop; i++) {
        rowLabels[i - start] = labels[rows[i] as number] as number;
        rowWeights[i - start] = weights[i] as number;
      }
    }
  }

  /** Sums of the loss and its gradient; and of x·xᵀ by the curvature of each row, or by its squared residual. */
  async function pass(coefficients: Float64Array, products: 'none' | 'curvature' | 'squaredResidual') {
    doubles(coefficientsAt, width).fill(0).set(coefficients);
    doubles(gradientAt, width).fill(0);
    if (products !== 'none') doubles(hessianAt, width * width).fill(0);
    let value = 0;
    let worstError = 0;
    for (let from = 0; from < blockCount; from += chunkBlocks) {
      const to = Math.min(blockCount, from + chunkBlocks);
      const first = resident ? 0 : from;
      load(from, to, first);
      const count = to - from;
      const held = (from - first) * blockRows * 8;
      const blocks = blocksAt + held * width;
      const residual = residualAt + held;
      const curvature = curvatureAt + held;
      run(
        'scoreRows',
        blocks,
        coefficientsAt,
        labelsAt + held,
        weightsAt + held,
        residual,
        curvature,
        lossesAt,
        width,
        count,
      );
      run('addGradient', blocks, residual, gradientAt, width, count);
      for (const loss of doubles(lossesAt, count)) value += loss;
      worstError = Math.max(
        worstError,
        largestRatio(doubles(residual, count * blockRows), doubles(weightsAt + held, count * blockRows)),
      );
      await breathe();
      if (products === 'none') continue;
      if (products === 'squaredResidual') {
        const residuals = doubles(residual, count * blockRows);
        doubles(curvature, count * blockRows).set(residuals.map((each) => each * each));
      }
      // As many blocks a call as stay in the cache while all their products are summed.
      for (let block = 0; block < count; block += hessianBlocks) {
        const at = block * blockRows * 8;
        const some = Math.min(hessianBlocks, count - block);
        run('addHessian', blocks + at * width, curvature + at, hessianAt, scratchAt, width, some);
        await breathe();
      }
    }
    if (!Number.isFinite(value)) throw notFinite();
    return { value, worstError };
  }

  async function evaluate(coefficients: Float64Array, withHessian: boolean): Promise<LossAt> {
    const { value, worstError } = await pass(coefficients, withHessian ? 'curvature' : 'none');
    const gradient = doubles(gradientAt, size).map((sum) => sum / totalWeight);
    const at = { value: value / totalWeight, gradient, worstError };
    return withHessian
      ? { ...at, hessian: lowerTriangle(doubles(hessianAt, width * width), width, size, 1 / totalWeight) }
      : at;
  }

  async function scatter(coefficients: Float64Array): Promise<Float64Array> {
    await pass(coefficients, 'squaredResidual');
    return lowerTriangle(doubles(hessianAt, width * width), width, size, 1);
  }

  function reweigh(next: Float64Array): void {
    weights = next;
    totalWeight = sum(next);
    if (!resident) return;
    for (let block = 0; block < blockCount; block++) {
      const start = block * blockRows;
      if (loaded[block]) doubles(weightsAt + start * 8, blockRows).set(next.subarray(start, start + blockRows));
    }
  }

  return {
    size,
    backend,
    get totalWeight() {
      return totalWeight;
    },
    evaluate,
    scatter,
    reweigh,
    close,
  };
}

function largestRatio(residual: Float64Array, weights: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < residual.length; i++) {
    const weight = weights[i] as number;
    if (weight > 0) largest = Math.max(largest, Math.abs(residual[i] as number) / weight);
  }
  return largest;
}

function lowerTriangle(sums: Float64Array, width: number, size: number, scale: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) lower[j * size + k] = (sums[j * width + k] as number) * scale;
  }
  return lower;
}

function notFinite(): StudioError {
  return new StudioError('model.numeric', 'The loss of logistic regression is not a finite number.', {
    fix: 'Look for infinite or extremely large values among the features.',
  });
}
