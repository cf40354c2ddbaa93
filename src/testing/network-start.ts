import type { DenseLayer, NetworkStart } from '../core/kernels/dense-training.ts';
import { initialLayers } from '../core/models/neural/initial-layers.ts';
import { createRandom } from '../core/shared/random.ts';

export interface StartShape {
  readonly rows: number;
  readonly width: number;
  readonly hidden: readonly number[];
  readonly batchSize: number;
  readonly batchNorm?: boolean;
  readonly dropout?: number;
  readonly weightDecay?: number;
}

/** A small training to begin: normal inputs, labels that follow two of them, uneven weights, weights away from zero. */
export function networkStart(shape: StartShape): NetworkStart {
  const { rows, width, hidden, batchSize, batchNorm = true, dropout = 0, weightDecay = 0 } = shape;
  const random = createRandom(11);
  const values = new Float32Array(rows * width).map(() => random.normal());
  const read = (from: number, to: number, out: Float32Array, stride: number) => {
    out.fill(0, 0, (to - from) * stride);
    for (let row = from; row < to; row++) {
      out.set(values.subarray(row * width, (row + 1) * width), (row - from) * stride);
    }
  };
  const pick = (places: Uint32Array, out: Float32Array, stride: number) =>
    places.forEach((place, i) => read(place, place + 1, out.subarray(i * stride), stride));
  const labels = new Float32Array(rows).map((_, row) => {
    const [a = 0, b = 0] = values.subarray(row * width, row * width + 2);
    return a * b + 0.5 * a + random.normal() > 0.8 ? 1 : 0;
  });
  const weights = labels.map((label) => (label === 1 ? 2.5 : 0.75));
  const rowsOf = { rowCount: rows, width, read, pick };
  return {
    settings: { hidden, batchNorm, dropout, batchSize, weightDecay, seed: 5 },
    layers: initialLayers(width, hidden, batchNorm, 5).map((layer) => stirred(layer, () => random.normal())),
    train: { ...rowsOf, labels, weights },
    validation: rowsOf,
  };
}

/** Nothing at its neutral start value, so that no mistake hides behind a 0 or a 1. */
function stirred(layer: DenseLayer, normal: () => number): DenseLayer {
  const around = (values: Float32Array, spread: number) => values.map((value) => value + spread * Math.abs(normal()));
  const { batchNorm } = layer;
  if (!batchNorm) return { ...layer, biases: around(layer.biases, 0.1) };
  return {
    ...layer,
    batchNorm: {
      gamma: around(batchNorm.gamma, 0.2),
      beta: around(batchNorm.beta, 0.1),
      mean: around(batchNorm.mean, 0.1),
      variance: around(batchNorm.variance, 0.2),
      epsilon: batchNorm.epsilon,
    },
  };
}

/** The largest difference between two sets of layers over all their numbers. */
export function largestDifference(a: readonly DenseLayer[], b: readonly DenseLayer[]): number {
  const left = a.flatMap(numbersOf);
  const right = b.flatMap(numbersOf);
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (right[i] ?? Number.NaN))), 0);
}

function numbersOf({ weights, biases, batchNorm }: DenseLayer): number[] {
  const norm = batchNorm ? [...batchNorm.gamma, ...batchNorm.beta, ...batchNorm.mean, ...batchNorm.variance] : [];
  return [...weights, ...biases, ...norm];
}
