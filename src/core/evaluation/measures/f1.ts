import type { CutMeasure } from './measure.ts';

/** Harmonic mean of precision and recall; 0 when there is no true positive. */
export const f1: CutMeasure = {
  label: 'F1',
  description: 'Precision and recall in one figure: high only when both are.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falsePositive, falseNegative }) {
    return truePositive === 0 ? 0 : (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative);
  },
};
