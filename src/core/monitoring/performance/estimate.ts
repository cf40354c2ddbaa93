import { argsortDescending, sum } from '../../shared/statistics.ts';

/** Performance as the probabilities alone expect it. */
export interface EstimatedPerformance {
  readonly auc: number;
  readonly precision: number;
  readonly recall: number;
  /** Mean probability: the conversion rate to come. */
  readonly baseRate: number;
}

/**
 * Confidence-based estimation without labels (CBPE; NannyML): each customer counts as converting by their calibrated
 * probability. It sees covariate drift. It cannot see concept drift: where customers come to behave otherwise, the
 * probabilities are wrong and it says that all is well.
 */
export function estimatePerformance(
  propensity: Float64Array,
  probability: Float64Array,
  cut: number,
): EstimatedPerformance {
  const conversions = sum(probability);
  let taken = 0;
  let hits = 0;
  for (let row = 0; row < propensity.length; row++) {
    if ((propensity[row] as number) < cut) continue;
    taken++;
    hits += probability[row] as number;
  }
  return {
    auc: expectedAuc(propensity, probability, conversions),
    precision: taken === 0 ? Number.NaN : hits / taken,
    recall: hits / conversions,
    baseRate: conversions / propensity.length,
  };
}

/** Expected wins over expected pairs; equal scores count half. NannyML rounds its counts to five decimals. */
function expectedAuc(propensity: Float64Array, probability: Float64Array, conversions: number): number {
  const order = argsortDescending(propensity);
  let yesAbove = 0;
  let wins = 0;
  for (let i = 0; i < order.length; ) {
    const score = propensity[order[i] as number] as number;
    const from = i;
    let yes = 0;
    while (i < order.length && propensity[order[i] as number] === score)
      yes += probability[order[i++] as number] as number;
    wins += (i - from - yes) * (yesAbove + yes / 2);
    yesAbove += yes;
  }
  return wins / (conversions * (order.length - conversions));
}
