import { paddedWidth } from '../core/kernels/dense-layout.ts';
import type { DenseLayer, NetworkSettings, NetworkStart, NetworkWeights } from '../core/kernels/dense-training.ts';
import { initialEmbeddings, initialLayers } from '../core/models/neural/initial-weights.ts';
import { createRandom } from '../core/shared/random.ts';

export interface StartShape extends Partial<NetworkSettings> {
  readonly rows: number;
  /** Numbers; with `levels`, two embeddings follow. */
  readonly width: number;
  readonly hidden: readonly number[];
  readonly batchNorm?: boolean;
  /** Levels of each of two embedded categories. */
  readonly levels?: number;
}

/** A small training to begin: normal inputs, labels that follow two of them, uneven weights, weights away from zero. */
export function networkStart(shape: StartShape): NetworkStart {
  const { rows, width: numbers, hidden, batchNorm = true, levels = 0, ...settings } = shape;
  const random = createRandom(11);
  const padded = paddedWidth(numbers);
  const slots = levels > 0 ? [padded, padded + 3] : [];
  const width = levels > 0 ? padded + 3 + 5 : numbers;
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < numbers; i++) values[row * width + i] = random.normal();
    for (const slot of slots) values[row * width + slot] = random.integer(levels);
  }
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
  const shapes = slots.map((slot, i) => ({ column: `c${i}`, slot, dimension: 3 + 2 * i, levels }));
  return {
    settings: { ...plainSettings, ...settings },
    weights: {
      layers: initialLayers(width, hidden, batchNorm, 5).map((layer) => stirred(layer, () => random.normal())),
      embeddings: initialEmbeddings(shapes, 5),
    },
    train: { ...rowsOf, labels, weights },
    validation: rowsOf,
  };
}

const plainSettings: NetworkSettings = {
  activation: 'relu',
  dropout: 0,
  batchSize: 64,
  optimizer: 'adamw',
  weightDecay: 0,
  clipNorm: 0,
  focalGamma: 0,
  labelSmoothing: 0,
  seed: 5,
};

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

/** The largest difference between two sets of weights over all their numbers. */
export function largestDifference(a: NetworkWeights, b: NetworkWeights): number {
  const [left = [], right = []] = [a, b].map(({ layers, embeddings }) => [
    ...layers.flatMap(numbersOf),
    ...embeddings.flatMap(({ values }) => [...values]),
  ]);
  return left.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (right[i] ?? Number.NaN))), 0);
}

function numbersOf({ weights, biases, batchNorm }: DenseLayer): number[] {
  const norm = batchNorm ? [...batchNorm.gamma, ...batchNorm.beta, ...batchNorm.mean, ...batchNorm.variance] : [];
  return [...weights, ...biases, ...norm];
}
