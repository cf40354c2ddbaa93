import { type Bins, planColumns } from '../../kernels/boosting-columns.ts';
import type { BoostingPlan } from '../../kernels/boosting-engine.ts';
import { StudioError } from '../../shared/errors.ts';
import type { TrainingInput } from '../model.ts';
import type { BinnedTable } from './binned-data.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import type { FeatureRules } from './feature-rules.ts';
import { treeSize } from './growers/catalogue.ts';
import { isConstrained } from './leaf-rules.ts';

export interface ClassCounts {
  readonly positives: number;
  readonly negatives: number;
  /** By row weight. */
  readonly positiveShare: number;
}

/** Counts of both outcomes among the training rows. Throws `data.label` where one is missing. */
export function classCounts({ labels, train, weights }: TrainingInput): ClassCounts {
  let positives = 0;
  let positiveWeight = 0;
  let weight = 0;
  for (const row of train) {
    const w = weights ? (weights[row] as number) : 1;
    weight += w;
    if (labels[row] !== 1) continue;
    positives++;
    positiveWeight += w;
  }
  const negatives = train.length - positives;
  const positiveShare = positiveWeight / weight;
  if (positives === 0 || negatives === 0 || !(positiveShare > 0 && positiveShare < 1)) {
    throw new StudioError('data.label', `The training rows hold ${positives} conversions and ${negatives} others.`, {
      fix: 'Training needs both outcomes: choose another label column or more rows.',
    });
  }
  return { positives, negatives, positiveShare };
}

/** What the kernel is to lay out and keep to. `is_unbalance` weighs the rarer class by the ratio of row counts, as LightGBM does. */
export function planOf(
  input: TrainingInput,
  chosen: BoostingParameters,
  { data, bins }: BinnedTable,
  rules: FeatureRules,
  { positives, negatives }: ClassCounts,
): BoostingPlan {
  const balance = chosen.is_unbalance ? Math.max(positives, negatives) / Math.min(positives, negatives) : 1;
  const { maxLeaves } = treeSize(chosen);
  const features = data.used.map(({ mapper }, index) => ({ binCount: mapper.binCount, bins: bins[index] as Bins }));
  return {
    rows: input.train.length,
    allRows: input.train.length + input.validation.length,
    features: data.used.map(({ mapper, firstBinIsRest }, index) => ({
      binCount: mapper.binCount,
      kind: mapper.kind === 'category' ? 'category' : mapper.hasMissing ? 'numberWithMissing' : 'number',
      monotone: rules.monotone[index] as -1 | 0 | 1,
      firstBinIsRest,
    })),
    columns: planColumns(features, input.train.length, maxLeaves),
    maxLeaves,
    asksAgain: chosen.grow_policy !== 'leafwise',
    isWeighted: input.weights !== undefined,
    settings: {
      lambdaL1: chosen.lambda_l1,
      lambdaL2: chosen.lambda_l2,
      minDataInLeaf: chosen.min_data_in_leaf,
      minSumHessian: chosen.min_sum_hessian_in_leaf,
      minGain: chosen.min_gain_to_split,
      positiveWeight: chosen.scale_pos_weight * (positives < negatives ? balance : 1),
      negativeWeight: negatives < positives ? balance : 1,
      catL2: chosen.cat_l2,
      catSmooth: chosen.cat_smooth,
      minDataPerGroup: chosen.min_data_per_group,
      maxCatThreshold: chosen.max_cat_threshold,
      maxCatToOnehot: chosen.max_cat_to_onehot,
    },
    ...(isConstrained(chosen, rules)
      ? {
          constraints: {
            maxDeltaStep: chosen.max_delta_step,
            pathSmooth: chosen.path_smooth,
            extraTrees: chosen.extra_trees,
          },
        }
      : {}),
  };
}
