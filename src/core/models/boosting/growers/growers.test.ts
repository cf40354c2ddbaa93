import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../../adapters/node/kernels.ts';
import { modelText, sampleInput } from '../../../../testing/boosting-sample.ts';
import golden from '../../../../testing/golden/growers.json' with { type: 'json' };
import { createFrame } from '../../../data/frame.ts';
import type { Kernels } from '../../../kernels/kernels.ts';
import { referenceKernels } from '../../../kernels/kernels.ts';
import { noCheckpoint } from '../../../shared/checkpoint.ts';
import type { TrainingContext, TrainingInput } from '../../model.ts';
import type { Parameters } from '../../parameters.ts';
import { boostingEntry } from '../boosting.ts';
import type { Tree } from '../boosting-model.ts';

const wasm = createNodeKernels({ threads: 1 });

function train(
  input: TrainingInput,
  parameters: Parameters,
  kernels: Kernels = wasm,
  more: Partial<TrainingContext> = {},
) {
  return boostingEntry.train(input, parameters, { kernels, checkpoint: noCheckpoint, ...more });
}

function goldenInput(columns: readonly number[]): TrainingInput {
  const features = createFrame(
    columns.map((index) => ({
      kind: 'number',
      name: `x${index}`,
      values: Float64Array.from(golden.columns[index] as (number | null)[], (value) => value ?? Number.NaN),
    })),
  );
  const all = Uint32Array.from(golden.labels, (_, row) => row);
  return { features, labels: Int8Array.from(golden.labels), train: all, validation: new Uint32Array(0), seed: 1 };
}

/** Inner nodes by depth. */
function levelsOf({ leftChild, rightChild, splitFeature }: Tree): number[][] {
  const levels: number[][] = [];
  const visit = (node: number, depth: number): void => {
    if (node < 0) return;
    levels[depth] ??= [];
    levels[depth].push(node);
    visit(leftChild[node] as number, depth + 1);
    visit(rightChild[node] as number, depth + 1);
  };
  if (splitFeature.length > 0) visit(0, 0);
  return levels;
}

test("depth-wise trees are xgboost's: as many leaves, and its margins after one tree and after three", async () => {
  const input = goldenInput([0, 1, 2, 3]);
  const chosen = {
    grow_policy: 'depthwise',
    max_depth: 5,
    learning_rate: 0.3,
    min_sum_hessian_in_leaf: 1.1,
    is_unbalance: false,
    min_data_in_bin: 1,
  };
  for (const trees of [1, 3] as const) {
    const { model } = await train(input, { ...chosen, n_estimators: trees, early_stopping_round: 0 });
    expect(model.trees.map(({ leafCount }) => leafCount)).toEqual(golden.leafCounts.slice(0, trees));
    const raw = boostingEntry.rawScores(model, input.features);
    const worst = raw.reduce(
      (most, score, row) => Math.max(most, Math.abs(score - (golden.margins[trees][row] as number))),
      0,
    );
    expect(worst).toBeLessThan(2e-6);
  }
});

test("an oblivious tree's levels are catboost's", async () => {
  const parameters = {
    grow_policy: 'oblivious',
    max_depth: 5,
    n_estimators: 1,
    early_stopping_round: 0,
    bagging_freq: 0,
    is_unbalance: false,
    min_data_in_bin: 1,
  };
  const { model } = await train(goldenInput([0, 2, 3]), parameters);
  const tree = model.trees[0] as Tree;
  const found = levelsOf(tree).map(([node]) => {
    const column = model.features[tree.splitFeature[node as number] as number]?.name;
    return [Number(column?.slice(1)), Math.floor(tree.threshold[node as number] as number) + 0.5];
  });
  expect(found).toEqual(golden.levels);
});

