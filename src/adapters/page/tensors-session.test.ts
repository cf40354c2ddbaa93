import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { referenceKernels } from '../../core/kernels/kernels.ts';
import { openKernelSession } from '../../core/models/neural/kernel-session.ts';
import { largestDifference, networkStart, type StartShape } from '../../testing/network-start.ts';
import { openTensorSession } from './tensors-session.ts';

const noBreath = () => Promise.resolve();

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function bothAfter(start: ReturnType<typeof networkStart>, epochs: number) {
  const order = new Uint32Array(start.train.rowCount).map((_, i) => (i * 7) % start.train.rowCount);
  const sessions = [await openKernelSession(referenceKernels, start), openTensorSession(start, 'cpu')];
  return Promise.all(
    sessions.map(async (session) => {
      let scores = new Float32Array();
      let gradientNorm = 0;
      for (let epoch = 0; epoch < epochs; epoch++) {
        const outcome = await session.trainEpoch({ epoch, order, learningRate: 0.002, breathe: noBreath });
        scores = Float32Array.from(outcome.scores);
        gradientNorm = outcome.gradientNorm;
      }
      const result = {
        scores,
        gradientNorm,
        weights: await session.weights(),
        validation: await session.scoreValidation(noBreath),
      };
      session.close();
      return result;
    }),
  );
}

test.each<Partial<StartShape>>([
  {},
  { batchNorm: false },
  { activation: 'gelu' },
  { activation: 'silu', optimizer: 'adam' },
  { clipNorm: 0.01 },
  { focalGamma: 2, labelSmoothing: 0.1 },
  { levels: 5 },
])('one step changes the weights as tfjs does: %o', async (shape) => {
  const start = networkStart({ rows: 61, width: 7, hidden: [10, 6], batchSize: 64, weightDecay: 0.01, ...shape });
  const [ours, theirs] = await bothAfter(start, 1);
  expect(largestDifference(ours!.weights, start.weights)).toBeGreaterThan(1e-3);
  expect(largestDifference(ours!.weights, theirs!.weights)).toBeLessThan(1e-5);
  expect(Math.abs(ours!.gradientNorm / theirs!.gradientNorm - 1)).toBeLessThan(1e-4);
  ours!.scores.forEach((score, i) => {
    expect(score).toBeCloseTo(theirs!.scores[i] as number, 5);
  });
});

test('several epochs of small batches keep step with tfjs', async () => {
  const start = networkStart({ rows: 203, width: 9, hidden: [16, 8], batchSize: 32, weightDecay: 0.01 });
  const [ours, theirs] = await bothAfter(start, 3);
  expect(largestDifference(ours!.weights, theirs!.weights)).toBeLessThan(1e-3);
  ours!.validation.forEach((score, i) => {
    expect(Math.abs(score - (theirs!.validation[i] as number))).toBeLessThan(5e-3);
  });
});

test('dropout silences its share of units and leaves scores without it untouched', async () => {
  const start = networkStart({ rows: 400, width: 5, hidden: [64], batchSize: 400, dropout: 0.5 });
  const before = openTensorSession({ ...start, settings: { ...start.settings, dropout: 0 } }, 'cpu');
  const session = openTensorSession(start, 'cpu');
  expect(await session.scoreValidation(noBreath)).toEqual(await before.scoreValidation(noBreath));
  const order = new Uint32Array(400).map((_, i) => i);
  const plan = { epoch: 0, order, learningRate: 1e-9, breathe: noBreath };
  const { scores: dropped } = await session.trainEpoch(plan);
  const { scores: whole } = await before.trainEpoch(plan);
  expect(dropped.some((score, i) => Math.abs(score - (whole[i] as number)) > 0.05)).toBe(true);
  // Kept units are scaled up, so that the mean score stays.
  const mean = (scores: Float32Array) => scores.reduce((sum, score) => sum + score, 0) / scores.length;
  expect(Math.abs(mean(dropped) - mean(whole))).toBeLessThan(0.1);
  session.close();
  before.close();
});

test('a closed training leaves no tensors behind', async () => {
  const held = tf.memory().numTensors;
  const start = networkStart({ rows: 64, width: 4, hidden: [8], batchSize: 16, dropout: 0.2 });
  const session = openTensorSession(start, 'cpu');
  const order = new Uint32Array(64).map((_, i) => i);
  await session.trainEpoch({ epoch: 0, order, learningRate: 0.001, breathe: noBreath });
  await session.scoreValidation(noBreath);
  session.close();
  expect(tf.memory().numTensors).toBe(held);
});
