import { equalCountBins } from '../equal-count-bins.ts';
import type { ScoreMeasure } from './measure.ts';

/** Conversion rate of the tenth of customers ranked highest over that of all; ties at the edge share evenly. */
export const lift10: ScoreMeasure = {
  label: 'Lift in top 10 %',
  description: 'How many times the average conversion rate the tenth ranked highest reaches.',
  reads: 'ranking',
  most: Number.POSITIVE_INFINITY,
  better: 'higher',
  of(groups) {
    const top = equalCountBins(groups, 10, 1)[0];
    if (!top) return Number.NaN;
    return top.positives / top.rows / (groups.positiveTotal / groups.rowTotal);
  },
};
