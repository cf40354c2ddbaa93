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
  of: ({ values }) =>
    values ? distance(values.reference, values.current) / Math.max(values.referenceDeviation, leastNorm) : Number.NaN,
};

/** ∫ |F − G|, value by value. */
function distance(a: Float64Array, b: Float64Array): number {
  if (a.length === 0 || b.length === 0) return Number.NaN;
  let sum = 0;
  let last = Math.min(a[0] as number, b[0] as number);
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    sum += Math.abs(i / a.length - j / b.length) * (value - last);
    while (i < a.length && (a[i] as number) <= value) i++;
    while (j < b.length && (b[j] as number) <= value) j++;
    last = value;
  }
  return sum;
}
