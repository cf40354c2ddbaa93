import type { BoostingEngine } from '../../../kernels/boosting-engine.ts';
import type { BinnedFeature } from '../binned-data.ts';
import { type GrowthLimits, type GrowthRoot, type GrownTree, growTree } from '../grow-tree.ts';
import { growOblivious } from './grow-oblivious.ts';

/** One way of growing a tree from binned features. */
export interface Grower {
  /** The deepest level where `max_depth` names none; 0 is no limit. */
  readonly usualDepth: number;
  /** Whether `num_leaves` bounds it besides `max_depth`. */
  readonly countsLeaves: boolean;
  /** Whether category columns are read as numbers, by ordered target statistics. */
  readonly readsTargetStatistics: boolean;
  grow(engine: BoostingEngine, features: readonly BinnedFeature[], root: GrowthRoot, limits: GrowthLimits): GrownTree;
}

/** The growers by the value of `grow_policy`. */
export const growers = {
  /** LightGBM's: the leaf with the greatest gain next. */
  leafwise: { usualDepth: 0, countsLeaves: true, readsTargetStatistics: false, grow: growTree },
  /** XGBoost's (Chen and Guestrin 2016): level by level, each leaf by its own best split. */
  depthwise: {
    usualDepth: 6,
    countsLeaves: true,
    readsTargetStatistics: false,
    grow: (engine, features, root, limits) => growTree(engine, features, root, { ...limits, isLevelFirst: true }),
  },
  /** CatBoost's (Prokhorenkova et al. 2018): one split a level, shared by all of its leaves. */
  oblivious: { usualDepth: 6, countsLeaves: false, readsTargetStatistics: true, grow: growOblivious },
} as const satisfies Readonly<Record<string, Grower>>;

export type GrowPolicy = keyof typeof growers;

interface TreeParameters {
  readonly grow_policy: GrowPolicy;
  readonly max_depth: number;
  readonly num_leaves: number;
}

/** How deep and how wide trees grow: `maxDepth` 0 is no limit. */
export function treeSize({ grow_policy, max_depth, num_leaves }: TreeParameters): {
  readonly maxDepth: number;
  readonly maxLeaves: number;
} {
  const grower = growers[grow_policy];
  const maxDepth = max_depth > 0 ? max_depth : grower.usualDepth;
  const full = maxDepth > 0 && maxDepth < 31 ? 1 << maxDepth : Number.POSITIVE_INFINITY;
  return { maxDepth, maxLeaves: grower.countsLeaves ? Math.min(num_leaves, full) : full };
}
