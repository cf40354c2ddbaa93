import type { Frame } from './frame.ts';
import type { Labels, TableSchema } from './schema.ts';

/** A table of customers as every room sees it: columns, what they mean, who converted, and the day it was taken. */
export interface Table {
  readonly frame: Frame;
  readonly schema: TableSchema;
  /** One per row; absent when the table has no label. */
  readonly labels?: Labels;
  /** Snapshot day, in days since 1970-01-01 UTC: one for the table, or one per row (a snapshot column). */
  readonly asOf?: number | Float64Array;
  /** The chance of converting that a label was drawn from, where known (sample customers). Never a feature. */
  readonly trueProbability?: Float64Array;
}
