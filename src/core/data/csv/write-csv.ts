import type { Checkpoint } from '../../shared/checkpoint.ts';
import { type Column, type Frame, formatDay, textAt } from '../frame.ts';
import { guardFormula } from './formula.ts';

const rowsPerChunk = 2048;

/**
 * The frame as CSV in UTF-8: header, comma, CRLF, quotes where RFC 4180 asks for them, missing as empty. Numbers are
 * written in full; text that a spreadsheet would run as a formula is guarded (`readCsv` takes the guard away again).
 */
export function writeCsv(frame: Frame): Uint8Array<ArrayBuffer> {
  return joined([...csvChunks(frame)]);
}

/** The same, letting messages in: wide tables of a million rows take many seconds. */
export async function writeCsvInSteps(frame: Frame, checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for (const chunk of csvChunks(frame)) {
    chunks.push(chunk);
    const rows = Math.min(frame.rowCount, (chunks.length - 1) * rowsPerChunk);
    await checkpoint({ fraction: rows / Math.max(1, frame.rowCount), stage: 'Writing the table' });
  }
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The same file piece by piece, for tables too large to hold twice. */
export function* csvChunks(frame: Frame): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${frame.columns.map((column) => quoted(guardFormula(column.name))).join(',')}\r\n`);
  const writers = frame.columns.map(cellWriter);
  for (let from = 0; from < frame.rowCount; from += rowsPerChunk) {
    const to = Math.min(frame.rowCount, from + rowsPerChunk);
    let text = '';
    for (let row = from; row < to; row++) {
      writers.forEach((write, column) => {
        text += column === 0 ? write(row) : `,${write(row)}`;
      });
      text += '\r\n';
    }
    yield encoder.encode(text);
  }
}

function cellWriter(column: Column): (row: number) => string {
  switch (column.kind) {
    case 'number':
      return (row) => {
        const value = column.values[row] as number;
        return Number.isNaN(value) ? '' : String(value);
      };
    case 'date':
      return (row) => {
        const days = column.days[row] as number;
        return Number.isNaN(days) ? '' : formatDay(days);
      };
    case 'category': {
      const levels = column.levels.map((level) => quoted(guardFormula(level)));
      return (row) => levels[column.codes[row] as number] ?? '';
    }
    case 'text':
      return (row) =>
        column.offsets[row] === column.offsets[row + 1] ? '' : quoted(guardFormula(textAt(column, row)));
  }
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
