/** Attributions of all rows of a table, as attribute.child.ts tells them. */
export interface AttributionFigures {
  /** First run in the process: reading the trees and making the entries is inside. */
  readonly rowsPerSecond: number;
  /** Resident memory that it added at its peak, the answer included. */
  readonly grownMb: number;
  /** From LightGBM's pred_contrib, the largest difference of an attribution. */
  readonly farthest: number;
  /** The largest |base + Σ attributions − raw score| of a row. */
  readonly residual: number;
}
