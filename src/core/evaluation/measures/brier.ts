import type { ScoreMeasure } from './measure.ts';

/** Mean squared distance between probability and outcome (scikit-learn's `brier_score_loss`). */
export const brier: ScoreMeasure = {
  label: 'Brier',
  description: 'The mean squared distance between the probability and what happened; lower is better.',
  reads: 'probability',
  most: 1,
  better: 'lower',
  of({ scores, rows, positives, rowTotal }) {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const probability = scores[i] as number;
      const positive = positives[i] as number;
      sum += positive * (1 - probability) * (1 - probability);
      sum += ((rows[i] as number) - positive) * probability * probability;
    }
    return sum / rowTotal;
  },
};
