import { type Column, createFrame, type Frame } from '../data/frame.ts';
import type { ColumnSchema, TableSchema } from '../data/schema.ts';
import type { RecordFinding } from './record-finding.ts';
import { createRecordReader } from './record-reader.ts';

export interface RecordTable {
  /** The schema's needed columns, one row per record; rows of refused records hold missing values. */
  readonly frame: Frame;
  /** Snapshot day of each record: its own `as_of`, else the one given. */
  readonly asOf: Float64Array;
  readonly findings: readonly RecordFinding[];
}

/** Customers as sent (JSON values) as a table, read as the scorer reads them. */
export function frameFromRecords(
  records: readonly unknown[],
  schema: TableSchema,
  needed: ReadonlySet<string>,
  asOf: number | undefined,
): RecordTable {
  const findings: RecordFinding[] = [];
  const { columns, read } = createRecordReader(schema, needed);
  const row = new Float64Array(columns.length);
  const values = new Float64Array(records.length * columns.length).fill(Number.NaN);
  const days = Float64Array.from(records, (record, place) => {
    const known = read(record, place, asOf, row, findings);
    if (known) values.set(row, place * columns.length);
    return known?.asOf ?? Number.NaN;
  });
  return { frame: rawFrame(columns, values, records.length), asOf: days, findings };
}

/** Values as a record reader writes them, row after row, as a table of its columns. */
export function rawFrame(columns: readonly ColumnSchema[], values: Float64Array, rowCount: number): Frame {
  const width = columns.length;
  const ofColumn = (place: number) =>
    Float64Array.from({ length: rowCount }, (_, row) => values[row * width + place] as number);
  return createFrame(
    columns.map(({ kind, name, levels = [] }, place): Column => {
      const found = ofColumn(place);
      if (kind === 'date') return { kind, name, days: found };
      if (kind !== 'category') return { kind: 'number', name, values: found };
      return { kind, name, codes: Int32Array.from(found, (code) => (Number.isNaN(code) ? -1 : code)), levels };
    }),
    rowCount,
  );
}
