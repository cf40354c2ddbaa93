import { equalCountBins } from '../equal-count-bins.ts';
import type { ScoreMeasure } from './measure.ts';

/** Share of all conversions that stand in the tenth of customers ranked highest. */
export const capture10: ScoreMeasure = {
  label: 'Buyers in top 10 %',
  description: 'The share of all buyers found among the tenth ranked highest.',
  reads: 'ranking',
  most: 1,
  better: 'higher',
  of(groups) {
    return (equalCountBins(groups, 10, 1)[0]?.positives ?? Number.NaN) / groups.positiveTotal;
  },
};
