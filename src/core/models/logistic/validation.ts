import { softplus } from '../../shared/exact-math.ts';
import { rankingQuality } from '../../shared/statistics.ts';

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
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    const weight = weights[i] as number;
    loss += weight * softplus(labels[i] === 1 ? -score : score);
    total += weight;
  }
  return { loss: loss / total, auc: rankingQuality(scores, labels).auc };
}
