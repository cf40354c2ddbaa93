import type { CutMeasure } from './measure.ts';

/** Mean of the shares of buyers and of non-buyers decided rightly (scikit-learn's `balanced_accuracy_score`). */
export const balancedAccuracy: CutMeasure = {
  label: 'Balanced accuracy',
  description: 'The mean of the shares of buyers and of non-buyers decided rightly.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falsePositive, trueNegative, falseNegative }) {
    const buyers = truePositive + falseNegative;
    const others = trueNegative + falsePositive;
    if (buyers === 0) return trueNegative / others;
    if (others === 0) return truePositive / buyers;
    return (truePositive / buyers + trueNegative / others) / 2;
  },
};
