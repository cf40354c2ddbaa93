import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import type { Frame } from '../../data/frame.ts';
import { createFrame, takeRows } from '../../data/frame.ts';
import type { GpuTrainer, NetworkSession } from '../../kernels/dense-training.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { type Checkpoint, noCheckpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/random.ts';
import { createEncoder } from '../encoding.ts';
import type { Round, Trained, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { openKernelSession } from './kernel-session.ts';
import { neuralEntry } from './neural.ts';
import type { NeuralModel } from './neural-model.ts';

const rowCount = 3000;
const wasm = createNodeKernels({ threads: 1 });
const small: Parameters = { layers: [16, 8], epochs: 12, batch_size: 64, learning_rate: 0.01 };

/** Customers whose label follows a product of two numbers, one heavy-tailed number and a category; some cells missing. */
function customers(): TrainingInput {
  const random = createRandom(4);
  const draw = () => new Float64Array(rowCount).map(() => random.normal());
  const [a, b, noise] = [draw(), draw(), draw()];
  const heavy = draw().map((value) => value * value * value * 1e6);
  const codes = new Int32Array(rowCount).map(() => random.integer(4) - 1);
  const labels = new Int8Array(rowCount).map((_, i) => {
    const score =
      2 * (a[i] as number) * (b[i] as number) + ((heavy[i] as number) > 0 ? 1 : -1) + (codes[i] === 1 ? 1 : 0);
    return score + random.normal() > 1.5 ? 1 : 0;
  });
  a.forEach((_, i) => {
    if (i % 17 === 0) a[i] = Number.NaN;
  });
  const features = createFrame([
    { kind: 'number', name: 'a', values: a },
    { kind: 'number', name: 'b', values: b },
    { kind: 'number', name: 'heavy', values: heavy },
    { kind: 'number', name: 'noise', values: noise },
    { kind: 'category', name: 'region', codes, levels: ['north', 'south', 'west'] },
  ]);
  const rows = Uint32Array.from({ length: rowCount }, (_, i) => i);
  return { features, labels, train: rows.slice(0, 2000), validation: rows.slice(2000), seed: 3 };
}

const input = customers();
const train = (parameters: Parameters, kernels: Kernels = wasm, onRound?: (round: Round) => void) =>
  neuralEntry.train(input, parameters, { kernels, checkpoint: noCheckpoint, ...(onRound && { onRound }) });
let shared: Promise<Trained<NeuralModel>> | undefined;
const trainedOnce = () => (shared ??= train(small));

test('what goes on is told by epoch, step and backend', async () => {
  const stages: string[] = [];
  const checkpoint: Checkpoint = async ({ stage }) => {
    stages.push(stage);
  };
  await neuralEntry.train(input, { ...small, epochs: 2 }, { kernels: wasm, checkpoint });
  const told = stages.filter((stage) => stage.startsWith('Epoch 2 of at most 2'));
  expect(told[0]).toMatch(/, step \d+ of 32 on WASM, 1 thread, best auc 0\.\d{4}$/);
  expect(told.at(-1)).toContain('step 32 of 32');
});

test('an interaction no single column shows is learned', async () => {
  const rounds: Round[] = [];
  const { bestRound, rounds: returned, backend } = await train(small, wasm, (round) => rounds.push(round));
  expect(returned).toEqual(rounds);
  expect(backend).toBe('WASM, 1 thread');
  expect(rounds[bestRound - 1]?.validation.auc).toBeGreaterThan(0.85);
  expect(bestRound).toBe(
    1 +
      rounds.reduce(
        (best, { validation }, i) => ((validation.auc ?? 0) > (rounds[best]?.validation.auc ?? 0) ? i : best),
        0,
      ),
  );
});

test('the kept weights are those of the best epoch', async () => {
  const { model, rounds, bestRound } = await train({ ...small, learning_rate: 0.05, patience: 3, epochs: 40 });
  expect(rounds.length).toBe(bestRound + 3);
  const validation = takeRows(input.features, input.validation);
  const scores = neuralEntry.rawScores(model, validation);
  const labels = input.validation.reduce((list, row) => [...list, input.labels[row] as number], [] as number[]);
  expect(aucOf(scores, labels)).toBeCloseTo(rounds[bestRound - 1]?.validation.auc ?? 0, 4);
});

test('the same seed gives the same bytes on the kernels and on their TypeScript twin', async () => {
  const parameters = { ...small, epochs: 2 };
  const files = await Promise.all(
    [wasm, referenceKernels].map(async (kernels) => neuralEntry.write((await train(parameters, kernels)).model)),
  );
  expect(files[0]).toEqual(files[1]);
});

test('the same weights predict the same in tfjs to 1e-5', async () => {
  const { model } = await trainedOnce();
  await tf.setBackend('cpu');
  const network = tf.sequential();
  model.layers.forEach(({ inputs, units, weights, biases, batchNorm: norm }, index) => {
    const dense = tf.layers.dense({ units, inputShape: [inputs] });
    network.add(dense);
    dense.setWeights([tf.tensor2d(weights, [inputs, units]), tf.tensor1d(biases)]);
    if (norm) {
      const normalisation = tf.layers.batchNormalization({ epsilon: norm.epsilon });
      network.add(normalisation);
      normalisation.setWeights([norm.gamma, norm.beta, norm.mean, norm.variance].map((each) => tf.tensor1d(each)));
    }
    if (index < model.layers.length - 1) network.add(tf.layers.activation({ activation: 'relu' }));
  });
  const encoder = createEncoder(model.encoding, input.features);
  const inputs = new Float32Array(500 * encoder.width);
  encoder.encode(input.train, 0, 500, inputs);
  const clipped = inputs.map((value) => Math.max(-model.clip, Math.min(model.clip, value)));
  const predicted = network.predict(tf.tensor2d(clipped, [500, encoder.width])) as tf.Tensor;
  const expected = await predicted.data();
  const scores = neuralEntry.rawScores(model, takeRows(input.features, input.train.slice(0, 500)));
  scores.forEach((score, row) => {
    expect(Math.abs(score - (expected[row] as number))).toBeLessThan(1e-5 * Math.max(1, Math.abs(score)));
  });
});

test('a row scores the same bits alone, in chunks and among others, whatever the order of columns', async () => {
  const { model } = await trainedOnce();
  const whole = neuralEntry.rawScores(model, input.features);
  const turned: Frame = { rowCount, columns: input.features.columns.toReversed() };
  for (const rows of [[0], [17], [2999, 0, 5], Array.from({ length: 700 }, (_, i) => i * 3)]) {
    const scores = neuralEntry.rawScores(model, takeRows(turned, rows));
    expect([...scores]).toEqual(rows.map((row) => whole[row]));
  }
  expect(neuralEntry.rawScores(model, takeRows(input.features, []))).toHaveLength(0);
});

test('extreme values and unseen levels still get a moderate score', async () => {
  const { model } = await trainedOnce();
  const column = (name: string, value: number) => ({ kind: 'number' as const, name, values: Float64Array.of(value) });
  const odd = createFrame([
    column('a', 1e300),
    column('b', -1e300),
    column('heavy', Number.POSITIVE_INFINITY),
    column('noise', Number.NaN),
    { kind: 'category', name: 'region', codes: Int32Array.of(0), levels: ['elsewhere'] },
  ]);
  const [score] = neuralEntry.rawScores(model, odd);
  expect(Math.abs(score as number)).toBeLessThan(100);
});

test('what decides ranks above noise', async () => {
  const { model } = await trainedOnce();
  const ranking = neuralEntry.importance(model).toSorted((x, y) => y.importance - x.importance);
  expect(
    ranking
      .map(({ feature }) => feature)
      .slice(0, 2)
      .toSorted(),
  ).toEqual(['a', 'b']);
  expect(ranking.at(-1)?.feature).toBe('noise');
});

test('a written network reads back and scores the same bits', async () => {
  const { model } = await trainedOnce();
  const files = neuralEntry.write(model);
  expect(Object.keys(files)).toEqual(['neural.json', 'neural.bin']);
  const back = neuralEntry.read(files);
  expect(neuralEntry.rawScores(back, input.features)).toEqual(neuralEntry.rawScores(model, input.features));
  expect(neuralEntry.write(back)).toEqual(files);
});

test('files that do not fit together are refused', async () => {
  const files = neuralEntry.write((await trainedOnce()).model);
  const json = new TextDecoder().decode(files['neural.json']);
  const bin = files['neural.bin'] as Uint8Array;
  const withJson = (text: string) => ({ ...files, 'neural.json': new TextEncoder().encode(text) });
  const withNaN = bin.slice();
  withNaN.set([0, 0, 192, 127], 400);
  const broken: Record<string, Uint8Array>[] = [
    {},
    { 'neural.json': files['neural.json'] as Uint8Array },
    { ...files, 'neural.bin': bin.subarray(4) },
    { ...files, 'neural.bin': Uint8Array.of(...bin, 0, 0, 0, 0) },
    { ...files, 'neural.bin': withNaN },
    withJson('{'),
    withJson('[]'),
    withJson(json.replace('"version":1', '"version":9')),
    withJson(json.replace('"units":16', '"units":17')),
    withJson(json.replace('"units":16', '"units":1e9')),
    withJson(json.replace('"slot":0', '"slot":3')),
    withJson(json.replace('"scale":', '"scale":-')),
    withJson(json.replace('"relu"', '"step"')),
  ];
  for (const each of broken) expect(() => neuralEntry.read(each)).toThrowError(StudioError);
});

test('without balancing the mean probability is near the conversion rate, with it near one half', async () => {
  const share = async (classWeight: string) => {
    const { model } = await train({ ...small, class_weight: classWeight });
    const scores = neuralEntry.rawScores(model, takeRows(input.features, input.train));
    return scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0) / scores.length;
  };
  const rate = input.train.reduce((sum, row) => sum + (input.labels[row] as number), 0) / input.train.length;
  expect(rate).toBeLessThan(0.35);
  expect(Math.abs((await share('none')) - rate)).toBeLessThan(0.05);
  expect(await share('balanced')).toBeGreaterThan(rate + 0.05);
});

