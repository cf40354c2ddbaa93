import { type BinSet, fillBins, putBin } from '../../kernels/bin-set.ts';
import type { BoostingEngine, SplitInfo, SplitJob, Sums } from '../../kernels/boosting-engine.ts';
import type { BinnedFeature } from './binned-data.ts';
import type { LeafRule, TreeRules } from './leaf-rules.ts';

/** A leaf while its tree grows: rows [start, start + count) of the kernel's list. */
export interface GrowingLeaf {
  start: number;
  count: number;
  sums: Sums;
  depth: number;
  best: SplitInfo | undefined;
  /** The histogram's slot; -1 when it is not kept. */
  slot: number;
  /** Whether the leaf came from a sorted categorical split, whose leaves are regularised more. */
  isSorted: boolean;
  /** Absent where the tree has no rules. */
  rule?: LeafRule | undefined;
}

export interface GrownNode {
  readonly feature: number;
  readonly split: SplitInfo;
  readonly sums: Sums;
  readonly count: number;
  readonly gain: number;
  readonly defaultLeft: boolean;
  readonly isSorted: boolean;
  /** The output it would have as a leaf, before the learning rate, where constraints rather than sums decide it. */
  readonly output?: number | undefined;
  /** LightGBM's links: a node's number, or ~leaf. */
  left: number;
  right: number;
}

export interface GrownTree {
  readonly nodes: readonly GrownNode[];
  readonly leaves: readonly GrowingLeaf[];
}

export interface GrowthLimits {
  readonly maxLeaves: number;
  /** -1 or 0: no limit. */
  readonly maxDepth: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly minGain: number;
  /** Splits the leaves of one level before those of the next, instead of the greatest gain first. */
  readonly isLevelFirst?: boolean;
  readonly rules?: TreeRules;
}

/** What a tree grows from: the sums over the rows of its bag, their number, and the best split of them all. */
export interface GrowthRoot {
  readonly sums: Sums;
  readonly count: number;
  readonly best: SplitInfo | undefined;
}

/**
 * Leaf-wise growth (LightGBM's SerialTreeLearner): split the leaf with the greatest gain until none gains or there are
 * enough. The smaller child's histogram is summed, the larger one's is the parent's less that.
 */
export function growTree(
  engine: BoostingEngine,
  features: readonly BinnedFeature[],
  root: GrowthRoot,
  limits: GrowthLimits,
): GrownTree {
  const leaves: GrowingLeaf[] = [{ ...root, start: 0, depth: 0, slot: 0, isSorted: false, rule: limits.rules?.root }];
  const parents: { node: number; isLeft: boolean }[] = [{ node: -1, isLeft: false }];
  const nodes: GrownNode[] = [];
  const slots = createSlots(engine.slotCount, leaves);
  while (leaves.length < limits.maxLeaves) {
    const chosen = chooseLeaf(engine, leaves, limits);
    if (!chosen) break;
    const { index, gain } = chosen;
    const leaf = leaves[index] as GrowingLeaf;
    const best = leaf.best as SplitInfo;
    const node = nodes.length;
    const right: Sums = { g: leaf.sums.g - best.left.g, h: leaf.sums.h - best.left.h };
    fillLeftBins(engine.leftBins(node), best, features[best.feature] as BinnedFeature);
    const depth = leaf.depth + 1;
    const scan = leaves.length + 1 < limits.maxLeaves && (limits.maxDepth <= 0 || depth < limits.maxDepth);
    const hasParent = leaf.slot >= 0;
    const largeSlot = scan ? (hasParent ? leaf.slot : slots.take(leaf)) : -1;
    leaf.slot = scan ? largeSlot : leaf.slot;
    const smallSlot = scan ? slots.take(leaf) : -1;
    if (!scan) slots.release(leaf);
    const { start, count } = leaf;
    const rules = leaf.rule && limits.rules?.children(leaf.rule, best, node);
    const answer = engine.split({
      start,
      count,
      feature: best.feature,
      node,
      hasParent,
      smallSlot,
      largeSlot,
      scan,
      left: best.left,
      right,
      ...(rules && forKernel(rules)),
    });
    const rightCount = count - answer.leftCount;
    const isNumberWithoutMissing = best.kind === 'number' && !hasMissing(features[best.feature] as BinnedFeature);
    const defaultLeft = isNumberWithoutMissing ? answer.leftCount >= rightCount : best.defaultLeft;
    setMissingSide(engine.leftBins(node), features[best.feature] as BinnedFeature, defaultLeft);
    const isSorted = best.kind === 'sorted';
    const newLeaf = leaves.length;
    nodes.push({
      feature: best.feature,
      split: best,
      sums: leaf.sums,
      count,
      // As LightGBM writes it: what the split must gain is not taken off.
      gain: gain + limits.minGain,
      defaultLeft,
      isSorted: leaf.isSorted,
      output: constrainedOutput(leaf.rule),
      left: ~index,
      right: ~newLeaf,
    });
    const parent = parents[index] as { node: number; isLeft: boolean };
    if (parent.node >= 0) (nodes[parent.node] as GrownNode)[parent.isLeft ? 'left' : 'right'] = node;
    parents[index] = { node, isLeft: true };
    parents.push({ node, isLeft: false });
    const leftIsSmall = answer.leftCount <= rightCount;
    Object.assign(leaf, {
      count: answer.leftCount,
      sums: best.left,
      depth,
      best: answer.left,
      slot: leftIsSmall ? smallSlot : largeSlot,
      isSorted,
      rule: rules?.[0],
    });
    const other: GrowingLeaf = {
      start: start + answer.leftCount,
      count: rightCount,
      sums: right,
      depth,
      best: answer.right,
      slot: leftIsSmall ? largeSlot : smallSlot,
      isSorted,
      rule: rules?.[1],
    };
    leaves.push(other);
    // A leaf that will not split again needs no histogram.
    for (const child of [leaf, other]) if (!child.best) slots.release(child);
  }
  return { nodes, leaves };
}

