import type { Frame } from '../../data/frame.ts';
import type { BoostingModel, Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit, goesLeft, missingMask, missingNaN } from './decision.ts';
import { columnReaders, readRows } from './model-columns.ts';

/** Rows walked through one tree before the next: their values and the tree stay in the first cache. */
const blockRows = 64;

/** Log-odds of every row: leaf values added in file order, from 0, in float64. */
export function boostingRawScores(model: BoostingModel, features: Frame): Float64Array {
  const readers = columnReaders(model, features);
  const scores = new Float64Array(features.rowCount);
  const values = new Float64Array(blockRows * readers.length);
  const walkers = model.trees.map((tree) => createWalker(tree, readers.length));
  for (let from = 0; from < features.rowCount; from += blockRows) {
    const to = Math.min(from + blockRows, features.rowCount);
    readRows(readers, from, to, values);
    for (const walk of walkers) walk(values, to - from, scores, from);
  }
  return scores;
}

/** Adds one tree's leaf values to scores[at … at + rows). */
type Walker = (values: Float64Array, rows: number, scores: Float64Array, at: number) => void;

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
 * The common tree: numbers only, missing of type NaN. A node's children lie side by side, the one for "no" of
 * `value <= threshold` second, so that a step is a load and not a branch to guess. Where missing goes left the test is
 * turned round: `value > threshold` is false for NaN.
 */
function numericWalker(tree: Tree, width: number): Walker {
  const { splitFeature, threshold, decisionType, leftChild, rightChild, leafValue } = tree;
  const children = new Int32Array(2 * splitFeature.length);
  const turned = decisionType.map((type) => (type & defaultLeftBit ? 1 : 0));
  for (let node = 0; node < splitFeature.length; node++) {
    children[2 * node] = (turned[node] ? rightChild[node] : leftChild[node]) as number;
    children[2 * node + 1] = (turned[node] ? leftChild[node] : rightChild[node]) as number;
  }
  return (values, rows, scores, at) => {
    for (let i = 0, row = 0; i < rows; i++, row += width) {
      let node = 0;
      while (node >= 0) {
        const value = values[row + (splitFeature[node] as number)] as number;
        const limit = threshold[node] as number;
        const first = turned[node] ? value > limit : value <= limit;
        node = children[2 * node + (first ? 0 : 1)] as number;
      }
      scores[at + i] = (scores[at + i] as number) + (leafValue[~node] as number);
    }
  };
}
