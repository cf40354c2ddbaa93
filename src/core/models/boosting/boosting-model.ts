import type { Parameters } from '../parameters.ts';

/** One tree in LightGBM's own layout (facts of the text format, section 1.4): node 0 is the root, a negative child is leaf ~child. */
export interface Tree {
  readonly leafCount: number;
  readonly splitFeature: Int32Array;
  /** Numeric: go left iff value <= threshold. Categorical: index into catBoundaries. */
  readonly threshold: Float64Array;
  /** bit 0 categorical, bit 1 default-left, bits 2–3 missing type (0 None, 4 Zero, 8 NaN). */
  readonly decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  readonly splitGain: Float64Array;
  readonly leafValue: Float64Array;
  readonly leafWeight: Float64Array;
  readonly leafCountRows: Int32Array;
  readonly internalValue: Float64Array;
  readonly internalWeight: Float64Array;
  readonly internalCount: Int32Array;
  readonly catBoundaries: Int32Array;
  readonly catThreshold: Uint32Array;
  readonly shrinkage: number;
}

/**
 * A category's conversion rates among the training rows, smoothed towards the overall one: what oblivious trees read
 * instead of a level. `unseen` is for levels that training did not know.
 */
export interface TargetStatistic {
  readonly missing: number;
  /** By level, in the order of the feature's levels. */
  readonly levels: Float64Array;
  readonly unseen: number;
}

/** A column as the trees see it. A category's level with frame code c is the number c + 1; 0 stands for missing or unseen. */
export interface BoostingFeature {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly levels?: readonly string[];
  /** LightGBM's feature_infos token: "none", "[min:max]" or "-1:1:2:…". */
  readonly info: string;
  /** 0 where the model comes from pandas: the levels are numbered from 0, and missing or unseen is NaN. Absent: 1. */
  readonly firstCode?: 0;
  /** Only of a category that the trees read as a number. */
  readonly statistic?: TargetStatistic;
}

/** How LightGBM turns the sum of the leaf values into a probability: sigmoid(`sigmoid` × sum); 1 for cross_entropy. */
export interface BoostingObjective {
  readonly name: 'binary' | 'cross_entropy';
  readonly sigmoid: number;
}

/** Gradient boosted trees: the sum of the leaf values, in file order, from 0; `createLogOdds` makes log-odds of it. */
export interface BoostingModel {
  readonly kind: 'boosting';
  readonly features: readonly BoostingFeature[];
  readonly trees: readonly Tree[];
  readonly parameters: Parameters;
  /** Absent: binary, sigmoid 1. */
  readonly objective?: BoostingObjective;
  /** LightGBM's average_output (random forests): the mean over the trees, not the sum. */
  readonly averageOutput?: true;
  /** A foreign file's pandas_categorical, JSON on one line, kept as it was: its values need not be text. */
  readonly pandasCategorical?: string;
}
