import { StudioError } from '../shared/errors.ts';

/**
 * A table held by column. Missing is decided here once: NaN in numbers and dates, -1 in category codes, an empty span in
 * text. Buffers may be shared memory; nothing in core writes to a frame's column after it was made.
 */
export interface Frame {
  readonly rowCount: number;
  readonly columns: readonly Column[];
}

export type Column = NumberColumn | CategoryColumn | DateColumn | TextColumn;

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  /** Index into `levels`; -1 is missing. */
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

export interface DateColumn {
  readonly kind: 'date';
  readonly name: string;
  /** Days since 1970-01-01 UTC; the fraction is the time of day. */
  readonly days: Float64Array;
}

/** Free text and identifiers: UTF-8 bytes of all rows, one after the other. Row i is bytes[offsets[i] … offsets[i+1]). */
export interface TextColumn {
  readonly kind: 'text';
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/** Where a column's memory comes from: the host may hand out shared memory so that workers need no copies. */
export type Allocate = (byteLength: number) => ArrayBufferLike;

export const allocatePlain: Allocate = (byteLength) => new ArrayBuffer(byteLength);

export function findColumn(frame: Frame, name: string): Column | undefined {
  return frame.columns.find((column) => column.name === name);
}

/** The named column, or `data.missing-column` saying which columns there are. */
export function getColumn(frame: Frame, name: string): Column {
  const column = findColumn(frame, name);
  if (column) return column;
  const names = frame.columns.map((each) => each.name);
  throw new StudioError('data.missing-column', `There is no column "${name}".`, {
    where: { column: name },
    fix: `Choose one of: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`,
  });
}

export function columnLength(column: Column): number {
  switch (column.kind) {
    case 'number':
      return column.values.length;
    case 'category':
      return column.codes.length;
    case 'date':
      return column.days.length;
    case 'text':
      return column.offsets.length - 1;
  }
}

/** A frame of these columns. All must be equally long and differently named. */
export function createFrame(columns: readonly Column[], rowCount = columns[0] ? columnLength(columns[0]) : 0): Frame {
  const seen = new Set<string>();
  for (const column of columns) {
    if (columnLength(column) !== rowCount) {
      throw new StudioError(
        'data.type',
        `Column "${column.name}" has ${columnLength(column)} rows, expected ${rowCount}.`,
      );
    }
    if (seen.has(column.name)) throw new StudioError('data.header', `Two columns are called "${column.name}".`);
    seen.add(column.name);
  }
  return { rowCount, columns };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The text of one row. `slice` copies: decoders refuse shared memory. */
export function textAt(column: TextColumn, row: number): string {
  return decoder.decode(column.bytes.slice(column.offsets[row], column.offsets[row + 1]));
}

export function createTextColumn(name: string, values: readonly string[]): TextColumn {
  const parts = values.map((value) => encoder.encode(value));
  const offsets = new Uint32Array(values.length + 1);
  let length = 0;
  parts.forEach((part, row) => {
    length += part.length;
    offsets[row + 1] = length;
  });
  const bytes = new Uint8Array(length);
  parts.forEach((part, row) => bytes.set(part, offsets[row]));
  return { kind: 'text', name, bytes, offsets };
}

/** What stands in a cell, for tables, exports and messages: null where missing. */
export function cellAt(column: Column, row: number): string | number | null {
  switch (column.kind) {
    case 'number': {
      const value = column.values[row] as number;
      return Number.isNaN(value) ? null : value;
    }
    case 'category': {
      const code = column.codes[row] as number;
      return code < 0 ? null : (column.levels[code] ?? null);
    }
    case 'date': {
      const days = column.days[row] as number;
      return Number.isNaN(days) ? null : formatDay(days);
    }
    case 'text':
      return column.offsets[row] === column.offsets[row + 1] ? null : textAt(column, row);
  }
}

/** Days since 1970-01-01 UTC as YYYY-MM-DD, with the time of day (UTC) where there is one. */
export function formatDay(days: number): string {
  const iso = new Date(Math.round(days * 86_400_000)).toISOString();
  return days === Math.floor(days) ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** The chosen rows, in the order given. */
export function takeRows(frame: Frame, rows: ArrayLike<number>): Frame {
  return { rowCount: rows.length, columns: frame.columns.map((column) => takeColumnRows(column, rows)) };
}

/** Rows from … to as views of the same memory: nothing is copied. */
export function sliceRows(frame: Frame, from: number, to: number): Frame {
  return {
    rowCount: to - from,
    columns: frame.columns.map((column): Column => {
      switch (column.kind) {
        case 'number':
          return { ...column, values: column.values.subarray(from, to) };
        case 'category':
          return { ...column, codes: column.codes.subarray(from, to) };
        case 'date':
          return { ...column, days: column.days.subarray(from, to) };
        case 'text':
          return { ...column, offsets: column.offsets.subarray(from, to + 1) };
      }
    }),
  };
}

function takeColumnRows(column: Column, rows: ArrayLike<number>): Column {
  switch (column.kind) {
    case 'number':
      return { ...column, values: gather(column.values, rows, new Float64Array(rows.length)) };
    case 'category':
      return { ...column, codes: gather(column.codes, rows, new Int32Array(rows.length)) };
    case 'date':
      return { ...column, days: gather(column.days, rows, new Float64Array(rows.length)) };
    case 'text': {
      const offsets = new Uint32Array(rows.length + 1);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const length = (column.offsets[row + 1] as number) - (column.offsets[row] as number);
        offsets[i + 1] = (offsets[i] as number) + length;
      }
      const bytes = new Uint8Array(offsets[rows.length] as number);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        bytes.set(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]), offsets[i]);
      }
      return { ...column, bytes, offsets };
    }
  }
}

function gather<T extends Float64Array | Int32Array>(from: T, rows: ArrayLike<number>, into: T): T {
  for (let i = 0; i < rows.length; i++) into[i] = from[rows[i] as number] as number;
  return into;
}
