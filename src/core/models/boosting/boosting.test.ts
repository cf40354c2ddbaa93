import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import golden from '../../../testing/golden/boosting.json' with { type: 'json' };
import type { Column, Frame } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createRandom } from '../../shared/random.ts';
import type { Round, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';

const wasm = createNodeKernels({ threads: 1 });

function train(input: TrainingInput, parameters: Parameters = {}, kernels: Kernels = wasm) {
  return boostingEntry.train(input, parameters, { kernels, checkpoint: noCheckpoint });
}

function bytesOf(model: Awaited<ReturnType<typeof train>>['model']): string {
  return Buffer.from(boostingEntry.write(model)['model.txt'] as Uint8Array).toString();
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}

/** Numbers (some missing), a category of many levels and one of few, and a label that depends on all of them. */
function makeInput(rows: number, width: number, seed = 3): TrainingInput {
  const random = createRandom(seed);
  const numbers = Array.from({ length: width }, (_, f): Column & { kind: 'number' } => ({
    kind: 'number',
    name: `x${f}`,
    values: Float64Array.from({ length: rows }, () =>
      f % 4 === 1 && random.next() < 0.2 ? Number.NaN : random.normal(),
    ),
  }));
  const many = Int32Array.from({ length: rows }, () => random.integer(13) - 1);
  const few = Int32Array.from({ length: rows }, () => random.integer(3) - 1);
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b, c] = numbers.map(({ values }) => values[row] as number) as [number, number, number];
    const z =
      a +
      (Number.isNaN(b) ? 2 : 0) +
      (c > 0.5 ? 1 : 0) +
      (((many[row] as number) * 7) % 5) -
      3 +
      (few[row] === 1 ? 1 : 0);
    labels[row] = random.next() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  }
  const levels = Array.from({ length: 12 }, (_, i) => `level ${i}`);
  const features = createFrame([
    ...numbers,
    { kind: 'category', name: 'many', codes: many, levels },
    { kind: 'category', name: 'few', codes: few, levels: ['yes', 'no'] },
  ]);
  const cut = Math.floor(rows * 0.75);
  return { features, labels, train: range(0, cut), validation: range(cut, rows), seed: 11 };
}

