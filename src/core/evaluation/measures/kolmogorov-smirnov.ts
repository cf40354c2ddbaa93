import type { ScoreMeasure } from './measure.ts';

/** Two-sample Kolmogorov–Smirnov statistic between the scores of buyers and of non-buyers (scipy's `ks_2samp`). */
export const kolmogorovSmirnov: ScoreMeasure = {
  label: 'KS',
  description: 'The widest gap between the shares of buyers and of non-buyers reached at one depth.',
  reads: 'ranking',
  most: 1,
  better: 'higher',
  of({ rows, positives, rowTotal, positiveTotal }) {
    const negativeTotal = rowTotal - positiveTotal;
    if (positiveTotal === 0 || negativeTotal === 0) return Number.NaN;
    let positive = 0;
    let negative = 0;
    let widest = 0;
    for (let i = 0; i < rows.length; i++) {
      positive += positives[i] as number;
      negative += (rows[i] as number) - (positives[i] as number);
      widest = Math.max(widest, Math.abs(positive / positiveTotal - negative / negativeTotal));
    }
    return widest;
  },
};
