import { ascendingValues, mean, sortedQuantile } from '../shared/statistics.ts';

/** A figure with its 95 % band. Bootstrap bands carry the noise of the test sample, not that of training again. */
export interface Banded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The value with the central 95 % of its resampled values around it; undefined (NaN) resamples are left out. */
export function bandOfResamples(value: number, resampled: Float64Array): Banded {
  const sorted = ascendingValues(resampled);
  return { value, low: resampleQuantile(sorted, 0.025), high: resampleQuantile(sorted, 0.975) };
}

/**
 * The same for measures that resampling inflates: ECE and KS add up absolute gaps, and repeated customers widen every
 * gap. The resamples are moved so that their mean is the value, their distances from it multiplied by `scale`, and the
 * band is kept within 0 and `most`.
 */
export function centredBandOfResamples(value: number, resampled: Float64Array, most: number, scale = 1): Banded {
  const sorted = ascendingValues(resampled);
  const centre = mean(sorted);
  const within = (bound: number): number => Math.min(most, Math.max(0, value + scale * (bound - centre)));
  return { value, low: within(resampleQuantile(sorted, 0.025)), high: within(resampleQuantile(sorted, 0.975)) };
}

/** The (n + 1)·share-th of n resamples: unlike numpy's default it does not narrow the band when resamples are few. */
function resampleQuantile(sorted: Float64Array, share: number): number {
  const within = (share * (sorted.length + 1) - 1) / (sorted.length - 1);
  return sortedQuantile(sorted, Math.min(1, Math.max(0, within)));
}
