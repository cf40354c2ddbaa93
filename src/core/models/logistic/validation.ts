import { softplus } from '../../shared/exact-math.ts';
import { ranks } from '../../shared/statistics.ts';

/** How raw scores do on validation rows. */
export interface ValidationScore {
  /** Mean log-loss under the training weights. */
  readonly loss: number;
  /** Ties count half; NaN where only one class is present. */
  readonly auc: number;
}

/** `weights` weigh the loss alone: the ranking counts customers. */
export function scoreValidation(scores: Float64Array, labels: Int8Array, weights: Float64Array): ValidationScore {
  let loss = 0;
  let total = 0;
  let positives = 0;
  let rankSum = 0;
  const ranked = ranks(scores);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    const weight = weights[i] as number;
    const positive = labels[i] === 1;
    loss += weight * (positive ? softplus(-score) : softplus(score));
    total += weight;
    if (positive) {
      positives++;
      rankSum += ranked[i] as number;
    }
  }
  const pairs = positives * (scores.length - positives);
  return { loss: loss / total, auc: pairs === 0 ? Number.NaN : (rankSum - (positives * (positives + 1)) / 2) / pairs };
}
