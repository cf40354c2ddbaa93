import { createRandom } from '../shared/random.ts';
import { sortedQuantile } from '../shared/statistics.ts';

/** The mean |attribution| of a feature, with the 95 % band of the customers it was taken over (Efron 1979). */
export interface ImportanceBand {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean size of attributions by feature, each with a percentile bootstrap band over customers: how far another draw of
 * customers would move it, not another training.
 * @param sizes |attribution| by feature: row r of feature f is sizes[f][r]
 */
export function importanceBands(sizes: readonly Float64Array[], seed: number, resamples = 200): ImportanceBand[] {
  const rowCount = sizes[0]?.length ?? 0;
  const random = createRandom(seed);
  const drawn = new Uint16Array(rowCount);
  const means = sizes.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0);
    for (let draw = 0; draw < rowCount; draw++) drawn[random.integer(rowCount)]!++;
    sizes.forEach((values, feature) => {
      let sum = 0;
      for (let row = 0; row < rowCount; row++) sum += drawn[row]! * values[row]!;
      means[feature]![resample] = sum / rowCount;
    });
  }
  return sizes.map((values, feature) => {
    let sum = 0;
    for (let row = 0; row < rowCount; row++) sum += values[row]!;
    const sorted = means[feature]!.sort();
    const value = rowCount === 0 ? 0 : sum / rowCount;
    return rowCount === 0
      ? { value, low: 0, high: 0 }
      : { value, low: sortedQuantile(sorted, 0.025), high: sortedQuantile(sorted, 0.975) };
  });
}
