import { StudioError } from '../../shared/errors.ts';
import type { CellBatch } from './cells.ts';
import type { Encoding } from './encoding.ts';
import { readUtf8 } from './encoding.ts';
import type { Header } from './header.ts';
import { readHeader } from './header.ts';
import { maxColumns, RecordScanner } from './scanner.ts';

export interface Sample {
  readonly header: Header;
  readonly delimiter: number;
  /** The whole, well-formed rows of the file's beginning. */
  readonly batch: CellBatch;
}

const sampleRows = 2000;

/** The header and the first rows of a file, to guess types from. */
export async function readSample(
  file: Blob,
  encoding: Encoding,
  delimiter: number,
  skipRecords: number,
  sampleBytes: number,
): Promise<Sample> {
  const { value } = await readUtf8(file.slice(0, sampleBytes), encoding, sampleBytes).next();
  const text: Uint8Array = value ?? new Uint8Array(0);
  const whole = file.size <= sampleBytes;
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  const scanner = new RecordScanner(delimiter);
  const starts = new Int32Array(maxColumns + 1);
  const ends = new Int32Array(maxColumns + 1);
  let at = 0;
  let fileRow = 0;
  let skipped = 0;
  for (;;) {
    if (at >= text.length)
      throw new StudioError('data.empty', 'The file holds no header row.', {
        fix: 'Begin the file with one row of column names.',
      });
    fileRow++;
    const stop = scanner.scan(bytes, at, text.length, whole, starts, ends, 0);
    if (stop !== 'record') throw brokenHeader(stop, fileRow, scanner.cellCount);
    at = scanner.next;
    if (scanner.blank) continue;
    if (skipped++ < skipRecords) continue;
    break;
  }
  const header = readHeader(bytes, starts, ends, scanner.cellCount, fileRow);
  const width = header.names.length;
  const rows: number[] = [];
  const sampleStarts: number[] = [];
  const sampleEnds: number[] = [];
  while (
    rows.length < sampleRows &&
    at < text.length &&
    scanner.scan(bytes, at, text.length, whole, starts, ends, 0) === 'record'
  ) {
    at = scanner.next;
    if (scanner.blank || scanner.cellCount !== width) continue;
    rows.push(rows.length);
    for (let cell = 0; cell < width; cell++) {
      sampleStarts.push(starts[cell] as number);
      sampleEnds.push(ends[cell] as number);
    }
  }
  const batch: CellBatch = {
    bytes,
    starts: Int32Array.from(sampleStarts),
    ends: Int32Array.from(sampleEnds),
    width,
    rowCount: rows.length,
    fileRows: Int32Array.from(rows),
  };
  return { header, delimiter, batch };
}

function brokenHeader(stop: string, row: number, column: number): StudioError {
  if (stop === 'nul') {
    return new StudioError('data.format', 'The header holds a zero byte: this is no text file.', {
      where: { row, column },
      fix: 'Export the table as CSV in UTF-8.',
    });
  }
  if (stop === 'unterminated') {
    return new StudioError('data.unterminated-quote', `A quote opened in row ${row} is never closed.`, {
      where: { row },
      fix: 'Close the quote, or double it if it belongs to the text.',
    });
  }
  return new StudioError('data.header', 'The header row does not end within the first 256 kB.', {
    where: { row },
    fix: 'Begin the file with one row of column names.',
  });
}
