import type { DriftMeasure } from './measure.ts';

/** What a reference that hardly varies is divided by, as Evidently does. */
const leastNorm = 0.001;

/**
 * First Wasserstein distance divided by the reference's standard deviation (at least 0.001): Evidently's
 * "Wasserstein distance (normed)"; NannyML's and scipy's `wasserstein_distance` are the same undivided. Missing left out.
 * Against a bundle's quantiles the outermost half per cent on each side counts as if it stood at that quantile.
 */
export const wasserstein: DriftMeasure = {
  id: 'wasserstein',
  label: 'Wasserstein',
  help: 'Mean distance that values must move, in standard deviations of the reference; 0 and up. Numbers only.',
  of: ({ values }) => (values ? values.gaps().area / Math.max(values.referenceDeviation, leastNorm) : Number.NaN),
};
