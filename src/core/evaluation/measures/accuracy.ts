import type { CutMeasure } from './measure.ts';

/** Share of customers decided rightly. Says little where conversions are rare. */
export const accuracy: CutMeasure = {
  label: 'Accuracy',
  description: 'The share of customers decided rightly; of rare conversions it says little.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falsePositive, trueNegative, falseNegative }) {
    return (truePositive + trueNegative) / (truePositive + falsePositive + trueNegative + falseNegative);
  },
};
