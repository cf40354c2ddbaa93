import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { modelText, sampleInput } from '../../../testing/boosting-sample.ts';
import type { Frame } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import type { TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';
import { boostingRawScores } from './raw-scores.ts';

const oneThread = createNodeKernels({ threads: 1 });
const input = sampleInput(1500, 6);

function train(parameters: Parameters, kernels: Kernels = oneThread, given: TrainingInput = input) {
  const context = { kernels, checkpoint: noCheckpoint };
  return boostingEntry.train(given, { n_estimators: 15, early_stopping_round: 0, ...parameters }, context);
}

function withColumn(frame: Frame, name: string, value: number): Frame {
  return createFrame(
    frame.columns.map((column) =>
      column.kind === 'number' && column.name === name ? { ...column, values: column.values.map(() => value) } : column,
    ),
  );
}

test.each([
  ['x0', 1],
  ['x2', -1],
] as const)(
  'the score of every row only moves one way with %s (%d), also between other constraints',
  async (name, sign) => {
    const { model } = await train({
      monotone_constraints: `${name}: ${sign}, x4: 1`,
      path_smooth: 2,
      max_delta_step: 2,
    });
    // What rises in truth is of no use where it must fall.
    expect(model.trees.some((tree) => tree.splitFeature.includes(name === 'x0' ? 0 : 2))).toBe(sign > 0);
    let before = boostingRawScores(model, withColumn(input.features, name, -4)).map((score) => score * sign);
    for (let value = -3.5; value <= 4; value += 0.5) {
      const after = boostingRawScores(model, withColumn(input.features, name, value)).map((score) => score * sign);
      expect(after.every((score, row) => score >= (before[row] as number))).toBe(true);
      before = after;
    }
  },
);

test('no branch holds features of two sets, and features of no set are not used', async () => {
  const { model } = await train({ interaction_constraints: '[x0, x1], [x1, kind], [x2, 3]', num_leaves: 31 });
  const sets = [
    [0, 1],
    [1, 6],
    [2, 3],
  ];
  const seen = new Set<number>();
  for (const tree of model.trees) {
    const visit = (node: number, above: readonly number[]): void => {
      const branch = node < 0 ? above : [...above, tree.splitFeature[node] as number];
      expect(sets.some((set) => branch.every((feature) => set.includes(feature)))).toBe(true);
      for (const feature of branch) seen.add(feature);
      if (node < 0) return;
      visit(tree.leftChild[node] as number, branch);
      visit(tree.rightChild[node] as number, branch);
    };
    visit(0, []);
  }
  expect(seen.size).toBeGreaterThan(2);
});

const everyKind: Parameters[] = [
  { extra_trees: true },
  { extra_trees: true, monotone_constraints: 'x0: 1', path_smooth: 4, max_delta_step: 1, lambda_l1: 0.2 },
  { feature_fraction_bynode: 0.4, interaction_constraints: '[x0, x1, x2], [x2, x3, kind]' },
  { boosting: 'goss', learning_rate: 0.5 },
  { boosting: 'dart', skip_drop: 0, drop_rate: 0.5 },
  { boosting: 'rf', bagging_freq: 1, pos_bagging_fraction: 0.8, neg_bagging_fraction: 0.3 },
];

test.each(everyKind)('threads and the TypeScript twin grow the same bytes under %o', async (parameters) => {
  const wide = sampleInput(6000, 40, 5);
  const texts = [];
  for (const kernels of [oneThread, createNodeKernels({ threads: 2 }), referenceKernels]) {
    const { model, rounds } = await train({ n_estimators: 4, ...parameters }, kernels, wide);
    texts.push([modelText(model), JSON.stringify(rounds)]);
  }
  expect(texts[1]).toEqual(texts[0]);
  expect(texts[2]).toEqual(texts[0]);
});

test.each(everyKind)('the scores of the model are those that training reached under %o', async (parameters) => {
  const { model, rounds } = await train(parameters);
  const scores = boostingRawScores(model, input.features);
  const wrong = input.validation.reduce(
    (count, row) => count + Number((scores[row] as number) > 0 !== (input.labels[row] === 1)),
    0,
  );
  expect(rounds.at(-1)?.validation['binary_error']).toBeCloseTo(wrong / input.validation.length, 12);
});

test('a seed of its own draws other rows, features and thresholds', async () => {
  const text = async (parameters: Parameters) =>
    modelText((await train({ n_estimators: 3, ...parameters })).model).split('\nparameters')[0];
  const draws: [Parameters, string][] = [
    [{ bagging_freq: 1, bagging_fraction: 0.5 }, 'bagging_seed'],
    [{ feature_fraction_bynode: 0.5 }, 'feature_fraction_seed'],
    [{ extra_trees: true }, 'extra_seed'],
    [{ boosting: 'dart', skip_drop: 0.1, drop_rate: 0.5, n_estimators: 8 }, 'drop_seed'],
  ];
  for (const [parameters, seed] of draws) {
    const usual = await text(parameters);
    expect(await text(parameters)).toBe(usual);
    expect(await text({ ...parameters, [seed]: 17 })).not.toBe(usual);
  }
});

test.each([
  ['monotone_constraints', '1, 0', 'it has 2 numbers for 7 features'],
  ['monotone_constraints', 'income: 1', 'there is no feature "income"'],
  ['monotone_constraints', 'x0: 2', '"x0" has the constraint 2'],
  ['monotone_constraints', 'kind: 1', '"kind" is a category'],
  ['monotone_constraints', 'x0', '"x0" has no ":"'],
  ['interaction_constraints', 'x0, x1', 'do not stand in brackets'],
  ['interaction_constraints', '[x0, nobody]', 'there is no feature "nobody"'],
  ['interaction_constraints', '["x0", 9', 'it is not JSON'],
])('%s of "%s" is refused: %s', async (name, value, found) => {
  await expect(train({ [name]: value })).rejects.toMatchObject({
    code: 'parameters.invalid',
    where: { field: `boosting.${name}` },
    message: expect.stringContaining(found) as string,
  });
});
