import type { DriftMeasure } from './measure.ts';

/**
 * Two-sample Kolmogorov–Smirnov statistic: the widest gap between the two cumulative shares, 0 to 1. Equals scipy's
 * `ks_2samp` and NannyML's; Evidently reports its p-value, which any difference makes tiny at 50,000 rows. Missing left
 * out. Against a bundle's quantiles within half a quantile's share, 0.005, and more at values that many customers share.
 */
export const kolmogorovSmirnov: DriftMeasure = {
  id: 'ks',
  label: 'KS',
  help: 'Kolmogorov–Smirnov: the widest gap between the cumulative shares, 0 to 1. Numbers only.',
  of: ({ values }) => values?.gaps().widest ?? Number.NaN,
};
