import { isMissingText } from '../core/data/csv/cells.ts';
import { unguardedStart } from '../core/data/csv/formula.ts';
import { readHeader } from '../core/data/csv/header.ts';
import { maxCellBytes, maxColumns, RecordScanner, type ScanStop } from '../core/data/csv/scanner.ts';
import { parseNumberText } from '../core/data/numbers.ts';
import type { ColumnSchema } from '../core/data/schema.ts';
import type { Scorer } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { decodeUtf8, maxBodyBytes } from './request-body.ts';
import { parseStrictJson } from './strict-json.ts';

/** One customer of a stream: the fields as JSON would have them, or why the row is none. */
export type CustomerRow = { readonly record: unknown } | { readonly problem: string };

const LF = 10;

/** Customers from newline-delimited JSON. A line that is no strict JSON is a problem of that row alone; blank lines are none. */
export async function* ndjsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CustomerRow> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      yield* lineRow(joined(rest, chunk.subarray(from, end)));
      rest = new Uint8Array(0);
      from = end + 1;
    }
    rest = joined(rest, chunk.subarray(from));
    if (rest.length > maxBodyBytes) {
      throw new StudioError('request.too-large', `A line is longer than ${maxBodyBytes / 1024} KiB.`, {
        fix: 'Send one customer per line.',
      });
    }
  }
  yield* lineRow(rest);
}

function* lineRow(bytes: Uint8Array): Generator<CustomerRow> {
  try {
    const text = decodeUtf8(bytes).trim();
    if (text !== '') yield { record: parseStrictJson(text) };
  } catch (error) {
    yield { problem: toPlainError(error).message };
  }
}

/**
 * Customers from CSV in UTF-8 (RFC 4180, comma): the header names the fields, empty and NA cells are missing. A row of
 * another width is a problem of that row alone; a header that lacks a required column, an unclosed quote and a NUL byte
 * end the stream.
 */
export async function* csvRows(chunks: AsyncIterable<Uint8Array>, scorer: Scorer): AsyncGenerator<CustomerRow> {
  const scanner = new RecordScanner(','.charCodeAt(0));
  const starts = new Int32Array(maxColumns + 1);
  const ends = new Int32Array(maxColumns + 1);
  let columns: readonly (ColumnSchema | string)[] | undefined;
  let line = 1;
  let rest: Uint8Array = new Uint8Array(0);

  function* take(last: boolean): Generator<CustomerRow> {
    // The scanner wants one byte beyond the end.
    const bytes = joined(rest, new Uint8Array(1));
    const { length } = rest;
    let at = 0;
    while (at < length) {
      const stop = scanner.scan(bytes, at, length, last, starts, ends, 0);
      if (stop === 'incomplete') break;
      if (stop !== 'record') throw unreadable(stop, line);
      const count = scanner.cellCount;
      if (!columns) {
        columns = matchHeader(readHeader(bytes, starts, ends, count, line).names, scorer);
      } else if (!scanner.blank) {
        yield count === columns.length
          ? rowOf(columns, bytes, starts, ends)
          : { problem: `Line ${line} has ${count} cells, the header has ${columns.length}.` };
      }
      line += 1 + scanner.innerLines;
      at = scanner.next;
    }
    rest = rest.subarray(at);
  }

  let isFirst = true;
  for await (const chunk of chunks) {
    rest = joined(rest, chunk);
    if (isFirst && rest.length >= 3) {
      isFirst = false;
      if (rest[0] === 0xef && rest[1] === 0xbb && rest[2] === 0xbf) rest = rest.subarray(3);
    }
    yield* take(false);
    if (rest.length > maxCellBytes + maxBodyBytes) throw unreadable('unterminated', line);
  }
  yield* take(true);
  if (!columns) {
    throw new StudioError('data.empty', 'The CSV has no header.', { fix: 'Send a first row of column names.' });
  }
}

/** The columns by place: the schema's where it has one, else the name alone. */
function matchHeader(names: readonly string[], { bundle, needed }: Scorer): (ColumnSchema | string)[] {
  const known = new Map(bundle.schema.columns.map((column) => [column.name, column]));
  const absent = bundle.schema.columns.filter(
    ({ name, optional }) => needed.has(name) && !optional && !names.includes(name),
  );
  if (absent.length > 0) {
    const list = absent.map(({ name }) => `"${name}"`).join(', ');
    throw new StudioError('data.missing-column', `The header lacks ${list}.`, {
      where: { column: absent[0]?.name as string },
      fix: 'Add the columns; GET /models lists what a customer needs.',
    });
  }
  return names.map((name) => known.get(name) ?? name);
}

function rowOf(
  columns: readonly (ColumnSchema | string)[],
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
): CustomerRow {
  try {
    const entries = columns.map((column, k): [string, unknown] => {
      const from = starts[k] as number;
      const to = ends[k] as number;
      const text = decodeUtf8(bytes.subarray(unguardedStart(bytes, from, to), to));
      return typeof column === 'string' ? [column, text === '' ? null : text] : [column.name, cellValue(column, text)];
    });
    return { record: Object.fromEntries(entries) };
  } catch (error) {
    return { problem: toPlainError(error).message };
  }
}

/** A cell as JSON would have it; what is no number stays text, for the scorer to refuse at its place. */
function cellValue({ kind, levels }: ColumnSchema, text: string): unknown {
  if (kind === 'text') return text === '' ? null : text;
  if (isMissingText(text) && !levels?.includes(text)) return null;
  if (kind !== 'number') return text.trim();
  const value = parseNumberText(text);
  return Number.isNaN(value) ? text : value;
}

function unreadable(stop: ScanStop, row: number): StudioError {
  if (stop === 'nul') {
    return new StudioError('data.format', `Line ${row} holds a NUL byte: this is no CSV in UTF-8.`, { where: { row } });
  }
  return new StudioError('data.unterminated-quote', `A quoted cell that begins at line ${row} does not end.`, {
    where: { row },
    fix: 'Close the quote, or write quotes within a cell twice.',
  });
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