test('training stops on request in the middle, on the smallest table too', async () => {
  for (const kernels of [wasm, referenceKernels]) {
    const rounds: number[] = [];
    const checkpoint = async ({ stage }: { readonly stage: string }) => {
      if (stage.startsWith('Epoch 2')) throw new StudioError('job.cancelled', 'Stopped on request.');
    };
    const few = { ...input, train: input.train.slice(0, 50), validation: input.validation.slice(0, 50) };
    const onRound = ({ round }: Round) => rounds.push(round);
    const run = neuralEntry.train(few, small, { kernels, checkpoint, onRound });
    await expect(run).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(rounds).toEqual([1, 2]);
  }
});

test('labels of one kind only are refused', async () => {
  const run = neuralEntry.train({ ...input, labels: new Int8Array(rowCount) }, small, {
    kernels: wasm,
    checkpoint: noCheckpoint,
  });
  await expect(run).rejects.toMatchObject({ code: 'data.label' });
});

test('without both kinds in validation the last epoch stands', async () => {
  const validation = input.validation.filter((row) => input.labels[row] === 0);
  const { bestRound, rounds, notes } = await neuralEntry.train(
    { ...input, validation },
    { ...small, epochs: 3, patience: 1 },
    { kernels: wasm, checkpoint: noCheckpoint },
  );
  expect([bestRound, rounds.length]).toEqual([3, 3]);
  expect(notes.join(' ')).toContain('last epoch');
});

