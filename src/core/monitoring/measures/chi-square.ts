import { binnedCounts } from '../distribution-pair.ts';
import type { DriftMeasure } from './measure.ts';

/**
 * Pearson's χ² of the two rows of counts, without Yates' correction: scipy's `chi2_contingency(…, correction=False)`, and
 * NannyML's statistic beyond two bins (with two it corrects). Evidently takes the reference shares as known exactly and
 * reports a p-value. It grows with the number of customers: compare it within one report only.
 */
export const chiSquare: DriftMeasure = {
  id: 'chi_square',
  label: 'χ²',
  help: 'Chi-square over the bins of PSI; grows with the number of customers, so compare it within one report.',
  of: (pair) => {
    const { reference, current } = binnedCounts(pair);
    const before = total(reference);
    const now = total(current);
    let sum = 0;
    reference.forEach((count, bin) => {
      const both = count + (current[bin] as number);
      if (both === 0) return;
      const expected = (both * before) / (before + now);
      const gap = count - expected;
      // Both rows miss their expectation by the same number of customers.
      sum += (gap * gap) / expected + (gap * gap) / (both - expected);
    });
    return sum;
  },
};

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
