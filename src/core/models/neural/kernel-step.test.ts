import { expect, test } from 'vitest';
import golden from '../../../testing/golden/neural.json' with { type: 'json' };
import type { DenseLayer, NetworkSettings } from '../../kernels/dense-training.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { openKernelSession } from './kernel-session.ts';

type Told = (typeof golden.steps)[number];

interface ToldLayer {
  readonly inputs: number;
  readonly units: number;
  readonly weights: number[];
  readonly biases: number[];
  readonly gamma?: number[];
  readonly beta?: number[];
  readonly mean?: number[];
}

function layersOf({ layers }: Told['start']): DenseLayer[] {
  return (layers as readonly ToldLayer[]).map((told) => {
    const { inputs, units } = told;
    const layer = { inputs, units, weights: Float32Array.from(told.weights), biases: Float32Array.from(told.biases) };
    if (!told.gamma) return layer;
    const batchNorm = {
      gamma: Float32Array.from(told.gamma),
      beta: Float32Array.from(told.beta ?? []),
      mean: Float32Array.from(told.mean ?? []),
      variance: new Float32Array(units).fill(1),
      epsilon: 0.001,
    };
    return { ...layer, batchNorm };
  });
}

/** The golden rows; with an embedding, its level stands at input 8. */
function examples(embeds: boolean) {
  const rowCount = golden.labels.length;
  const numbers = golden.rows.length / rowCount;
  const width = embeds ? 8 + golden.dimension : numbers;
  const read = (from: number, to: number, out: Float32Array, stride: number) => {
    out.fill(0);
    for (let row = from; row < to; row++) {
      out.set(golden.rows.slice(row * numbers, (row + 1) * numbers), (row - from) * stride);
      if (embeds) out[(row - from) * stride + 8] = golden.codes[row] as number;
    }
  };
  const labels = Float32Array.from(golden.labels);
  return { rowCount, width, read, pick: () => {}, labels, weights: Float32Array.from(golden.rowWeights) };
}

test.each(golden.steps)('steps, scores and gradient norms are those of PyTorch: $settings', async (told) => {
  const embeds = told.start.embedding.length > 0;
  const { levels, dimension } = golden;
  const table = (values: number[]) => ({
    column: 'c',
    slot: 8,
    levels,
    dimension,
    values: Float32Array.from(values),
  });
  const train = examples(embeds);
  const session = await openKernelSession(referenceKernels, {
    settings: { ...(told.settings as Omit<NetworkSettings, 'seed'>), dropout: 0, batchSize: golden.batch, seed: 1 },
    weights: { layers: layersOf(told.start), embeddings: embeds ? [table(told.start.embedding)] : [] },
    train,
    validation: { ...train, rowCount: 0 },
  });
  const order = Uint32Array.from({ length: train.rowCount }, (_, row) => row);
  let scores = new Float32Array();
  const norms: number[] = [];
  for (let epoch = 0; epoch < golden.epochs; epoch++) {
    const outcome = await session.trainEpoch({
      epoch,
      order,
      learningRate: golden.rate,
      breathe: () => Promise.resolve(),
    });
    scores = Float32Array.from(outcome.scores);
    norms.push(outcome.gradientNorm);
  }
  const { layers, embeddings } = await session.weights();
  session.close();
  const close = (ours: ArrayLike<number>, theirs: readonly number[]) => {
    expect(ours.length).toBe(theirs.length);
    theirs.forEach((value, i) => {
      expect(Math.abs((ours[i] as number) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  };
  close(scores, told.scores);
  const perEpoch = told.norms.length / golden.epochs;
  close(
    norms,
    norms.map(
      (_, i) => told.norms.slice(i * perEpoch, (i + 1) * perEpoch).reduce((sum, norm) => sum + norm, 0) / perEpoch,
    ),
  );
  layers.forEach((layer, index) => {
    const end = told.end.layers[index] as ToldLayer;
    close(layer.weights, end.weights);
    close(layer.biases, end.biases);
    if (layer.batchNorm) {
      close(layer.batchNorm.gamma, end.gamma ?? []);
      close(layer.batchNorm.beta, end.beta ?? []);
      close(layer.batchNorm.mean, end.mean ?? []);
    }
  });
  if (embeds) close(embeddings[0]?.values ?? [], told.end.embedding);
});
