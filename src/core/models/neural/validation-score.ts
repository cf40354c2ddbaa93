import { softplus } from '../../shared/exact-math.ts';
import { rankingQuality } from '../../shared/statistics.ts';

/** What early stopping may watch. */
export type ValidationMetric = 'auc' | 'average_precision';

/** What is told of an epoch. AUC and average precision are NaN where only one class is present. */
export interface EpochScore {
  /** Mean log-loss under the training weights. */
  readonly loss: number;
  readonly auc: number;
  readonly average_precision: number;
}

/** Loss and ranking quality of raw scores; `weights` weigh the loss alone, as the ranking counts customers. */
export function scoreEpoch(scores: Float32Array, labels: Float32Array, weights: Float32Array): EpochScore {
  const { auc, averagePrecision } = rankingQuality(Float64Array.from(scores), labels);
  return { loss: weightedLoss(scores, labels, weights), auc, average_precision: averagePrecision };
}

function weightedLoss(scores: Float32Array, labels: Float32Array, weights: Float32Array): number {
  let total = 0;
  let weightTotal = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    total += (weights[i] as number) * (softplus(score) - (labels[i] as number) * score);
    weightTotal += weights[i] as number;
  }
  return total / weightTotal;
}
