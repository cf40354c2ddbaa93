import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import golden from '../../../testing/golden/boosting-semantics.json' with { type: 'json' };
import table from '../../../testing/golden/first-tree.json' with { type: 'json' };
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { readLightgbmText } from '../formats/lightgbm-text-reader.ts';
import type { TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';
import type { Tree } from './boosting-model.ts';

const rowCount = table.labels.length;

/** The table as LightGBM was given it: a category's number is its code + 1. */
const features = createFrame(
  table.columns.map((values, index): Column => {
    const name = `Column_${index}`;
    const numbers = Float64Array.from(values, (value) => value ?? Number.NaN);
    if (table.kinds[index] === 'number') return { kind: 'number', name, values: numbers };
    const codes = Int32Array.from(numbers, (value) => value - 1);
    return { kind: 'category', name, codes, levels: Array.from({ length: 14 }, (_, code) => `level ${code}`) };
  }),
);
const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
const input: TrainingInput = {
  features,
  labels: Int8Array.from(table.labels, Number),
  train: rows,
  validation: new Uint32Array(0),
  seed: 1,
};
const weights = Float64Array.from(rows, (row) => 0.5 + (row % 7) / 4);
const kernels = createNodeKernels({ threads: 1 });

function train(parameters: Parameters, given: Partial<TrainingInput> = {}) {
  const always = {
    num_leaves: 12,
    learning_rate: 0.1,
    n_estimators: 3,
    boost_from_average: true,
    is_unbalance: false,
    early_stopping_round: 0,
  };
  return boostingEntry.train(
    { ...input, ...given },
    { ...always, ...parameters },
    { kernels, checkpoint: noCheckpoint },
  );
}

/** What makes a tree the same tree: which rows go where, and why. */
function structure({ splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, ...sets }: Tree) {
  const { catBoundaries, catThreshold } = sets;
  return { splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, catBoundaries, catThreshold };
}

const dropAll = { boosting: 'dart', drop_rate: 1, skip_drop: 0, max_drop: -1, uniform_drop: true };
const cases: [keyof typeof golden.trees, Parameters, Partial<TrainingInput>?][] = [
  ['max_delta_step', { max_delta_step: 1.2 }],
  ['path_smooth', { path_smooth: 30 }],
  ['path_smooth and max_delta_step', { path_smooth: 5, max_delta_step: 0.7, lambda_l1: 0.5, lambda_l2: 2 }],
  ['monotone', { monotone_constraints: '-1, 1, -1, 0, 0, 0' }],
  ['monotone and path_smooth', { monotone_constraints: 'Column_1: -1, Column_2: 1, Column_3: -1', path_smooth: 10 }],
  ['interactions', { interaction_constraints: '[0, 1, 4], [2, 3, 5]' }],
  ['interactions of some', { interaction_constraints: '["Column_1", "Column_4"], ["Column_4", "Column_3"]' }],
  ['weights', {}, { weights }],
  ['zero_as_missing', { zero_as_missing: true }],
  ['without use_missing', { use_missing: false }],
  ['goss', { boosting: 'goss', top_rate: 0.4, other_rate: 0.6, learning_rate: 0.9 }],
  ['rf', { boosting: 'rf', feature_fraction: 0.99 }],
  ['dart', dropAll],
  ['dart of xgboost', { ...dropAll, xgboost_dart_mode: true }],
  ['cross_entropy', { objective: 'cross_entropy' }, { weights }],
  ['gains', { min_gain_to_split: 3, min_sum_hessian_in_leaf: 8, lambda_l1: 1, max_depth: 4 }],
];

test.each(cases)('%s: the trees are those that LightGBM grows', async (name, parameters, given) => {
  const { model } = await train(parameters, given);
  const expected = readLightgbmText(golden.trees[name]);
  expect(model.averageOutput).toBe(expected.averageOutput);
  expect(model.trees).toHaveLength(expected.trees.length);
  model.trees.forEach((grown, index) => expectSame(grown, expected.trees[index] as Tree));
});

function expectSame(grown: Tree, expected: Tree): void {
  expect(structure(grown)).toEqual(structure(expected));
  grown.leafValue.forEach((value, leaf) => expect(value).toBeCloseTo(expected.leafValue[leaf] as number, 5));
  grown.splitGain.forEach((gain, node) => {
    expect(Math.abs(gain / (expected.splitGain[node] as number) - 1)).toBeLessThan(1e-4);
  });
}

test("continued from LightGBM's own file: its trees come first, and the next are those that LightGBM adds", async () => {
  const expected = readLightgbmText(golden.trees.continued);
  const initial = { ...expected, trees: expected.trees.slice(0, 3) };
  expect(expected.trees).toHaveLength(5);
  const asNumbers = createFrame(
    features.columns.map((column) =>
      column.kind === 'category'
        ? { kind: 'number', name: column.name, values: Float64Array.from(column.codes, (code) => code + 1) }
        : column,
    ),
  );
  // A stranger's file knows its categories by number alone: on columns of numbers it can be continued.
  const { model } = await train({ n_estimators: 2 }, { features: asNumbers, initialModel: initial });
  expect(model.trees).toHaveLength(5);
  expect(model.trees.slice(0, 3)).toEqual(initial.trees);
  // Ours, by column and level.
  const own = await train({ n_estimators: 3 });
  const continued = await train({ n_estimators: 2 }, { initialModel: own.model });
  continued.model.trees.forEach((tree, index) => expectSame(tree, expected.trees[index] as Tree));
});

test('the measures of every round are those that LightGBM reports', async () => {
  const split = { train: rows.slice(0, golden.trainRows), validation: rows.slice(golden.trainRows), weights };
  const { rounds } = await train({ n_estimators: 5 }, split);
  for (const [name, expected] of Object.entries(golden.measures)) {
    rounds.forEach(({ validation }, round) => {
      expect(Math.abs((validation[name] as number) - (expected[round] as number))).toBeLessThan(2e-5);
    });
  }
});
