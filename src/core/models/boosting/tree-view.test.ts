import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { sampleInput } from '../../../testing/boosting-sample.ts';
import { takeRows } from '../../data/frame.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { boostingEntry } from './boosting.ts';
import { boostingRawScores } from './raw-scores.ts';
import { stagedRawScores } from './staged-scores.ts';
import type { TreeViewLeaf, TreeViewSplit } from './tree-view.ts';
import { pathOf, viewTree } from './tree-view.ts';

const input = sampleInput(1000, 5);
const { model } = await boostingEntry.train(
  input,
  { n_estimators: 6, early_stopping_round: 0, min_data_per_group: 20 },
  { kernels: createNodeKernels({ threads: 1 }), checkpoint: noCheckpoint },
);

test('every inner node counts its children and names a column; levels stand in words', () => {
  const questions = new Set<string>();
  model.trees.forEach((tree, index) => {
    const { nodes, leafCount, depth } = viewTree(model, index);
    expect(nodes).toHaveLength(2 * leafCount - 1);
    expect(leafCount).toBe(tree.leafCount);
    expect(Math.max(...nodes.map((node) => node.depth))).toBe(depth);
    nodes.forEach((node, at) => {
      if (node.kind === 'leaf') return;
      const [left, right] = [nodes[node.left], nodes[node.right]];
      expect(node.count).toBe((left?.count ?? 0) + (right?.count ?? 0));
      expect([left?.parent, right?.parent]).toEqual([at, at]);
      expect(node.gain).toBeGreaterThan(0);
      questions.add(node.question);
      if (node.levels) for (const level of node.levels) expect(level).toMatch(/^level \d$/);
    });
    expect((nodes[0] as TreeViewSplit).count).toBe(750);
  });
  expect([...questions].some((question) => question.startsWith('kind is level'))).toBe(true);
  expect([...questions].some((question) => /^x\d ≤ /.test(question))).toBe(true);
});

test("a customer's path ends in the leaf that scoring adds, and the leaves hold the training rows", () => {
  const counts = new Map<number, number>();
  const { nodes } = viewTree(model, 0);
  const first = boostingRawScores({ ...model, trees: model.trees.slice(0, 1) }, input.features);
  for (const row of input.train) {
    const path = pathOf(model, 0, input.features, row);
    const leaf = nodes[path.at(-1) as number] as TreeViewLeaf;
    expect(leaf.value).toBe(first[row]);
    expect(path[0]).toBe(0);
    path.slice(1).forEach((at, i) => expect(nodes[at]?.parent).toBe(path[i]));
    counts.set(leaf.leaf, (counts.get(leaf.leaf) ?? 0) + 1);
  }
  for (const node of nodes) if (node.kind === 'leaf') expect(counts.get(node.leaf)).toBe(node.count);
});

test('each stage holds the scores of the model cut there, for sums and for means', () => {
  const asked = takeRows(input.features, input.validation);
  for (const kind of [model, { ...model, averageOutput: true as const }]) {
    const stages = [...stagedRawScores(kind, asked, 4)];
    expect(stages.map(({ trees }) => trees)).toEqual([4, 6]);
    for (const { trees, scores } of stages) {
      expect(scores).toEqual(boostingRawScores({ ...kind, trees: kind.trees.slice(0, trees) }, asked));
    }
  }
});

test('a tree that is not there is refused', () => {
  expect(() => viewTree(model, 6)).toThrow(/There is no tree 6: the model has 6/);
});
