import type { DriftMeasure } from './measure.ts';
import { binnedCounts } from '../distribution-pair.ts';
import { sharesOf } from '../psi.ts';

/** Share of customers without a value, now minus then: −1 to 1. NannyML's missing-values rate, as a difference. */
export const missingShift: DriftMeasure = {
  id: 'missing_shift',
  label: 'Missing, change',
  help: 'Share of customers without a value, now minus then.',
  of: (pair) => {
    const { reference, current } = binnedCounts(pair);
    return (sharesOf(current).at(-1) as number) - (sharesOf(reference).at(-1) as number);
  },
};
