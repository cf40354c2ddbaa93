import { binnedCounts } from '../distribution-pair.ts';
import { psi, sharesOf } from '../psi.ts';
import type { DriftMeasure } from './measure.ts';

/** The PSI that the bands 0.1 and 0.2 were made for: ten reference quantiles (or levels), missing a bin of its own. */
export const psiQuantile: DriftMeasure = {
  id: 'psi',
  label: 'PSI',
  help: 'Population stability index over ten reference quantiles; below 0.1 stable, from 0.2 significant.',
  of: (pair) => {
    const { reference, current } = binnedCounts(pair);
    return psi(sharesOf(reference), sharesOf(current));
  },
};
