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
  const { splitFeature, leftChild, rightChild, leafValue, leafCountRows, internalCount } = tree;

  const visit = (node: number, from: number, depth: number, zeroIn: number, oneIn: number, featureIn: number): void => {
    // No training row and not this one either: nothing below counts.
    if (zeroIn === 0 && oneIn === 0) return;
    const at = from + depth;
    for (let i = 0; i < depth; i++) {
      feature[at + i] = feature[from + i]!;
      zero[at + i] = zero[from + i]!;
      one[at + i] = one[from + i]!;
      weight[at + i] = weight[from + i]!;
    }
    extend(path, at, depth, zeroIn, oneIn, featureIn);
    if (node < 0) {
      addLeaf(path, at, depth, leafValue[~node]!, phi);
      return;
    }

    const split = splitFeature[node]!;
    const left = leftChild[node]!;
    const right = rightChild[node]!;
    const goes = goesLeft(tree, node, row[split]!);
    const leftShare = (left < 0 ? leafCountRows[~left]! : internalCount[left]!) / internalCount[node]!;
    const rightShare = (right < 0 ? leafCountRows[~right]! : internalCount[right]!) / internalCount[node]!;
    let zeroSoFar = 1;
    let oneSoFar = 1;
    let next = depth + 1;
    for (let i = 1; i <= depth; i++) {
      if (feature[at + i] !== split) continue;
      // Split on before: the two splits count as one.
      zeroSoFar = zero[at + i]!;
      oneSoFar = one[at + i]!;
      unwind(path, at, depth, i);
      next = depth;
      break;
    }
    visit(left, at, next, zeroSoFar * leftShare, goes ? oneSoFar : 0, split);
    visit(right, at, next, zeroSoFar * rightShare, goes ? 0 : oneSoFar, split);
  };

  visit(0, 0, 0, 1, 1, -1);
}

/** 1 / k, so that the inner loops multiply. */
const reciprocal = Float64Array.from({ length: 4096 }, (_, k) => 1 / k);

/** EXTEND: one more feature on the path grows every subset by it or not. `oneIn` is 0 or 1. */
function extend(path: Path, at: number, depth: number, zeroIn: number, oneIn: number, featureIn: number): void {
  const { weight } = path;
  path.feature[at + depth] = featureIn;
  path.zero[at + depth] = zeroIn;
  path.one[at + depth] = oneIn;
  weight[at + depth] = depth === 0 ? 1 : 0;
  const share = reciprocal[depth + 1]!;
  const zeroShare = zeroIn * share;
  for (let i = depth - 1; i >= 0; i--) {
    const before = weight[at + i]!;
    if (oneIn !== 0) weight[at + i + 1]! += before * (i + 1) * share;
    weight[at + i] = before * (depth - i) * zeroShare;
  }
}

/** UNWIND: takes the feature at `index` off the path again. */
function unwind(path: Path, at: number, depth: number, index: number): void {
  const { feature, zero, one, weight } = path;
  const zeroOut = zero[at + index]!;
  if (one[at + index] !== 0) {
    const zeroShare = zeroOut * reciprocal[depth + 1]!;
    let next = weight[at + depth]! * (depth + 1);
    for (let i = depth - 1; i >= 0; i--) {
      const before = weight[at + i]!;
      const without = next * reciprocal[i + 1]!;
      weight[at + i] = without;
      next = (before - without * zeroShare * (depth - i)) * (depth + 1);
    }
  } else {
    for (let i = depth - 1; i >= 0; i--) {
      weight[at + i] = (weight[at + i]! * (depth + 1) * reciprocal[depth - i]!) / zeroOut;
    }
  }
  for (let i = index; i < depth; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/**
 * Shares a leaf's value out among the features on its path: each gets (one − zero) × value × the sum of the weights that
 * the path would have without it. Where the row does not pass (one = 0), that sum is the same for all features but for
 * the factor 1 / zero, which cancels.
 */
function addLeaf(path: Path, at: number, depth: number, value: number, phi: Float64Array): void {
  const { feature, zero, one, weight } = path;
  const scale = value * (depth + 1);
  let blocked = 0;
  for (let i = 0; i < depth; i++) blocked += weight[at + i]! * reciprocal[depth - i]!;
  for (let k = 1; k <= depth; k++) {
    const place = feature[at + k]!;
    if (one[at + k] === 0) {
      phi[place]! -= blocked * scale;
      continue;
    }
    const zeroOut = zero[at + k]!;
    let next = weight[at + depth]!;
    let sum = 0;
    for (let i = depth - 1; i >= 0; i--) {
      const without = next * reciprocal[i + 1]!;
      sum += without;
      next = weight[at + i]! - without * zeroOut * (depth - i);
    }
    phi[place]! += sum * (1 - zeroOut) * scale;
  }
}
