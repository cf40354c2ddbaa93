import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCrewFactory } from '../../adapters/any/crew.ts';
import { createNodeCrewHost } from '../../adapters/node/crew.ts';
import type { StartShape } from '../../testing/network-start.ts';
import { networkStart } from '../../testing/network-start.ts';
import { openKernelSession } from '../models/neural/kernel-session.ts';
import { openDense } from './dense.ts';
import type { Kernels } from './kernels.ts';
import { referenceKernels } from './kernels.ts';

const noBreath = () => Promise.resolve();
const withThreads = (threads: number): Kernels => ({ createCrew: createCrewFactory(createNodeCrewHost(threads)) });

/** A digest of all that two epochs leave behind: scores on the way, weights, validation scores. */
async function digest(kernels: Kernels, shape: StartShape, residentBytes?: number): Promise<string> {
  const start = networkStart(shape);
  const session = await openKernelSession(kernels, start, 3, residentBytes);
  const hash = createHash('sha256');
  const order = new Uint32Array(shape.rows).map((_, i) => (i * 11) % shape.rows);
  for (let epoch = 0; epoch < 2; epoch++) {
    const { scores, gradientNorm } = await session.trainEpoch({ epoch, order, learningRate: 0.01, breathe: noBreath });
    hash.update(scores).update(Float64Array.of(gradientNorm));
  }
  const { layers, embeddings } = await session.weights();
  for (const { values } of embeddings) hash.update(values);
  for (const { weights, biases, batchNorm } of layers) {
    hash.update(weights).update(biases);
    if (batchNorm) hash.update(batchNorm.gamma).update(batchNorm.mean).update(batchNorm.variance);
  }
  hash.update(await session.scoreValidation(noBreath));
  hash.update(session.optimizer?.().moments ?? new Float32Array(0));
  session.close();
  return hash.digest('hex');
}

const shapes: readonly StartShape[] = [
  { rows: 300, width: 13, hidden: [24, 9, 5], batchSize: 128, dropout: 0.3, weightDecay: 0.1 },
  { rows: 257, width: 3, hidden: [17], batchSize: 64, dropout: 0.5 },
  { rows: 90, width: 8, hidden: [8, 8], batchSize: 33, batchNorm: false, dropout: 0.1 },
  { rows: 1009, width: 21, hidden: [32, 16], batchSize: 1000 },
  { rows: 1, width: 1, hidden: [1], batchSize: 8 },
  { rows: 200, width: 9, hidden: [20, 10], batchSize: 70, activation: 'gelu', dropout: 0.2, clipNorm: 0.05 },
  { rows: 200, width: 4, hidden: [16], batchSize: 50, activation: 'silu', focalGamma: 2, labelSmoothing: 0.1 },
  { rows: 300, width: 5, hidden: [12, 8], batchSize: 90, levels: 6, optimizer: 'adam', weightDecay: 0.1 },
  { rows: 5, width: 2, hidden: [3], batchSize: 2, dropout: 0.9 },
];

test.each(shapes)('WASM with 1, 2 and 3 threads and TypeScript leave the same bytes: %o', async (shape) => {
  const expected = await digest(referenceKernels, shape);
  for (const threads of [1, 2, 3]) expect(await digest(withThreads(threads), shape)).toBe(expected);
});

test('a network too large for the memory of a module is refused with what to do', async () => {
  await expect(openDense(referenceKernels, 5e9, 1)).rejects.toMatchObject({ code: 'data.too-large' });
});

test('rows read batch by batch leave the same bytes behind as rows kept in memory', async () => {
  for (const shape of shapes) {
    expect(await digest(withThreads(2), shape, 0)).toBe(await digest(withThreads(1), shape));
  }
});
