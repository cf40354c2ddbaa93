import { expect, test } from 'vitest';
import type { TreeView } from '../../../core/jobs/study-contract.ts';
import { boxHeight, boxWidth, layOutTree } from './tree-layout.ts';

const place = { count: 1, weight: 1, value: 0 };
const split = (depth: number, parent: number, left: number, right: number) =>
  ({
    ...place,
    kind: 'split',
    depth,
    parent,
    feature: 'a',
    question: 'a ≤ 1',
    missing: 'left',
    gain: 1,
    left,
    right,
  }) as const;
const leaf = (depth: number, parent: number, number: number) =>
  ({ ...place, kind: 'leaf', depth, parent, leaf: number }) as const;

/** A full tree of this depth, nodes level by level. */
function full(depth: number): TreeView {
  const inner = 2 ** depth - 1;
  const nodes = Array.from({ length: 2 ** (depth + 1) - 1 }, (_, at) => {
    const level = Math.floor(Math.log2(at + 1));
    const parent = at === 0 ? -1 : (at - 1) >> 1;
    return at < inner ? split(level, parent, 2 * at + 1, 2 * at + 2) : leaf(level, parent, at - inner);
  });
  return { index: 0, nodes, leafCount: 2 ** depth, depth };
}

test('no two boxes overlap, children stand right of their parent, and the parent between them', () => {
  const tree = full(4);
  const { placed, width, height } = layOutTree(tree);
  expect(placed).toHaveLength(31);
  const at = new Map(placed.map((each) => [each.node, each]));
  for (const a of placed) {
    for (const b of placed) {
      if (a !== b) expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight).toBe(true);
    }
    expect(a.x + boxWidth).toBeLessThanOrEqual(width);
    expect(a.y + boxHeight / 2).toBeLessThanOrEqual(height);
    const node = tree.nodes[a.node];
    if (node?.kind !== 'split') continue;
    const [left, right] = [at.get(node.left), at.get(node.right)];
    expect(left?.x).toBeGreaterThan(a.x);
    expect(a.y).toBeCloseTo(((left?.y ?? 0) + (right?.y ?? 0)) / 2, 9);
  }
});

test('a tree of one leaf is one box', () => {
  expect(layOutTree({ index: 0, nodes: [leaf(0, -1, 0)], leafCount: 1, depth: 0 }).placed).toHaveLength(1);
});

test('of a huge tree the upper levels and the customer’s way are drawn, and what is left out is counted', () => {
  const tree = full(11);
  const path = [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047];
  const { placed, levels } = layOutTree(tree, path);
  expect(levels).toBe(7);
  expect(placed.length).toBeLessThan(450);
  for (const node of path) expect(placed.some((each) => each.node === node)).toBe(true);
  const leaves = placed.filter(({ node }) => tree.nodes[node]?.kind === 'leaf').length;
  expect(leaves + placed.reduce((sum, { folded }) => sum + folded, 0)).toBe(2048);
});
