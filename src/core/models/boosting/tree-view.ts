import type { Frame } from '../../data/frame.ts';
import { takeRows } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel, Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit, goesLeft, missingMask, missingNaN, missingZero } from './decision.ts';
import { columnReaders, readRows } from './model-columns.ts';

/** A tree to be drawn or read out: plain data. `nodes[0]` is the root; children are positions in `nodes`. */
export interface TreeView {
  /** From 0, in the order of scoring. */
  readonly index: number;
  readonly nodes: readonly TreeViewNode[];
  readonly leafCount: number;
  /** Splits from the root to the deepest leaf. */
  readonly depth: number;
}

export type TreeViewNode = TreeViewSplit | TreeViewLeaf;

interface TreeViewPlace {
  /** Splits above it. */
  readonly depth: number;
  /** Position of its parent; −1 at the root. */
  readonly parent: number;
  /** Training rows that reached it. */
  readonly count: number;
  /** Sum of their hessians. */
  readonly weight: number;
  /** What the tree adds to the raw score here; at a split, what it would add as a leaf. */
  readonly value: number;
}

export interface TreeViewSplit extends TreeViewPlace {
  readonly kind: 'split';
  readonly feature: string;
  /** "age ≤ 34.5", "city is Bern, Basel": what sends a customer left. */
  readonly question: string;
  /** Of a number: left up to this value. */
  readonly threshold?: number;
  /** Of a category: the levels on the left. */
  readonly levels?: readonly string[];
  /** Where a customer without a value goes. */
  readonly missing: 'left' | 'right';
  /** LightGBM's gain of the split. */
  readonly gain: number;
  readonly left: number;
  readonly right: number;
}

export interface TreeViewLeaf extends TreeViewPlace {
  readonly kind: 'leaf';
  /** The leaf's number in the file, from 0. */
  readonly leaf: number;
}

/** One tree of a model, by its number from 0. Throws `parameters.invalid` where there is no such tree. */
export function viewTree(model: BoostingModel, index: number): TreeView {
  const tree = treeAt(model, index);
  const inner = tree.splitFeature.length;
  const depths = new Int32Array(inner + tree.leafCount);
  const parents = new Int32Array(inner + tree.leafCount).fill(-1);
  const position = (child: number) => (child >= 0 ? child : inner + ~child);
  // From the root down: a file may list a child before its parent.
  const open = inner > 0 ? [0] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of [tree.leftChild[node] as number, tree.rightChild[node] as number]) {
      const at = position(child);
      depths[at] = (depths[node] as number) + 1;
      parents[at] = node;
      if (child >= 0) open.push(child);
    }
  }
  const nodes = Array.from(depths, (depth, at): TreeViewNode => {
    const parent = parents[at] as number;
    if (at >= inner) {
      const leaf = at - inner;
      const value = tree.leafValue[leaf] as number;
      const count = tree.leafCountRows[leaf] ?? 0;
      return { kind: 'leaf', leaf, depth, parent, count, weight: tree.leafWeight[leaf] ?? 0, value };
    }
    return {
      kind: 'split',
      depth,
      parent,
      count: tree.internalCount[at] ?? 0,
      weight: tree.internalWeight[at] ?? 0,
      value: tree.internalValue[at] ?? 0,
      gain: tree.splitGain[at] as number,
      ...describeSplit(model.features[tree.splitFeature[at] as number] as BoostingFeature, tree, at),
      left: position(tree.leftChild[at] as number),
      right: position(tree.rightChild[at] as number),
    };
  });
  return { index, nodes, leafCount: tree.leafCount, depth: depths.reduce((most, depth) => Math.max(most, depth), 0) };
}

/** Positions in `viewTree(model, index).nodes` that one row of a frame passes, from the root to its leaf. */
export function pathOf(model: BoostingModel, index: number, features: Frame, row: number): readonly number[] {
  const tree = treeAt(model, index);
  const inner = tree.splitFeature.length;
  if (inner === 0) return [0];
  const values = new Float64Array(model.features.length);
  readRows(columnReaders(model, takeRows(features, [row])), 0, 1, values);
  const path = [];
  let node = 0;
  while (node >= 0) {
    path.push(node);
    const value = values[tree.splitFeature[node] as number] as number;
    node = (goesLeft(tree, node, value) ? tree.leftChild[node] : tree.rightChild[node]) as number;
  }
  return [...path, inner + ~node];
}

function treeAt({ trees }: BoostingModel, index: number): Tree {
  const tree = trees[index];
  if (tree) return tree;
  throw new StudioError('parameters.invalid', `There is no tree ${index}: the model has ${trees.length}.`, {
    fix: `Choose a tree from 0 to ${trees.length - 1}.`,
  });
}

function describeSplit(feature: BoostingFeature, tree: Tree, node: number) {
  const { name } = feature;
  const type = tree.decisionType[node] as number;
  const threshold = tree.threshold[node] as number;
  if (type & categoricalBit) {
    const numbers = leftNumbers(tree, threshold);
    const levels = numbers.map((number) => levelOf(feature, number));
    const missing = feature.levels && feature.firstCode === undefined && numbers.includes(0) ? 'left' : 'right';
    return { feature: name, question: `${name} is ${shortened(levels)}`, levels, missing } as const;
  }
  const missingType = type & missingMask;
  const side = (left: boolean) => (left ? 'left' : 'right');
  // Without a missing type LightGBM reads a missing number as 0.
  const missing = feature.statistic
    ? feature.statistic.missing <= threshold
    : missingType === missingNaN || missingType === missingZero
      ? (type & defaultLeftBit) !== 0
      : 0 <= threshold;
  const words = feature.statistic ? `conversion rate of ${name}` : name;
  const question =
    threshold === Number.POSITIVE_INFINITY ? `${words} is given` : `${words} ≤ ${Number(threshold.toPrecision(6))}`;
  return { feature: name, question, threshold, missing: side(missing) } as const;
}

function leftNumbers(tree: Tree, set: number): number[] {
  const first = tree.catBoundaries[set] as number;
  const last = tree.catBoundaries[set + 1] as number;
  const numbers: number[] = [];
  for (let bit = 0; bit < 32 * (last - first); bit++) {
    if (((tree.catThreshold[first + (bit >> 5)] as number) >>> (bit & 31)) & 1) numbers.push(bit);
  }
  return numbers;
}

function levelOf({ levels, firstCode }: BoostingFeature, number: number): string {
  const first = firstCode ?? 1;
  return levels?.[number - first] ?? (levels && number < first ? 'missing' : String(number));
}

const mostLevelsNamed = 4;

function shortened(levels: readonly string[]): string {
  if (levels.length <= mostLevelsNamed) return levels.join(', ');
  return `${levels.slice(0, mostLevelsNamed - 1).join(', ')} or ${levels.length - mostLevelsNamed + 1} more`;
}
