import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { sampleInput } from '../../../testing/boosting-sample.ts';
import type { CategoryColumn, NumberColumn } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { explainRow } from '../../explanation/explain.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { boostingEntry } from './boosting.ts';
import type { TargetStatistic } from './boosting-model.ts';
import { numberCategories } from './target-statistics.ts';

const kernels = createNodeKernels({ threads: 1 });

/** Levels a, a, b, b, b and one missing; the last two rows are not for training. */
const city: CategoryColumn = {
  kind: 'category',
  name: 'city',
  codes: Int32Array.of(0, 0, 1, 1, 1, -1, 0, 2),
  levels: ['a', 'b', 'c'],
};
const train = Uint32Array.of(0, 1, 2, 3, 4, 5);

function number(labels: number[], seed = 1) {
  const input = { features: createFrame([city]), labels: Int8Array.from(labels), train, seed };
  const { features, statistics } = numberCategories(input, 0);
  const { values } = features.columns[0] as NumberColumn;
  return { values, statistic: statistics.get(0) as TargetStatistic };
}

test('new rows get the rate of their level among all training rows, drawn towards the overall rate by one row', () => {
  const { values, statistic } = number([1, 0, 1, 1, 0, 0, 1, 1]);
  // Half of the training rows convert: a has 1 of 2, b 2 of 3, missing 0 of 1, and nobody came from c.
  expect([...statistic.levels]).toEqual([1.5 / 3, 2.5 / 4, 0.5]);
  expect([statistic.missing, statistic.unseen]).toEqual([0.5 / 2, 0.5]);
  expect([...values.subarray(6)]).toEqual([1.5 / 3, 0.5]);
});

test("a training row's number follows from the rows before it: the first of a level has the overall rate, none knows its own label", () => {
  const labels = [1, 0, 1, 1, 0, 0, 0, 0];
  const { values } = number(labels);
  const ofB = [2, 3, 4].map((row) => values[row] as number);
  expect(ofB).toContain(0.5);
  expect(values[5]).toBe(0.5);
  // Swapping the labels of a row and of the missing one keeps the overall rate: the row's own number must not move.
  const moved = number([1, 0, 0, 1, 0, 1, 0, 0]).values;
  expect(moved[2]).toBe(values[2]);
  expect([...number(labels).values]).toEqual([...values]);
});

test('columns of few levels stay categories', () => {
  const input = { features: createFrame([city]), labels: new Int8Array(8).fill(1), train, seed: 1 };
  expect(numberCategories(input, 3).statistics.size).toBe(0);
  expect(numberCategories(input, 2).statistics.size).toBe(1);
});

const learned = boostingEntry.train(
  sampleInput(1200, 3),
  { grow_policy: 'oblivious', n_estimators: 15, max_cat_to_onehot: 2 },
  { kernels, checkpoint: noCheckpoint },
);

test('a model read from its files scores the same bits; unseen and missing categories have numbers of their own', async () => {
  const { model } = await learned;
  const files = boostingEntry.write(model);
  const read = boostingEntry.read(files);
  expect(read.features).toEqual(model.features);
  expect(read.features.at(-1)).toMatchObject({ name: 'kind', kind: 'category' });
  const { features } = sampleInput(1200, 3);
  expect(boostingEntry.rawScores(read, features)).toEqual(boostingEntry.rawScores(model, features));
  const [x0, x1, x2] = features.columns as [NumberColumn, NumberColumn, NumberColumn, CategoryColumn];
  const one = (codes: number, levels: string[]) =>
    boostingEntry.rawScores(
      model,
      createFrame([
        ...[x0, x1, x2].map((column) => ({ ...column, values: column.values.slice(0, 1) })),
        { kind: 'category', name: 'kind', codes: Int32Array.of(codes), levels },
      ]),
    )[0];
  // Another frame may number the levels otherwise.
  expect(one(0, ['level 5'])).toBe(one(1, ['level 2', 'level 5']));
  const { statistic } = model.features.at(-1) as { statistic: TargetStatistic };
  expect(statistic.levels.length).toBe(8);
  expect([one(-1, ['level 5']), one(0, ['elsewhere'])].every(Number.isFinite)).toBe(true);
});

test('model.txt calls the number what it is: no reader takes it for a category', async () => {
  const { model } = await learned;
  const text = new TextDecoder().decode(boostingEntry.write(model)['model.txt']);
  expect(text).toContain('feature_names=x0 x1 x2 conversion_rate_of_kind\n');
  expect(text).toContain('pandas_categorical:[]');
  expect(text).not.toContain('cat_boundaries');
});

test('attributions stay with the column itself and add up to the raw score', async () => {
  const { model } = await learned;
  const { features } = sampleInput(1200, 3);
  for (const row of [0, 7, 900]) {
    const { attributions, residual } = explainRow(model, features, row);
    expect(attributions.map(({ feature }) => feature)).toEqual(['x0', 'x1', 'x2', 'kind']);
    expect(residual).toBeLessThan(1e-9);
  }
  const [first] = boostingEntry.importance(model).filter(({ feature }) => feature === 'kind');
  expect(first?.importance).toBeGreaterThan(0);
});

test.each([
  ['a level without a rate', { missing: 0.1, levels: [0.1], unseen: 0.1 }],
  ['a rate above 1', { missing: 0.1, levels: [0, 0, 0, 0, 0, 0, 0, 2], unseen: 0.1 }],
  ['no rate for missing', { levels: [0, 0, 0, 0, 0, 0, 0, 0], unseen: 0.1 }],
  ['text', 'high'],
])("a stranger's statistic is refused: %s", async (_, statistic) => {
  const files = boostingEntry.write((await learned).model);
  const extras = JSON.parse(new TextDecoder().decode(files['boosting.json']));
  extras.features[3].statistic = statistic;
  const spoiled = { ...files, 'boosting.json': new TextEncoder().encode(JSON.stringify(extras)) };
  expect(() => boostingEntry.read(spoiled)).toThrow(/boosting.json cannot be read: the target statistic of "kind"/);
});
