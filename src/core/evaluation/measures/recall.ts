import type { CutMeasure } from './measure.ts';

/** Share of all buyers who stand above the cut; 0 when there are no buyers. */
export const recall: CutMeasure = {
  label: 'Recall',
  description: 'Of all buyers, the share above the cut.',
  reads: 'cut',
  better: 'higher',
  of({ truePositive, falseNegative }) {
    return truePositive === 0 ? 0 : truePositive / (truePositive + falseNegative);
  },
};
