import type { Column } from './frame.ts';

/** What a column is for. `sensitive` is reported on and no feature unless chosen; `contacted` marks who was reached before. */
export type Role = 'label' | 'id' | 'date' | 'feature' | 'sensitive' | 'contacted' | 'ignore';

export type ColumnKind = Column['kind'];

/** One raw column: drives the generator, docs, API validation, forms and reasons. */
export interface ColumnSchema {
  readonly name: string;
  /** Plain words, sentence case: "Days since the last purchase". */
  readonly description: string;
  readonly kind: ColumnKind;
  readonly role: Role;
  /** "days", "EUR", "share", "count" … */
  readonly unit?: string;
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** The known levels of a category, in order of code. */
  readonly levels?: readonly string[];
  /** Whether values may be missing. */
  readonly optional?: boolean;
  /** Whether the business could change it (an e-mail rate) or not (an age). */
  readonly changeable?: boolean;
}

/** A table's raw schema. `label` is the column that says who converted and `positive` the value that means yes. */
export interface TableSchema {
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
  readonly label?: { readonly column: string; readonly positive: string };
}

/** The label of a row: 1 converted, 0 did not, -1 not known yet (a customer to score, never "no"). */
export type Labels = Int8Array;
