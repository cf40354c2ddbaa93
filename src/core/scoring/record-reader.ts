import { parseDate } from '../data/dates.ts';
import { formatDay } from '../data/frame.ts';
import type { ColumnSchema, TableSchema } from '../data/schema.ts';
import { type RecordFinding, pointerTo, quote } from './record-finding.ts';

/** The field by which a customer brings its own snapshot day. */
export const asOfField = 'as_of';
/** The field by which a customer is known, where the study has no id column. */
export const idField = 'customer_id';

/** Customers as sent (JSON values), one at a time, as the numbers that a recipe reads. */
export interface RecordReader {
  /** The schema's needed columns, in its order: what `into` holds. */
  readonly columns: readonly ColumnSchema[];
  /**
   * Writes the customer's values into `into` (a number, a day, a category's code; NaN is missing) and gives its id and
   * snapshot day, or undefined where it is refused. `place` is what findings call it.
   */
  read(
    record: unknown,
    place: number,
    asOf: number | undefined,
    into: Float64Array,
    findings: RecordFinding[],
  ): { readonly id: string | null; readonly asOf: number } | undefined;
}

/**
 * A reader of this schema's customers; only the `needed` columns are read. A required field that is absent, a wrong type
 * and a bad date refuse the customer; an unknown field, an unseen category (treated as missing), a value outside the
 * schema's range (kept) and a date after the snapshot day are noted.
 */
export function createRecordReader(schema: TableSchema, needed: ReadonlySet<string>): RecordReader {
  const columns = schema.columns.filter(({ name }) => needed.has(name));
  const readers = columns.map(cellReader);
  const idOf = createIdReader(schema);
  const ignored = -1;
  const places = new Map<string, number>(schema.columns.map(({ name }) => [name, ignored]));
  places.set(asOfField, ignored).set(idField, ignored);
  columns.forEach(({ name }, place) => places.set(name, place));
  const cells: unknown[] = new Array(columns.length);

  return {
    columns,
    read(record, place, asOf, into, findings) {
      const before = findings.length;
      if (typeof record !== 'object' || record === null || Array.isArray(record)) {
        findings.push(refusal(place, undefined, `A customer is an object of fields; found ${quote(record)}.`));
        return undefined;
      }
      cells.fill(undefined);
      // Own keys only, so that a field called "constructor" is a field and nothing else.
      for (const name of Object.keys(record)) {
        const at = places.get(name);
        if (at === undefined) {
          findings.push(note(place, name, `"${name}" is not a column of this study; it is ignored.`));
        } else if (at >= 0) cells[at] = (record as Record<string, unknown>)[name];
      }
      const day = dayOf(ownField(record, asOfField), asOf);
      if (day === undefined) {
        const found = quote(ownField(record, asOfField));
        findings.push(refusal(place, asOfField, `Expected a date such as "2025-06-30"; found ${found}.`));
      }
      for (let at = 0; at < columns.length; at++) {
        const column = columns[at] as ColumnSchema;
        const value = cells[at];
        into[at] = Number.NaN;
        if (value === undefined || value === null) {
          if (!column.optional) {
            findings.push(refusal(place, column.name, `"${column.name}" is required: ${column.description}.`));
          }
          continue;
        }
        const read = (readers[at] as CellReader)(value);
        if (typeof read !== 'number') {
          if (read.problem) findings.push(refusal(place, column.name, read.problem));
          if (read.note) findings.push(note(place, column.name, read.note));
          into[at] = read.value ?? Number.NaN;
        } else into[at] = read;
        if (column.kind === 'date' && day !== undefined && (into[at] as number) > day) {
          const found = `${quote(value)} lies after the snapshot day ${formatDay(day)}.`;
          findings.push(note(place, column.name, found));
        }
      }
      if (day === undefined || isRefused(findings, before)) return undefined;
      return { id: idOf(record), asOf: day };
    },
  };
}

/** Reads a customer's id: the study's own id field, else `customer_id`; null where neither is text or a number. */
export function createIdReader(schema: TableSchema): (record: unknown) => string | null {
  const idColumn = schema.columns.find((column) => column.role === 'id')?.name ?? idField;
  return (record) => {
    if (typeof record !== 'object' || record === null) return null;
    const id = ownField(record, idColumn) ?? ownField(record, idField);
    return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
  };
}

function refusal(record: number, field: string | undefined, detail: string): RecordFinding {
  return { record, pointer: field === undefined ? '' : pointerTo(field), level: 'refused', detail };
}

function note(record: number, field: string, detail: string): RecordFinding {
  return { record, pointer: pointerTo(field), level: 'note', detail };
}

function isRefused(findings: readonly RecordFinding[], from: number): boolean {
  for (let i = from; i < findings.length; i++) if (findings[i]?.level === 'refused') return true;
  return false;
}

/** A customer's own snapshot day, else the one given, else NaN; undefined where it is no date. */
function dayOf(value: unknown, asOf: number | undefined): number | undefined {
  if (value === undefined || value === null) return asOf ?? Number.NaN;
  return typeof value === 'string' ? parseIsoDay(value) : undefined;
}

function ownField(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined;
}

/** The longest date that the grammar knows. */
const dateBytes = new Uint8Array(40);

/** Days since 1970-01-01 UTC of an ISO 8601 date, with or without a time (no zone means UTC); undefined for all else. */
export function parseIsoDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:[T ]|$)/.test(text)) return undefined;
  if (text.length > dateBytes.length) return undefined;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return undefined;
    dateBytes[i] = code;
  }
  const days = parseDate(dateBytes, 0, text.length, false);
  return Number.isNaN(days) ? undefined : days;
}

/** A cell that was not simply read: refused, or noted with the value it then has (missing unless given). */
interface OddCell {
  readonly value?: number;
  readonly problem?: string;
  readonly note?: string;
}

type CellReader = (value: unknown) => number | OddCell;

function cellReader(column: ColumnSchema): CellReader {
  switch (column.kind) {
    case 'number':
      return (value) => readNumber(column, value);
    case 'category':
      return categoryReader(column);
    case 'date':
      return (value) => {
        const day = typeof value === 'string' ? parseIsoDay(value) : undefined;
        return day ?? { problem: `Expected a date such as "2025-06-30"; found ${quote(value)}.` };
      };
    case 'text':
      // No recipe reads text.
      return (value) => (typeof value === 'string' ? Number.NaN : { problem: `Expected text; found ${quote(value)}.` });
  }
}

function readNumber(column: ColumnSchema, value: unknown): number | OddCell {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { problem: `Expected a number${column.unit ? ` (${column.unit})` : ''}; found ${quote(value)}.` };
  }
  if (column.integer && !Number.isInteger(value)) return { problem: `Expected a whole number; found ${value}.` };
  const { min, max } = column;
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return { value, note: `${value} lies outside ${min ?? '-∞'} to ${max ?? '∞'}; it is used as it is.` };
  }
  return value;
}

function categoryReader(column: ColumnSchema): CellReader {
  const { levels = [] } = column;
  const codes = new Map<string, number>();
  levels.forEach((level, code) => {
    if (!codes.has(level)) codes.set(level, code);
  });
  return (value) => {
    // A column of 0 and 1, or true and false, may come as JSON numbers and booleans: their text is the level.
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const code = plain ? codes.get(String(value)) : undefined;
    if (code !== undefined) return code;
    if (typeof value !== 'string')
      return { problem: `Expected one of the column's values as text; found ${quote(value)}.` };
    return { note: `${quote(value)} did not occur in training; it counts as missing.` };
  };
}
