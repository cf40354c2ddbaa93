import type { CutMeasure } from './measure.ts';

/** Matthews correlation coefficient, −1 to 1; 0 where undefined (scikit-learn's `matthews_corrcoef`). */
export const matthewsCorrelation: CutMeasure = {
  label: 'MCC',
  description: 'The correlation between decision and outcome: 0 is chance, 1 is perfect.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falsePositive, trueNegative, falseNegative }) {
    const spread =
      Math.sqrt((truePositive + falsePositive) * (truePositive + falseNegative)) *
      Math.sqrt((trueNegative + falsePositive) * (trueNegative + falseNegative));
    return spread === 0 ? 0 : (truePositive * trueNegative - falsePositive * falseNegative) / spread;
  },
};
