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
  of: ({ values }) => (values ? widestGap(values.reference, values.current) : Number.NaN),
};

function widestGap(a: Float64Array, b: Float64Array): number {
  if (a.length === 0 || b.length === 0) return Number.NaN;
  let widest = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (i < a.length && (a[i] as number) <= value) i++;
    while (j < b.length && (b[j] as number) <= value) j++;
    widest = Math.max(widest, Math.abs(i / a.length - j / b.length));
  }
  return widest;
}
