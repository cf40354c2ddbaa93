import { rankingQuality } from '../../shared/statistics.ts';
import type { Loss } from './network-loss.ts';

/** What early stopping may watch. */
export type ValidationMetric = 'auc' | 'average_precision';

/** What is told of an epoch. AUC and average precision are NaN where only one class is present. */
export interface EpochScore {
  /** Mean of what training lowers (log-loss or focal loss) under the training weights. */
  readonly loss: number;
  readonly auc: number;
  readonly average_precision: number;
}

/** Loss and ranking quality of raw scores; `weights` weigh the loss alone, as the ranking counts customers. */
export function scoreEpoch(scores: Float32Array, labels: Float32Array, weights: Float32Array, loss: Loss): EpochScore {
  const { auc, averagePrecision } = rankingQuality(Float64Array.from(scores), labels);
  return { loss: weightedLoss(scores, labels, weights, loss), auc, average_precision: averagePrecision };
}

function weightedLoss(scores: Float32Array, labels: Float32Array, weights: Float32Array, { value }: Loss): number {
  let total = 0;
  let weightTotal = 0;
  for (let i = 0; i < scores.length; i++) {
    total += (weights[i] as number) * value(scores[i] as number, labels[i] as number);
    weightTotal += weights[i] as number;
  }
  return total / weightTotal;
}
