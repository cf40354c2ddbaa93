import type { ScoreMeasure } from './measure.ts';

/** Average precision, Σ (Rₙ − Rₙ₋₁) Pₙ over distinct scores (scikit-learn's `average_precision_score`). */
export const averagePrecision: ScoreMeasure = {
  label: 'PR-AUC',
  description: 'Precision averaged over all depths of the list: the conversion rate is what chance would reach.',
  reads: 'ranking',
  most: 1,
  better: 'higher',
  of({ rows, positives, positiveTotal }) {
    let rowsThrough = 0;
    let positivesThrough = 0;
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      rowsThrough += rows[i] as number;
      const positive = positives[i] as number;
      positivesThrough += positive;
      if (positive > 0) sum += positive * (positivesThrough / rowsThrough);
    }
    return sum / positiveTotal;
  },
};
