import { binnedCounts } from '../distribution-pair.ts';
import { sharesOf } from '../psi.ts';
import type { DriftMeasure } from './measure.ts';

/**
 * Hellinger distance √(1 − Σ√(p·q)), 0 to 1. Of the same shares it equals Evidently's and NannyML's; the bins are PSI's
 * here and missing is one of them, where Evidently cuts by Sturges' rule over the distinct values and drops missing.
 */
export const hellinger: DriftMeasure = {
  id: 'hellinger',
  label: 'Hellinger',
  help: 'Hellinger distance over the bins of PSI, 0 (alike) to 1 (nothing in common).',
  of: (pair) => {
    const { reference, current } = binnedCounts(pair);
    const now = sharesOf(current);
    const shared = sharesOf(reference).reduce((sum, p, bin) => sum + Math.sqrt(p * (now[bin] as number)), 0);
    return Math.sqrt(Math.max(0, 1 - shared));
  },
};
