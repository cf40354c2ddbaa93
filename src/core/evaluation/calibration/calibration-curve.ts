import { rateBand } from '../bands.ts';
import { equalCountBins } from '../equal-count-bins.ts';
import { groupByScore } from '../score-groups.ts';

/** One of the equal-count groups of a calibration curve, from the lowest probability to the highest. */
export interface CalibrationPoint {
  readonly customers: number;
  /** Mean probability. */
  readonly predicted: number;
  /** Share who converted, with its 95 % band (Jeffreys). */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

/** Probability against outcome over equal-count groups of test customers. */
export function calibrationCurve(labels: Int8Array, probability: Float64Array, binCount = 10): CalibrationPoint[] {
  const bins = equalCountBins(groupByScore(labels, probability).groups, binCount);
  return bins.reverse().map((bin) => ({
    customers: bin.rows,
    predicted: bin.scoreTotal / bin.rows,
    observed: bin.positives / bin.rows,
    ...rateBand(bin.positives, bin.rows),
  }));
}
