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

/** Rows that others are compared with: the first of the table. */
export const backgroundRows = 100;

/** Attributions of a table's rows against its first 100, as interventional.child.ts tells them. */
export interface InterventionalFigures {
  readonly rowsPerSecond: number;
  /** From the shap package, the largest difference of an attribution. */
  readonly farthest: number;
}
