import { cellAt, type Column, type Frame, getColumn } from '../../data/frame.ts';
import type { RowFilter } from '../study-contract.ts';

/** Rows whose cell fits what was typed: "> 5", "<= 3", "= 2" of numbers, "missing", or a part of what stands there. */
export function matchingRows(frame: Frame, { column: name, text }: RowFilter): Uint32Array {
  const fits = cellTest(getColumn(frame, name), text.trim());
  const rows = new Uint32Array(frame.rowCount);
  let count = 0;
  for (let row = 0; row < frame.rowCount; row++) if (fits(row)) rows[count++] = row;
  return rows.subarray(0, count);
}

function cellTest(column: Column, text: string): (row: number) => boolean {
  if (text.toLowerCase() === 'missing') return (row) => cellAt(column, row) === null;
  const [, sign, limit] = /^(<=|>=|<|>|=|≤|≥)\s*(-?[\d.]+(?:e-?\d+)?)$/i.exec(text) ?? [];
  if (sign !== undefined && column.kind === 'number') {
    const { values } = column;
    const bound = Number(limit);
    return (row) => compares(values[row] as number, sign, bound);
  }
  const wanted = text.toLowerCase();
  const holds = (cell: string | number | null) => cell !== null && String(cell).toLowerCase().includes(wanted);
  if (column.kind !== 'category') return (row) => holds(cellAt(column, row));
  const levels = column.levels.map(holds);
  return (row) => levels[column.codes[row] as number] === true;
}

function compares(value: number, sign: string, bound: number): boolean {
  switch (sign) {
    case '<':
      return value < bound;
    case '<=':
    case '≤':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
    case '≥':
      return value >= bound;
    default:
      return value === bound;
  }
}
