import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { createLogOdds } from '../models/boosting/log-odds.ts';
import { StudioError } from '../shared/errors.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/**
 * Exact path-dependent TreeSHAP in float64 (Lundberg, Erion and Lee 2018): the Shapley values of the game in which an
 * absent feature sends a row down both branches, weighted by the training rows that went there. Equal to LightGBM's
 * `pred_contrib`; any depth, categories and missing values included.
 *
 * Not by their algorithm 2 but by Owen's integral (1972) of the same game. On the way to a leaf of value v, let feature i
 * pass z_i of the training rows when absent and o_i (0 or 1) when present, and f_i(t) = t o_i + (1 - t) z_i. Then
 *
 *   attribution of j = sum over leaves of v (o_j - z_j) * integral over t in 0…1 of the product of f_i(t), i != j.
 *
 * The integrand is a polynomial, which Gauss–Legendre quadrature integrates exactly; the leaves below a split share its
 * factor, so that one walk over the tree does it, without unwinding.
 */
export interface TreeShap {
  /** The mean raw score over the training rows: the base that attributions start from. */
  readonly expectedValue: number;
  /** The model's trees, their leaf values in log-odds. */
  readonly trees: readonly Tree[];
  /** Adds each feature's attribution for one row (in log-odds, in the model's feature order) to `phi`. */
  addAttributions(row: Float64Array, phi: Float64Array): void;
}

export function createTreeShap(model: BoostingModel): TreeShap {
  const trees = treesInLogOdds(model);
  const shapes = trees.map(shapeOf);
  const deepest = shapes.reduce((most, shape) => Math.max(most, shape.depth), 0);
  const walkers = new Map<number, Walker>();
  const steps = trees.map((tree, i) => {
    // A product of D - 1 linear factors takes D / 2 nodes.
    const nodes = Math.max(1, Math.ceil(shapes[i]!.features / 2));
    let walk = walkers.get(nodes);
    if (!walk) {
      walk = createWalker(nodes, deepest, model.features.length);
      walkers.set(nodes, walk);
    }
    return { tree, walk };
  });
  let expectedValue = 0;
  for (const tree of trees) expectedValue += expectedLeaf(tree);
  return {
    expectedValue,
    trees,
    addAttributions(row, phi) {
      for (const { tree, walk } of steps) if (tree.leafCount > 1) walk(tree, row, phi);
    },
  };
}

/** The trees with leaf values whose plain sum is the log-odds: those of a random forest, say, divided by their number. */
export function treesInLogOdds(model: BoostingModel): readonly Tree[] {
  const scale = createLogOdds(model)(1);
  if (scale === 1) return model.trees;
  return model.trees.map((tree) => ({ ...tree, leafValue: tree.leafValue.map((value) => value * scale) }));
}

/** The mean leaf value over the training rows of one tree. */
function expectedLeaf(tree: Tree): number {
  if (tree.leafCount === 1) return tree.leafValue[0]!;
  const rows = tree.internalCount[0]!;
  if (!(rows > 0)) {
    throw new StudioError('model.format', 'The trees do not say how many training rows reached their nodes.', {
      fix: 'Save the model again with leaf_count and internal_count: attributions are weighted by them.',
    });
  }
  let sum = 0;
  for (let leaf = 0; leaf < tree.leafCount; leaf++) sum += (tree.leafCountRows[leaf]! / rows) * tree.leafValue[leaf]!;
  return sum;
}

/** The most splits, and the most different features, on the way to any leaf. */
export function shapeOf(tree: Tree): { readonly depth: number; readonly features: number } {
  let depth = 0;
  let features = 0;
  const onPath = new Map<number, number>();
  const visit = (node: number, level: number): void => {
    depth = Math.max(depth, level);
    features = Math.max(features, onPath.size);
    if (node < 0) return;
    const split = tree.splitFeature[node]!;
    const times = onPath.get(split) ?? 0;
    onPath.set(split, times + 1);
    visit(tree.leftChild[node]!, level + 1);
    visit(tree.rightChild[node]!, level + 1);
    if (times === 0) onPath.delete(split);
    else onPath.set(split, times);
  };
  if (tree.leafCount > 1) visit(0, 0);
  return { depth, features };
}