/** The leaf to split next, of those that gain: the greatest gain, or the lowest level; the first of equals. */
function chooseLeaf(engine: BoostingEngine, leaves: readonly GrowingLeaf[], limits: GrowthLimits) {
  let index = -1;
  let gain = 0;
  let depth = Number.POSITIVE_INFINITY;
  leaves.forEach((leaf, at) => {
    const own = leaf.best ? gainOf(engine, leaf, limits) : 0;
    if (!(own > 0 && (limits.isLevelFirst ? leaf.depth < depth : own > gain))) return;
    gain = own;
    depth = leaf.depth;
    index = at;
  });
  return index < 0 ? undefined : { index, gain };
}

/** LightGBM's gain of a leaf's best split: both children's less the leaf's own and `min_gain_to_split`. */
function gainOf(
  engine: BoostingEngine,
  { sums, best }: GrowingLeaf,
  { lambdaL1, lambdaL2, minGain }: GrowthLimits,
): number {
  if (best?.outputs) return best.gain;
  const g = Math.max(0, Math.abs(sums.g) - lambdaL1 * engine.gradientScale);
  const own = (g * g) / (sums.h + lambdaL2 * engine.hessianScale);
  return ((best as SplitInfo).gain - own) * engine.gainUnit() - minGain;
}

/** What the kernel needs to know to scan the two new leaves. */
function forKernel([left, right]: readonly [LeafRule, LeafRule]): Partial<SplitJob> {
  return {
    ...(left.conditions && right.conditions ? { conditions: [left.conditions, right.conditions] } : {}),
    ...(left.allowed && right.allowed ? { allowed: [left.allowed, right.allowed] } : {}),
  };
}

/** A leaf's output under constraints; undefined where it follows from its sums, as the root's does. */
export function constrainedOutput(rule: LeafRule | undefined): number | undefined {
  const output = rule?.conditions?.output;
  return output === undefined || Number.isNaN(output) ? undefined : output;
}

/** Whether training saw the feature missing. */
export function hasMissing({ mapper }: BinnedFeature): boolean {
  return mapper.kind === 'number' && mapper.hasMissing;
}

/** Marks the bins that a split sends left. */
export function fillLeftBins(left: BinSet, best: SplitInfo, feature: BinnedFeature): void {
  if (best.kind === 'number') {
    fillBins(left, best.bin + 1);
    setMissingSide(left, feature, best.defaultLeft);
    return;
  }
  left.fill(0);
  if (best.kind === 'oneHot') putBin(left, best.bin, true);
  else left.set(best.set);
}

/** Which way a missing number goes, also where training saw none. */
export function setMissingSide(left: BinSet, { mapper }: BinnedFeature, isLeft: boolean): void {
  if (mapper.kind === 'number') putBin(left, mapper.upperBounds.length, isLeft);
}

/** Slots for histograms, taken from the leaf that promises least when all are in use; that leaf's is summed anew later. */
function createSlots(count: number, leaves: readonly GrowingLeaf[]) {
  const free = Array.from({ length: count - 1 }, (_, i) => count - 1 - i);
  return {
    take(busy: GrowingLeaf): number {
      const slot = free.pop();
      if (slot !== undefined) return slot;
      let least: GrowingLeaf | undefined;
      for (const leaf of leaves) {
        if (leaf === busy || leaf.slot < 0) continue;
        if (!least || (leaf.best?.gain ?? 0) < (least.best?.gain ?? 0)) least = leaf;
      }
      const taken = (least as GrowingLeaf).slot;
      (least as GrowingLeaf).slot = -1;
      return taken;
    },
    release(leaf: GrowingLeaf): void {
      if (leaf.slot >= 0) free.push(leaf.slot);
      leaf.slot = -1;
    },
  };
}
