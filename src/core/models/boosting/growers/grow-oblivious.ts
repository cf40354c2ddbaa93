import type { BoostingEngine, SplitInfo, Sums } from '../../../kernels/boosting-engine.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { BinnedFeature } from '../binned-data.ts';
import {
  fillLeftBins,
  type GrowingLeaf,
  type GrownNode,
  type GrownTree,
  type GrowthLimits,
  type GrowthRoot,
  hasMissing,
  setMissingSide,
} from '../grow-tree.ts';

/**
 * Oblivious trees (Prokhorenkova et al. 2018, section 4): each level has one split, made in all of its leaves, the one
 * with the greatest sum of G²/(H + λ) over all children. A leaf that holds no rows is not split further: its value is 0.
 */
export function growOblivious(
  engine: BoostingEngine,
  features: readonly BinnedFeature[],
  root: GrowthRoot,
  limits: GrowthLimits,
): GrownTree {
  const leaves: GrowingLeaf[] = [{ ...root, best: undefined, start: 0, depth: 0, slot: 0, isSorted: false }];
  const parents: { node: number; isLeft: boolean }[] = [{ node: -1, isLeft: false }];
  const nodes: GrownNode[] = [];
  const free = Array.from({ length: engine.slotCount - 1 }, (_, i) => engine.slotCount - 1 - i);
  for (let depth = 0; depth < limits.maxDepth; depth++) {
    const level = leaves.map((_, index) => index).filter((index) => (leaves[index] as GrowingLeaf).count > 0);
    const shared = engine.scanLevel(level.map((index) => leaves[index] as GrowingLeaf));
    if (!shared) break;
    const isLast = depth + 1 === limits.maxDepth;
    if (!isLast && free.length < level.length) throw tooWide(features.length, depth + 1);
    for (const index of level) {
      const leaf = leaves[index] as GrowingLeaf;
      const smallSlot = isLast ? -1 : (free.pop() as number);
      const { node, right } = splitLeaf(engine, features, leaf, shared, smallSlot, nodes.length, limits);
      nodes.push({ ...node, left: ~index, right: ~leaves.length });
      const parent = parents[index] as { node: number; isLeft: boolean };
      if (parent.node >= 0) (nodes[parent.node] as GrownNode)[parent.isLeft ? 'left' : 'right'] = nodes.length - 1;
      parents[index] = { node: nodes.length - 1, isLeft: true };
      parents.push({ node: nodes.length - 1, isLeft: false });
      leaves.push(right);
      if (isLast) continue;
      for (const child of [leaf, right]) if (child.count === 0) free.push(child.slot);
    }
  }
  return { nodes, leaves };
}

/** Splits one leaf of the level: it becomes the left child, the right one is new. */
function splitLeaf(
  engine: BoostingEngine,
  features: readonly BinnedFeature[],
  leaf: GrowingLeaf,
  shared: SplitInfo,
  smallSlot: number,
  node: number,
  limits: GrowthLimits,
): { readonly node: Omit<GrownNode, 'left' | 'right'>; readonly right: GrowingLeaf } {
  const feature = features[shared.feature] as BinnedFeature;
  const leftBins = engine.leftBins(node);
  const { start, count, sums, slot: largeSlot } = leaf;
  fillLeftBins(leftBins, shared, feature);
  const left = engine.leftSums(largeSlot, shared.feature, node);
  const right: Sums = { g: sums.g - left.g, h: sums.h - left.h };
  const scan = smallSlot < 0 ? false : ('histograms' as const);
  const job = { start, count, feature: shared.feature, node, hasParent: true, smallSlot, largeSlot, scan, left, right };
  const { leftCount } = engine.split(job);
  const rightCount = count - leftCount;
  const defaultLeft = hasMissing(feature) ? shared.defaultLeft : leftCount >= rightCount;
  setMissingSide(leftBins, feature, defaultLeft);
  const leftIsSmall = leftCount <= rightCount;
  const depth = leaf.depth + 1;
  const score = (of: Sums) => scoreOf(engine, of, limits);
  const gain = (score(left) + score(right) - score(sums)) * engine.gainUnit();
  Object.assign(leaf, { count: leftCount, sums: left, depth, slot: leftIsSmall ? smallSlot : largeSlot });
  return {
    node: { feature: shared.feature, split: shared, sums, count, gain, defaultLeft, isSorted: false },
    right: {
      start: start + leftCount,
      count: rightCount,
      sums: right,
      depth,
      best: undefined,
      slot: leftIsSmall ? largeSlot : smallSlot,
      isSorted: false,
    },
  };
}

/** G²/(H + λ₂), G shrunk by λ₁, in quantised steps. */
function scoreOf(engine: BoostingEngine, { g, h }: Sums, { lambdaL1, lambdaL2 }: GrowthLimits): number {
  const shrunk = Math.max(0, Math.abs(g) - lambdaL1 * engine.gradientScale);
  return (shrunk * shrunk) / (h + Math.max(1, lambdaL2 * engine.hessianScale));
}

function tooWide(featureCount: number, depth: number): StudioError {
  return new StudioError(
    'kernel.unavailable',
    `The histograms of an oblivious tree of ${featureCount} features do not fit beyond depth ${depth}.`,
    { fix: `Set max_depth to ${depth}, use fewer features, or choose another grow_policy.` },
  );
}
