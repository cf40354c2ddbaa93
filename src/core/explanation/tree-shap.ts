import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { StudioError } from '../shared/errors.ts';

/**
 * Exact path-dependent TreeSHAP in float64 (Lundberg, Erion, Lee 2018, algorithm 2): the Shapley values of the game in
 * which an absent feature sends a row down both branches, weighted by the training rows that went there. Equal to
 * LightGBM's `pred_contrib`; any depth, categories and missing values included.
 */
export interface TreeShap {
  /** The mean raw score over the training rows: the base that attributions start from. */
  readonly expectedValue: number;
  /** Adds each feature's attribution for one row (in log-odds, in the model's feature order) to `phi`. */
  addAttributions(row: Float64Array, phi: Float64Array): void;
}

export function createTreeShap(model: BoostingModel): TreeShap {
  const deepest = model.trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 0);
  const path = createPath(deepest + 2);
  let expectedValue = 0;
  for (const tree of model.trees) expectedValue += expectedLeaf(tree);
  return {
    expectedValue,
    addAttributions(row, phi) {
      for (const tree of model.trees) if (tree.leafCount > 1) addTree(tree, row, phi, path);
    },
  };
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

function depthOf(tree: Tree): number {
  const depths = new Int32Array(Math.max(tree.leafCount - 1, 0));
  let deepest = 0;
  // A child node always has a later number than its parent in files that split in order; a stack needs no such promise.
  const stack = tree.leafCount > 1 ? [0] : [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of [tree.leftChild[node]!, tree.rightChild[node]!]) {
      deepest = Math.max(deepest, depths[node]! + 1);
      if (child < 0) continue;
      depths[child] = depths[node]! + 1;
      stack.push(child);
    }
  }
  return deepest;
}

/**
 * The features split on along the way to a node. Level d of the recursion keeps its own copy from `d * (d + 1) / 2`:
 * feature, share of training rows that pass when it is absent (zero) and whether the row passes (one), and the weight of
 * the feature subsets of each size.
 */
interface Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

function createPath(levels: number): Path {
  const length = ((levels + 1) * (levels + 2)) / 2;
  return {
    feature: new Int32Array(length),
    zero: new Float64Array(length),
    one: new Float64Array(length),
    weight: new Float64Array(length),
  };
}

function addTree(tree: Tree, row: Float64Array, phi: Float64Array, path: Path): void {
  const { feature, zero, one, weight } = path;

  const visit = (node: number, from: number, depth: number, zeroIn: number, oneIn: number, featureIn: number): void => {
    const at = from + depth;
    feature.copyWithin(at, from, from + depth);
    zero.copyWithin(at, from, from + depth);
    one.copyWithin(at, from, from + depth);
    weight.copyWithin(at, from, from + depth);
    extend(path, at, depth, zeroIn, oneIn, featureIn);

    if (node < 0) {
      const value = tree.leafValue[~node]!;
      for (let i = 1; i <= depth; i++) {
        const share = unwoundSum(path, at, depth, i);
        phi[feature[at + i]!]! += share * (one[at + i]! - zero[at + i]!) * value;
      }
      return;
    }

    const split = tree.splitFeature[node]!;
    const left = goesLeft(tree, node, row[split]!);
    const hot = left ? tree.leftChild[node]! : tree.rightChild[node]!;
    const cold = left ? tree.rightChild[node]! : tree.leftChild[node]!;
    const rows = tree.internalCount[node]!;
    let zeroSoFar = 1;
    let oneSoFar = 1;
    let kept = depth;
    for (let i = 1; i <= depth; i++) {
      if (feature[at + i] !== split) continue;
      zeroSoFar = zero[at + i]!;
      oneSoFar = one[at + i]!;
      unwind(path, at, depth, i);
      kept = depth - 1;
      break;
    }
    visit(hot, at, kept + 1, zeroSoFar * (rowsAt(tree, hot) / rows), oneSoFar, split);
    visit(cold, at, kept + 1, zeroSoFar * (rowsAt(tree, cold) / rows), 0, split);
  };

  visit(0, 0, 0, 1, 1, -1);
}

function rowsAt(tree: Tree, child: number): number {
  return child < 0 ? tree.leafCountRows[~child]! : tree.internalCount[child]!;
}

/** EXTEND: one more feature on the path grows every subset by it or not. */
function extend(path: Path, at: number, depth: number, zeroIn: number, oneIn: number, featureIn: number): void {
  const { weight } = path;
  path.feature[at + depth] = featureIn;
  path.zero[at + depth] = zeroIn;
  path.one[at + depth] = oneIn;
  weight[at + depth] = depth === 0 ? 1 : 0;
  for (let i = depth - 1; i >= 0; i--) {
    weight[at + i + 1]! += (oneIn * weight[at + i]! * (i + 1)) / (depth + 1);
    weight[at + i] = (zeroIn * weight[at + i]! * (depth - i)) / (depth + 1);
  }
}

/** UNWIND: takes the feature at `index` off the path again. */
function unwind(path: Path, at: number, depth: number, index: number): void {
  const { feature, zero, one, weight } = path;
  const oneOut = one[at + index]!;
  const zeroOut = zero[at + index]!;
  let next = weight[at + depth]!;
  for (let i = depth - 1; i >= 0; i--) {
    if (oneOut !== 0) {
      const before = weight[at + i]!;
      weight[at + i] = (next * (depth + 1)) / ((i + 1) * oneOut);
      next = before - (weight[at + i]! * zeroOut * (depth - i)) / (depth + 1);
    } else {
      weight[at + i] = (weight[at + i]! * (depth + 1)) / (zeroOut * (depth - i));
    }
  }
  for (let i = index; i < depth; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/** The sum of the weights that the path would have without the feature at `index`. */
function unwoundSum(path: Path, at: number, depth: number, index: number): number {
  const { weight } = path;
  const oneOut = path.one[at + index]!;
  const zeroOut = path.zero[at + index]!;
  let next = weight[at + depth]!;
  let sum = 0;
  if (oneOut !== 0) {
    for (let i = depth - 1; i >= 0; i--) {
      const without = next / ((i + 1) * oneOut);
      sum += without;
      next = weight[at + i]! - without * zeroOut * (depth - i);
    }
  } else if (zeroOut !== 0) {
    for (let i = depth - 1; i >= 0; i--) sum += weight[at + i]! / (zeroOut * (depth - i));
  }
  return sum * (depth + 1);
}
