import type { CutMeasure } from './measure.ts';

/** Share of those above the cut who convert; 0 when nobody is above it, as scikit-learn's `zero_division=0`. */
export const precision: CutMeasure = {
  label: 'Precision',
  description: 'Of those above the cut, the share who convert.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falsePositive }) {
    return truePositive === 0 ? 0 : truePositive / (truePositive + falsePositive);
  },
};