test('every level of an oblivious tree has one split; leaves beyond those that hold rows add nothing', async () => {
  const { model } = await train(sampleInput(600, 6), {
    grow_policy: 'oblivious',
    n_estimators: 20,
    bagging_freq: 0,
  });
  for (const tree of model.trees) {
    const levels = levelsOf(tree);
    expect(levels.length).toBeLessThanOrEqual(6);
    for (const level of levels) {
      const splits = level.map(
        (node) => `${tree.splitFeature[node]} ${tree.decisionType[node]} ${tree.threshold[node]}`,
      );
      const isCategory = ((tree.decisionType[level[0] as number] as number) & 1) === 1;
      // Default sides follow the rows of each node; a category's threshold is the number of its set.
      const kinds = new Set(splits.map((split) => (isCategory ? split.split(' ')[0] : split.replace(/ \d+ /, ' '))));
      expect(kinds.size).toBe(1);
    }
    tree.leafCountRows.forEach((rows, leaf) => {
      if (rows === 0) expect(tree.leafWeight[leaf]).toBe(0);
    });
    // No split of nobody: attributions divide by the rows of every inner node.
    expect(Math.min(...tree.internalCount)).toBeGreaterThan(0);
  }
});

test.each(['depthwise', 'oblivious'])(
  '%s: threads and the TypeScript twin grow the same trees, byte for byte',
  async (grow_policy) => {
    const input = {
      ...sampleInput(4000, 36),
      weights: Float64Array.from({ length: 4000 }, (_, row) => 0.5 + (row % 3)),
    };
    const parameters = { grow_policy, n_estimators: 4, max_cat_to_onehot: 5 };
    const expected = await train(input, parameters, referenceKernels);
    for (const threads of [1, 2]) {
      const { model, rounds } = await train(input, parameters, createNodeKernels({ threads }));
      expect(modelText(model)).toBe(modelText(expected.model));
      expect(rounds).toEqual(expected.rounds);
    }
  },
);

test.each(['depthwise', 'oblivious'])(
  '%s: scores are those that training reached, and a resumed training ends in the same bytes',
  async (grow_policy) => {
    const input = sampleInput(1500, 8);
    const parameters = { grow_policy, n_estimators: 12, early_stopping_round: 0, max_cat_to_onehot: 2 };
    let saved: TrainingContext['resumeFrom'];
    const whole = await train(input, parameters, wasm, {
      onState: (save) => {
        const state = save();
        if (state.rounds.length === 5) saved = state;
      },
    });
    const resumed = await train(input, parameters, wasm, saved ? { resumeFrom: saved } : {});
    expect(saved).toBeDefined();
    expect(modelText(resumed.model)).toBe(modelText(whole.model));
    const raw = boostingEntry.rawScores(whole.model, input.features);
    const loss = Array.from(input.validation, (row) => {
      const score = raw[row] as number;
      return Math.log1p(Math.exp(input.labels[row] === 1 ? -score : score));
    });
    const mean = loss.reduce((sum, each) => sum + each, 0) / loss.length;
    expect(whole.rounds.at(-1)?.validation['binary_logloss']).toBeCloseTo(mean, 8);
  },
);

test('a bag shapes an oblivious tree, all training rows give its leaves their values', async () => {
  const input = sampleInput(800, 4);
  const { model } = await train(input, { grow_policy: 'oblivious', n_estimators: 1, is_unbalance: false });
  const { leafWeight, leafCountRows } = model.trees[0] as Tree;
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, each) => total + each, 0);
  expect(sum(leafCountRows) / input.train.length).toBeLessThan(0.9);
  // All scores are 0 still: each row's hessian is a quarter.
  expect(sum(leafWeight)).toBeCloseTo(input.train.length / 4, 4);
});

test('depth-wise trees fill a level before the next, up to num_leaves', async () => {
  const { model } = await train(sampleInput(3000, 8), { grow_policy: 'depthwise', n_estimators: 3, num_leaves: 12 });
  for (const tree of model.trees) {
    const depths = levelsOf(tree).map((level) => level.length);
    expect(tree.leafCount).toBe(12);
    expect(depths.slice(0, 3)).toEqual([1, 2, 4]);
    expect(depths.length).toBe(4);
  }
});

test.each([
  ['num_leaves', { num_leaves: 15 }],
  ['min_data_in_leaf', { min_data_in_leaf: 20 }],
  ['monotone_constraints', { monotone_constraints: 'x0: 1' }],
  ['extra_trees', { extra_trees: true }],
  ['max_depth', { max_depth: -1 }],
  ['max_depth', { max_depth: 13 }],
])('oblivious growth refuses what it does not know by name: %s', async (field, set) => {
  const refused = train(sampleInput(100, 2), { grow_policy: 'oblivious', ...set } as Parameters);
  await expect(refused).rejects.toMatchObject({ code: 'parameters.invalid', where: { field: `boosting.${field}` } });
});
