/** A figure with its 95 % band. Bootstrap bands carry the noise of the test sample, not that of training again. */
export interface Banded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The value with the central 95 % of its resampled values around it; undefined (NaN) resamples are left out. */
export function bandOfResamples(value: number, resampled: Float64Array): Banded {
  const sorted = definedSorted(resampled);
  return { value, low: resampleQuantile(sorted, 0.025), high: resampleQuantile(sorted, 0.975) };
}

/**
 * The same for measures that resampling inflates: ECE and KS add up absolute gaps, and repeated customers widen every
 * gap. The resamples are moved so that their mean is the value, and the band is kept within 0 and `most`.
 */
export function centredBandOfResamples(value: number, resampled: Float64Array, most: number): Banded {
  const sorted = definedSorted(resampled);
  let sum = 0;
  for (const each of sorted) sum += each;
  const shift = value - sum / sorted.length;
  const within = (bound: number): number => Math.min(most, Math.max(0, bound + shift));
  return { value, low: within(resampleQuantile(sorted, 0.025)), high: within(resampleQuantile(sorted, 0.975)) };
}

function definedSorted(resampled: Float64Array): Float64Array {
  return resampled.filter((each) => !Number.isNaN(each)).sort();
}

/** The (n + 1)·share-th of n resamples: unlike numpy's default it does not narrow the band when resamples are few. */
function resampleQuantile(sorted: Float64Array, share: number): number {
  const within = (share * (sorted.length + 1) - 1) / (sorted.length - 1);
  return quantileOfSorted(sorted, Math.min(1, Math.max(0, within)));
}

/** Linear interpolation between order statistics, as numpy's default; NaN of nothing. */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (place - below);
}