function auc(labels: ArrayLike<number>, scores: Float64Array): number {
  let pairs = 0;
  let wins = 0;
  for (let i = 0; i < scores.length; i++) {
    for (let j = 0; j < scores.length; j++) {
      if (labels[i] !== 1 || labels[j] === 1) continue;
      pairs++;
      const [high, low] = [scores[i] as number, scores[j] as number];
      wins += high > low ? 1 : high === low ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

test.each([
  { lambda_l1: 0.1, lambda_l2: 1, bagging_fraction: 0.7, bagging_freq: 2, feature_fraction: 0.8 },
  { lambda_l1: 0 },
])('one, two and four threads and the TypeScript twin grow the same trees, byte for byte: %o', async (chosen) => {
  const weights = Float64Array.from({ length: 8000 }, (_, row) => 0.5 + (row % 3));
  const input = { ...makeInput(8000, 40), weights };
  const parameters = { n_estimators: 5, ...chosen };
  const hosts = [1, 2, 4].map((threads) => createNodeKernels({ threads }));
  const trained = [];
  for (const kernels of [...hosts, referenceKernels]) trained.push(await train(input, parameters, kernels));
  expect(trained.map(({ backend }) => backend)).toEqual([
    'WASM, 1 thread',
    'WASM, 2 threads',
    'WASM, 3 threads',
    'TypeScript',
  ]);
  for (const { model, rounds } of trained) {
    expect(bytesOf(model)).toBe(bytesOf((trained[0] as (typeof trained)[0]).model));
    expect(rounds).toEqual(trained[0]?.rounds);
  }
});

test("the AUC on new rows is LightGBM's within 0.01, with missing values, ties and categories", async () => {
  const rows = golden.labels.length;
  const columns = golden.columns.map((values, index): Column => {
    const name = `column ${index}`;
    if (index < 5) {
      return {
        kind: 'number',
        name,
        values: Float64Array.from(values, (value) => (value === 'nan' ? Number.NaN : Number(value))),
      };
    }
    const levels = Array.from({ length: 12 }, (_, level) => String(level + 1));
    return { kind: 'category', name, codes: Int32Array.from(values, (value) => Number(value) - 1), levels };
  });
  const features = createFrame(columns);
  const labels = Int8Array.from(golden.labels, Number);
  const input = { features, labels, train: range(0, golden.trainRows), validation: new Uint32Array(0), seed: 1 };
  const parameters = {
    n_estimators: 40,
    learning_rate: 0.1,
    num_leaves: 15,
    min_data_per_group: 50,
    early_stopping_round: 0,
  };
  const { model } = await train(input, parameters);
  const scores = boostingEntry.rawScores(model, features).subarray(golden.trainRows);
  expect(scores.length).toBe(rows - golden.trainRows);
  expect(Math.abs(auc(labels.subarray(golden.trainRows), scores) - golden.auc)).toBeLessThan(0.01);
});

test('a rising transform of a column leaves the scores of the training rows as they are', async () => {
  const input = makeInput(1500, 4);
  const cubed = input.features.columns.map((column) =>
    column.kind === 'number' ? { ...column, values: column.values.map((x) => x * x * x * 5) } : column,
  );
  const plain = await train(input, { n_estimators: 10 });
  const other = await train({ ...input, features: createFrame(cubed) }, { n_estimators: 10 });
  const rows = input.train.length;
  expect(boostingEntry.rawScores(other.model, createFrame(cubed)).subarray(0, rows)).toEqual(
    boostingEntry.rawScores(plain.model, input.features).subarray(0, rows),
  );
});

test("the model's scores are those that training reached: the validation AUC is the one it reported", async () => {
  const input = makeInput(2000, 6);
  const { model, rounds, bestRound } = await train(input, { n_estimators: 30 });
  const scores = boostingEntry.rawScores(model, input.features).subarray(1500);
  expect(model.trees.length).toBe(bestRound);
  expect(auc(input.labels.subarray(1500), scores)).toBeCloseTo(rounds[bestRound - 1]?.validation['auc'] as number, 6);
});

function missingTells(rows: number): TrainingInput {
  const labels = Int8Array.from({ length: rows }, (_, row) => Number(row % 3 === 0));
  const values = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? Number.NaN : row % 7));
  const features = createFrame([{ kind: 'number', name: 'last_visit', values }]);
  return { features, labels, train: range(0, rows), validation: new Uint32Array(0), seed: 1 };
}

test('missing values are told from all others when that is what decides', async () => {
  const input = missingTells(600);
  const { model } = await train(input, { n_estimators: 5 });
  const scores = boostingEntry.rawScores(model, input.features);
  expect(auc(input.labels, scores)).toBe(1);
  expect(model.trees[0]?.threshold[0]).toBe(Number.POSITIVE_INFINITY);
});

test('a category is split by groups of its levels; unseen and missing levels go with the rest', async () => {
  const rows = 3000;
  const codes = Int32Array.from({ length: rows }, (_, row) => row % 10);
  const labels = Int8Array.from(codes, (code) => Number([1, 4, 7].includes(code)));
  const levels = Array.from({ length: 10 }, (_, i) => `city ${i}`);
  const features = createFrame([{ kind: 'category', name: 'city', codes, levels }]);
  const { model } = await train(
    { features, labels, train: range(0, rows), validation: new Uint32Array(0), seed: 1 },
    { n_estimators: 1, num_leaves: 2 },
  );
  expect(model.trees[0]?.decisionType[0]).toBe(9);
  const asked = createFrame([
    {
      kind: 'category',
      name: 'city',
      codes: Int32Array.from([0, 1, 2, 3, -1]),
      levels: ['city 4', 'city 0', 'city 7', 'Atlantis'],
    },
  ]);
  const [four, zero, seven, unseen, missing] = boostingEntry.rawScores(model, asked);
  expect(four).toBe(seven);
  expect(four).toBeGreaterThan(zero as number);
  expect([unseen, missing]).toEqual([zero, zero]);
});

test('a column without variety is left out; with no other, every customer gets the base rate', async () => {
  const features = createFrame([{ kind: 'number', name: 'same', values: new Float64Array(40).fill(3) }]);
  const labels = Int8Array.from({ length: 40 }, (_, row) => Number(row < 10));
  const input = { features, labels, train: range(0, 40), validation: new Uint32Array(0), seed: 1 };
  const { model } = await train(input, { boost_from_average: true });
  expect(boostingEntry.rawScores(model, features)[0]).toBeCloseTo(Math.log(10 / 30), 12);
});

test('the log-loss without weights stops at the first tree under balancing, and the notes say so', async () => {
  const input = makeInput(2000, 4);
  const rare = input.labels.map((label, row) => (row % 6 === 0 ? label : 0));
  const trained = await train(
    { ...input, labels: rare },
    { metric: 'binary_logloss', early_stopping_round: 5, boost_from_average: true },
  );
  expect(trained.bestRound).toBe(1);
  expect(trained.notes.join(' ')).toContain('unweighted log-loss');
  const weighted = await train(
    { ...input, labels: rare },
    { metric: 'weighted_binary_logloss', early_stopping_round: 5, boost_from_average: true },
  );
  expect(weighted.bestRound).toBeGreaterThan(5);
});

test('each tree is reported, and a refused checkpoint ends the training', async () => {
  const seen: Round[] = [];
  const checkpoint = ({ stage }: { stage: string }) =>
    stage.startsWith('Growing tree 4') ? Promise.reject(new Error('stop')) : Promise.resolve();
  const training = boostingEntry.train(
    makeInput(800, 3),
    {},
    { kernels: wasm, checkpoint, onRound: (round) => seen.push(round) },
  );
  await expect(training).rejects.toThrow('stop');
  expect(seen.map(({ round }) => round)).toEqual([1, 2, 3, 4]);
});

test('no leaf is deeper than max_depth, nor a tree larger than num_leaves', async () => {
  const input = makeInput(3000, 5);
  const { model } = await train(input, { n_estimators: 3, max_depth: 3, num_leaves: 100, min_data_in_leaf: 1 });
  for (const tree of model.trees) expect(tree.leafCount).toBeLessThanOrEqual(8);
  const wide = await train(input, {
    n_estimators: 1,
    num_leaves: 300,
    min_data_in_leaf: 1,
    min_sum_hessian_in_leaf: 0,
  });
  expect(wide.model.trees[0]?.leafCount).toBeGreaterThan(100);
});

test('labels of one kind, unknown parameters and contradictions are refused by name', async () => {
  const input = makeInput(200, 2);
  await expect(train({ ...input, labels: new Int8Array(200) })).rejects.toMatchObject({ code: 'data.label' });
  await expect(train(input, { dart: true })).rejects.toMatchObject({ code: 'parameters.invalid' });
  await expect(train(input, { scale_pos_weight: 3 })).rejects.toMatchObject({ code: 'parameters.invalid' });
});

test('a model read from its files is the model, original names and levels included', async () => {
  const input = makeInput(1500, 3);
  const renamed: Frame = createFrame(
    input.features.columns.map((column, i) => ({ ...column, name: `column: ${i} [x]` })),
  );
  const { model } = await train({ ...input, features: renamed }, { n_estimators: 4 });
  const files = boostingEntry.write(model);
  const back = boostingEntry.read(files);
  expect(boostingEntry.rawScores(back, renamed)).toEqual(boostingEntry.rawScores(model, renamed));
  expect(back.features).toEqual(model.features);
  expect(back.parameters).toEqual(model.parameters);
  expect(boostingEntry.importance(back)).toEqual(boostingEntry.importance(model));
  expect(() => boostingEntry.read({ ...files, 'boosting.json': new TextEncoder().encode('{}') })).toThrow(
    /boosting.json/,
  );
});
