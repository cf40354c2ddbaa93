import { type Column, cellAt } from '../data/frame.ts';
import type { ColumnSchema } from '../data/schema.ts';

/** What a customer has in a raw column, in plain words: "12 days ago", "62 %", "9", "310 EUR", "not known". */
export function rawValueWords(schema: ColumnSchema, column: Column, row: number, asOf: number | undefined): string {
  if (column.kind === 'date') {
    const days = column.days[row] as number;
    if (Number.isNaN(days)) return 'not known';
    return asOf === undefined ? String(cellAt(column, row)) : daysAgo(Math.floor(asOf) - Math.floor(days));
  }
  const cell = cellAt(column, row);
  if (cell === null) return 'not known';
  if (typeof cell === 'string') return cell;
  if (schema.unit === 'share') return `${short(cell * 100)} %`;
  const words = short(cell);
  return schema.unit === undefined || schema.unit === '' || schema.unit === 'count' ? words : `${words} ${schema.unit}`;
}

function daysAgo(days: number): string {
  if (days === 0) return 'on the snapshot day';
  const count = `${short(Math.abs(days))} ${Math.abs(days) === 1 ? 'day' : 'days'}`;
  return days > 0 ? `${count} ago` : `in ${count}`;
}

/** Four significant digits; whole numbers whole. */
function short(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4))).replace(/^-/, '−');
}