/** A GPU that is lost in the given calls of `trainEpoch`, counted over its whole life. */
function fragileGpu(losses: readonly number[]): GpuTrainer {
  let calls = 0;
  return {
    now: () => 0,
    async open(start) {
      const session = await openKernelSession(referenceKernels, start);
      const lost = () => Promise.reject(new StudioError('kernel.unavailable', 'The device was lost.'));
      const fragile: NetworkSession = {
        ...session,
        backend: 'GPU',
        trainEpoch: (plan) => (losses.includes(++calls) ? lost() : session.trainEpoch(plan)),
      };
      return fragile;
    },
  };
}

test('a GPU lost once is taken again, lost twice the kernels finish, and the notes say so', async () => {
  const parameters = { ...small, epochs: 4, patience: 0, backend: 'webgpu' };
  const once = await train(parameters, { ...wasm, gpu: fragileGpu([3]) });
  expect(once.backend).toBe('GPU');
  expect(once.notes.filter((note) => note.includes('lost in epoch 3; the epoch was done again on GPU.'))).toHaveLength(
    1,
  );
  const twice = await train(parameters, { ...wasm, gpu: fragileGpu([2, 4]) });
  expect(twice.backend).toBe('WASM, 1 thread');
  expect(twice.notes.join(' ')).toMatch(
    /lost in epoch 2; .*again on GPU\..*lost in epoch 3; .*again on WASM, 1 thread\./,
  );
  for (const { rounds } of [once, twice]) expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4]);
});

test('a GPU that cannot be opened is passed over with a note', async () => {
  const gpu: GpuTrainer = {
    now: () => 0,
    open: () => Promise.reject(new StudioError('kernel.unavailable', 'No adapter.')),
  };
  const { backend, notes } = await train({ ...small, epochs: 1 }, { ...wasm, gpu });
  expect(backend).toBe('WASM, 1 thread');
  expect(notes.join(' ')).toContain('No adapter.');
});

function aucOf(scores: Float64Array, labels: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  scores.forEach((positive, i) => {
    if (labels[i] !== 1) return;
    scores.forEach((negative, j) => {
      if (labels[j] === 1) return;
      pairs++;
      wins += positive > negative ? 1 : positive === negative ? 0.5 : 0;
    });
  });
  return wins / pairs;
}