type Walker = (tree: Tree, row: Float64Array, phi: Float64Array) => void;

/** Walks trees whose paths hold at most 2 × `width` different features; `deepest` splits deep. */
function createWalker(width: number, deepest: number, featureCount: number): Walker {
  const { nodes, weights } = gaussLegendre(width);
  const rest = nodes.map((t) => 1 - t);
  const oneOverRest = rest.map((each) => 1 / each);
  // Per level of the walk, at each node of the quadrature: the product of the factors on the path, the reciprocal of the
  // level's own factor, and the sum over the leaves below of value × product.
  const length = (deepest + 1) * width;
  const product = new Float64Array(length);
  const reciprocal = new Float64Array(length);
  const leaves = new Float64Array(length);
  product.fill(1, 0, width);
  const zeroAt = new Float64Array(deepest + 1);
  const oneAt = new Float64Array(deepest + 1);
  /** The level at which a feature on the path was last split on; 0 where it was not. */
  const lastLevel = new Int32Array(featureCount);

  let tree: Tree;
  let row: Float64Array;
  let phi: Float64Array;

  const visitChildren = (node: number, level: number): void => {
    const { leftChild, rightChild, leafCountRows, internalCount } = tree;
    const feature = tree.splitFeature[node]!;
    const left = leftChild[node]!;
    const right = rightChild[node]!;
    const goes = goesLeft(tree, node, row[feature]!);
    const last = lastLevel[feature]!;
    const zero = (last === 0 ? 1 : zeroAt[last]!) / internalCount[node]!;
    const one = last === 0 ? 1 : oneAt[last]!;
    leaves.fill(0, level * width, (level + 1) * width);
    const leftRows = left < 0 ? leafCountRows[~left]! : internalCount[left]!;
    const rightRows = right < 0 ? leafCountRows[~right]! : internalCount[right]!;
    visit(left, level + 1, feature, last, zero * leftRows, goes ? one : 0);
    visit(right, level + 1, feature, last, zero * rightRows, goes ? 0 : one);
  };

  /** One branch of a split on `feature`, which the path split on before at level `last` (0: it did not). */
  const visit = (node: number, level: number, feature: number, last: number, zero: number, one: number): void => {
    // Neither training rows nor this one come here: nothing below counts.
    if (zero === 0 && one === 0) return;
    const at = level * width;
    const above = at - width;
    const before = last * width;
    if (one === 0) {
      const share = 1 / zero;
      for (let q = 0; q < width; q++) {
        reciprocal[at + q] = oneOverRest[q]! * share;
        product[at + q] = product[above + q]! * rest[q]! * zero;
      }
    } else {
      for (let q = 0; q < width; q++) {
        const factor = nodes[q]! + rest[q]! * zero;
        reciprocal[at + q] = 1 / factor;
        product[at + q] = product[above + q]! * factor;
      }
    }
    if (last !== 0) for (let q = 0; q < width; q++) product[at + q]! *= reciprocal[before + q]!;
    if (node < 0) {
      const value = tree.leafValue[~node]!;
      for (let q = 0; q < width; q++) leaves[at + q] = value * product[at + q]!;
    } else {
      zeroAt[level] = zero;
      oneAt[level] = one;
      lastLevel[feature] = level;
      visitChildren(node, level);
      lastLevel[feature] = last;
    }
    // The leaves below count with this split's factor instead of that of the last split on the same feature.
    let own = 0;
    for (let q = 0; q < width; q++) {
      const sum = leaves[at + q]!;
      leaves[above + q]! += sum;
      own += weights[q]! * sum * reciprocal[at + q]!;
    }
    phi[feature]! += (one - zero) * own;
    if (last === 0) return;
    let replaced = 0;
    for (let q = 0; q < width; q++) replaced += weights[q]! * leaves[at + q]! * reciprocal[before + q]!;
    phi[feature]! -= (oneAt[last]! - zeroAt[last]!) * replaced;
  };

  return (walkedTree, walkedRow, into) => {
    tree = walkedTree;
    row = walkedRow;
    phi = into;
    visitChildren(0, 0);
  };
}
