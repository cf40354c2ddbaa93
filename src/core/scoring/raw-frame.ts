import { type Column, createFrame, type Frame } from '../data/frame.ts';
import type { ColumnSchema } from '../data/schema.ts';

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
