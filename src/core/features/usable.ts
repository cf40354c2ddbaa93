import type { ColumnKind } from '../data/schema.ts';
import { findColumn } from '../data/frame.ts';
import type { Table } from '../data/table.ts';

/**
 * The raw columns that features may be made from, with their kind: those with the role of a feature or a date. Dates
 * need a snapshot day; free text is never used.
 */
export function usableColumns(table: Table, exclude: readonly string[]): ReadonlyMap<string, ColumnKind> {
  const usable = new Map<string, ColumnKind>();
  for (const { name, role } of table.schema.columns) {
    const column = findColumn(table.frame, name);
    if (!column || column.kind === 'text' || exclude.includes(name)) continue;
    if (role !== 'feature' && !(role === 'date' && column.kind === 'date')) continue;
    if (column.kind === 'date' && table.asOf === undefined) continue;
    usable.set(name, column.kind);
  }
  return usable;
}
