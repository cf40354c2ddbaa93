import type { DistributionPair } from '../distribution-pair.ts';

/** A way of saying how far a distribution moved. */
export interface DriftMeasure {
  /** Names its column in files. */
  readonly id: string;
  readonly label: string;
  /** One sentence for people: what it counts, and its range. */
  readonly help: string;
  /** NaN where it does not apply (no numbers, no categories, no rows at hand). */
  readonly of: (pair: DistributionPair) => number;
}
