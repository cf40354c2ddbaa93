import { parseDate } from '../data/dates.ts';
import { type Column, type Frame, createFrame, createTextColumn, formatDay } from '../data/frame.ts';
import type { ColumnSchema, TableSchema } from '../data/schema.ts';
import { type RecordFinding, pointerTo, quote } from './record-finding.ts';

export interface RecordTable {
  /** The schema's needed columns, one row per record; rows of refused records hold missing values. */
  readonly frame: Frame;
  /** Snapshot day of each record: its own `as_of`, else the one given. */
  readonly asOf: Float64Array;
  /** 1 where the record cannot be scored. */
  readonly refused: Uint8Array;
  readonly findings: readonly RecordFinding[];
}

/** The field by which a customer brings its own snapshot day. */
export const asOfField = 'as_of';
/** The field by which a customer is known, where the study has no id column. */
export const idField = 'customer_id';

/**
 * Customers as sent (JSON values) as a frame. Only the `needed` columns are read. A required field that is absent, a wrong
 * type and a bad date refuse the customer; an unknown field, an unseen category (treated as missing), a value outside the
 * schema's range (kept) and a date after the snapshot day are noted.
 */
export function frameFromRecords(
  records: readonly unknown[],
  schema: TableSchema,
  needed: ReadonlySet<string>,
  asOf: number | undefined,
): RecordTable {
  const findings: RecordFinding[] = [];
  const refused = new Uint8Array(records.length);
  const refuse = (record: number, pointer: string, detail: string): void => {
    refused[record] = 1;
    findings.push({ record, pointer, level: 'refused', detail });
  };
  const note = (record: number, pointer: string, detail: string): void => {
    findings.push({ record, pointer, level: 'note', detail });
  };

  const known = new Set([...schema.columns.map((column) => column.name), asOfField, idField]);
  const fields = records.map((record, index): ReadonlyMap<string, unknown> | undefined => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      refuse(index, '', `A customer is an object of fields; found ${quote(record)}.`);
      return undefined;
    }
    // A Map, so that a field called "constructor" is a field and nothing else.
    const map = new Map(Object.entries(record));
    for (const name of map.keys()) {
      if (!known.has(name)) note(index, pointerTo(name), `"${name}" is not a column of this study; it is ignored.`);
    }
    return map;
  });

  const days = Float64Array.from(fields, (map, index) => {
    const value = map?.get(asOfField);
    if (value === undefined || value === null) return asOf ?? Number.NaN;
    const day = typeof value === 'string' ? parseIsoDay(value) : undefined;
    if (day === undefined)
      refuse(index, pointerTo(asOfField), `Expected a date such as "2025-06-30"; found ${quote(value)}.`);
    return day ?? Number.NaN;
  });

  const columns = schema.columns
    .filter((column) => needed.has(column.name))
    .map((column): Column => {
      const pointer = pointerTo(column.name);
      const cells = fields.map((map, index) => {
        if (!map) return undefined;
        const value = map.get(column.name);
        if (value === undefined || value === null) {
          if (!column.optional) refuse(index, pointer, `"${column.name}" is required: ${column.description}.`);
          return undefined;
        }
        const read = readCell(column, value);
        if (read.problem) refuse(index, pointer, read.problem);
        if (read.note) note(index, pointer, read.note);
        if (column.kind === 'date' && typeof read.value === 'number' && read.value > (days[index] as number)) {
          note(index, pointer, `${quote(value)} lies after the snapshot day ${formatDay(days[index] as number)}.`);
        }
        return read.value;
      });
      return columnOf(column, cells);
    });
  findings.sort((a, b) => a.record - b.record);
  return { frame: createFrame(columns, records.length), asOf: days, refused, findings };
}

/** Days since 1970-01-01 UTC of an ISO 8601 date, with or without a time (no zone means UTC); undefined for all else. */
export function parseIsoDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]|$)/.test(text)) return undefined;
  const bytes = new TextEncoder().encode(text);
  const days = parseDate(bytes, 0, bytes.length, false);
  return Number.isNaN(days) ? undefined : days;
}

interface Cell {
  /** Number, code or text as the column holds it; undefined where missing. */
  readonly value?: number | string | undefined;
  readonly problem?: string;
  readonly note?: string;
}

function readCell(column: ColumnSchema, value: unknown): Cell {
  switch (column.kind) {
    case 'number':
      return readNumber(column, value);
    case 'category':
      return readCategory(column, value);
    case 'date': {
      const day = typeof value === 'string' ? parseIsoDay(value) : undefined;
      return day === undefined
        ? { problem: `Expected a date such as "2025-06-30"; found ${quote(value)}.` }
        : { value: day };
    }
    case 'text':
      return typeof value === 'string' ? { value } : { problem: `Expected text; found ${quote(value)}.` };
  }
}

function readNumber(column: ColumnSchema, value: unknown): Cell {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { problem: `Expected a number${column.unit ? ` (${column.unit})` : ''}; found ${quote(value)}.` };
  }
  if (column.integer && !Number.isInteger(value)) return { problem: `Expected a whole number; found ${value}.` };
  const { min, max } = column;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return { value, note: `${value} lies outside ${min ?? '-∞'} to ${max ?? '∞'}; it is used as it is.` };
  }
  return { value };
}

function readCategory(column: ColumnSchema, value: unknown): Cell {
  // A column of 0 and 1, or true and false, may come as JSON numbers and booleans: their text is the level.
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const code = plain ? (column.levels ?? []).indexOf(String(value)) : -1;
  if (code >= 0) return { value: code };
  if (typeof value !== 'string')
    return { problem: `Expected one of the column's values as text; found ${quote(value)}.` };
  return { value: undefined, note: `${quote(value)} did not occur in training; it counts as missing.` };
}

function columnOf(column: ColumnSchema, cells: readonly (number | string | undefined)[]): Column {
  const numbers = (): Float64Array =>
    Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : Number.NaN));
  switch (column.kind) {
    case 'number':
      return { kind: 'number', name: column.name, values: numbers() };
    case 'date':
      return { kind: 'date', name: column.name, days: numbers() };
    case 'category': {
      const codes = Int32Array.from(cells, (cell) => (typeof cell === 'number' ? cell : -1));
      return { kind: 'category', name: column.name, codes, levels: column.levels ?? [] };
    }
    case 'text':
      return createTextColumn(
        column.name,
        cells.map((cell) => (typeof cell === 'string' ? cell : '')),
      );
  }
}
