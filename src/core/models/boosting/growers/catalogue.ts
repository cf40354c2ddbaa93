import type { BoostingEngine } from '../../../kernels/boosting-engine.ts';
import type { BinnedFeature } from '../binned-data.ts';
import { type GrowthLimits, type GrowthRoot, type GrownTree, growTree } from '../grow-tree.ts';
import { growOblivious } from './grow-oblivious.ts';

/** One way of growing a tree from binned features. */
export interface Grower {
  /** Parameters that mean nothing here: setting them is refused. */
  readonly unknown: readonly string[];
  /** Where trees are full, the deepest they may be: all leaves of a level are in memory at once. */
  readonly deepest: number | undefined;
  /** Whether category columns are read as numbers, by ordered target statistics. */
  readonly readsTargetStatistics: boolean;
  /** Whether a bag shapes the tree alone, and all training rows give its leaves their values. */
  readonly valuesFromAllRows: boolean;
  grow(engine: BoostingEngine, features: readonly BinnedFeature[], root: GrowthRoot, limits: GrowthLimits): GrownTree;
}

export type GrowPolicy = 'leafwise' | 'depthwise' | 'oblivious';

/** The growers by the value of `grow_policy`. */
export const growers: Readonly<Record<GrowPolicy, Grower>> = {
  /** LightGBM's: the leaf with the greatest gain next. */
  leafwise: { unknown: [], deepest: undefined, readsTargetStatistics: false, valuesFromAllRows: false, grow: growTree },
  /** XGBoost's (Chen and Guestrin 2016): level by level, each leaf by its own best split. */
  depthwise: {
    unknown: [],
    deepest: undefined,
    readsTargetStatistics: false,
    valuesFromAllRows: false,
    grow: (engine, features, root, limits) => growTree(engine, features, root, { ...limits, isLevelFirst: true }),
  },
  /** CatBoost's (Prokhorenkova et al. 2018): one split a level, shared by all of its leaves. */
  oblivious: {
    unknown: [
      'num_leaves',
      'min_data_in_leaf',
      'min_sum_hessian_in_leaf',
      'feature_fraction_bynode',
      'monotone_constraints',
      'interaction_constraints',
      'path_smooth',
      'extra_trees',
      'cat_l2',
      'cat_smooth',
      'max_cat_threshold',
      'min_data_per_group',
    ],
    deepest: 12,
    readsTargetStatistics: true,
    valuesFromAllRows: true,
    grow: growOblivious,
  },
};

interface TreeParameters {
  readonly max_depth: number;
  readonly num_leaves: number;
}

/** How deep and how wide trees grow: `maxDepth` 0 is no limit. */
export function treeSize({ max_depth, num_leaves }: TreeParameters): {
  readonly maxDepth: number;
  readonly maxLeaves: number;
} {
  const maxDepth = Math.max(0, max_depth);
  const full = maxDepth > 0 && maxDepth < 31 ? 1 << maxDepth : Number.POSITIVE_INFINITY;
  return { maxDepth, maxLeaves: Math.min(num_leaves, full) };
}
