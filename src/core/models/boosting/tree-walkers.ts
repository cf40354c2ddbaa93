import type { BoostingModel, Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit, goesLeft, missingMask, missingNaN, thresholdInEffect } from './decision.ts';

const prepared = new WeakMap<BoostingModel, readonly Walker[]>();

/** A walker per tree, made once per model: the twin of the kernel `trees`, and faster than it for a few rows. */
export function treeWalkers(model: BoostingModel): readonly Walker[] {
  let walkers = prepared.get(model);
  if (!walkers) {
    walkers = model.trees.map((tree) => createWalker(tree, model.features.length));
    prepared.set(model, walkers);
  }
  return walkers;
}

/** Adds one tree's leaf values to scores[at … at + rows). */
export type Walker = (values: Float64Array, rows: number, scores: Float64Array, at: number) => void;

function createWalker(tree: Tree, width: number): Walker {
  const { leafValue } = tree;
  if (tree.leafCount < 2) {
    const value = leafValue[0] as number;
    return (_, rows, scores, at) => {
      for (let i = 0; i < rows; i++) scores[at + i] = (scores[at + i] as number) + value;
    };
  }
  return tree.decisionType.every((type) => !(type & categoricalBit) && (type & missingMask) === missingNaN)
    ? numericWalker(tree, width)
    : anyWalker(tree, width);
}

function anyWalker(tree: Tree, width: number): Walker {
  const { splitFeature, leftChild, rightChild, leafValue } = tree;
  return (values, rows, scores, at) => {
    for (let i = 0, row = 0; i < rows; i++, row += width) {
      let node = 0;
      while (node >= 0) {
        const value = values[row + (splitFeature[node] as number)] as number;
        node = (goesLeft(tree, node, value) ? leftChild[node] : rightChild[node]) as number;
      }
      scores[at + i] = (scores[at + i] as number) + (leafValue[~node] as number);
    }
  };
}

/**
 * The common tree: numbers only, missing of type NaN. A node's children lie side by side, so that a step is a load and
 * not a branch to guess; four rows go down at once, so that their loads overlap. Leaves stand behind the inner nodes
 * and lead to themselves. Neither test holds for NaN: missing has a link of its own.
 */
function numericWalker(tree: Tree, width: number): Walker {
  const { splitFeature, leafValue, decisionType, leftChild, rightChild } = tree;
  const inner = splitFeature.length;
  const size = inner + tree.leafCount;
  const feature = new Int32Array(size);
  const threshold = new Float64Array(size);
  const children = new Int32Array(4 * size);
  const link = (child: number) => (child >= 0 ? child : inner + ~child);
  for (let node = 0; node < size; node++) {
    if (node >= inner) {
      children.fill(node, 4 * node, 4 * node + 4);
      continue;
    }
    feature[node] = splitFeature[node] as number;
    threshold[node] = thresholdInEffect(tree.threshold[node] as number);
    const left = link(leftChild[node] as number);
    const right = link(rightChild[node] as number);
    const missing = (decisionType[node] as number) & defaultLeftBit ? left : right;
    // Which child, by (value <= threshold) + 2 * (value > threshold): 0 is missing.
    children.set([missing, left, right, right], 4 * node);
  }
  const step = (values: Float64Array, row: number, node: number): number => {
    const value = values[row + (feature[node] as number)] as number;
    const limit = threshold[node] as number;
    return children[4 * node + Number(value <= limit) + 2 * Number(value > limit)] as number;
  };
  return (values, rows, scores, at) => {
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      const row = i * width;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      while (a < inner || b < inner || c < inner || d < inner) {
        a = step(values, row, a);
        b = step(values, row + width, b);
        c = step(values, row + 2 * width, c);
        d = step(values, row + 3 * width, d);
      }
      const score = at + i;
      scores[score] = (scores[score] as number) + (leafValue[a - inner] as number);
      scores[score + 1] = (scores[score + 1] as number) + (leafValue[b - inner] as number);
      scores[score + 2] = (scores[score + 2] as number) + (leafValue[c - inner] as number);
      scores[score + 3] = (scores[score + 3] as number) + (leafValue[d - inner] as number);
    }
    for (; i < rows; i++) {
      let node = 0;
      while (node < inner) node = step(values, i * width, node);
      scores[at + i] = (scores[at + i] as number) + (leafValue[node - inner] as number);
    }
  };
}
