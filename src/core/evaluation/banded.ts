/** A figure with its 95 % band. Bootstrap bands carry the noise of the test sample, not that of training again. */
export interface Banded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The value with the central 95 % of its resampled values around it; undefined (NaN) resamples are left out. */
export function bandOfResamples(value: number, resampled: Float64Array): Banded {
  const sorted = resampled.filter((each) => !Number.isNaN(each)).sort();
  return { value, low: quantileOfSorted(sorted, 0.025), high: quantileOfSorted(sorted, 0.975) };
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
