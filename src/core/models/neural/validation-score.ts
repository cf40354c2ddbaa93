import { softplus } from '../../shared/exact-math.ts';
import { argsortDescending } from '../../shared/statistics.ts';

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
  return { loss: weightedLoss(scores, labels, weights), ...rankingScores(scores, labels) };
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

/** AUC (ties count half) and average precision, from groups of equal scores, highest first. */
function rankingScores(scores: Float32Array, labels: Float32Array): { auc: number; average_precision: number } {
  const order = argsortDescending(Float64Array.from(scores));
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  let precisions = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i] as number];
    let positive = 0;
    let negative = 0;
    for (; i < order.length && scores[order[i] as number] === score; i++) {
      if (labels[order[i] as number] === 1) positive++;
      else negative++;
    }
    if (positive + negative === 0) break;
    wins += negative * (positives + positive / 2);
    positives += positive;
    negatives += negative;
    precisions += (positive * positives) / (positives + negatives);
  }
  if (positives === 0 || negatives === 0) return { auc: Number.NaN, average_precision: Number.NaN };
  return { auc: wins / (positives * negatives), average_precision: precisions / positives };
}
