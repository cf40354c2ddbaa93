import type { Checkpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { ColumnBuilder, TextKind } from './columns.ts';
import { createBuilder } from './columns.ts';
import type { Encoding } from './encoding.ts';
import { hasHighBytes, readUtf8, Utf8Check } from './encoding.ts';
import type { ColumnPlan } from './infer.ts';
import type { ScanStop } from './scanner.ts';
import { maxCellBytes, maxColumns, RecordScanner } from './scanner.ts';

export interface CsvSource {
  readonly file: Blob;
  readonly encoding: Encoding;
  readonly delimiter: number;
  readonly skipRecords: number;
  readonly chunkBytes: number;
  readonly width: number;
}

/** Rows below the header: read = kept + rejected + blank. */
export interface RowCounts {
  readonly read: number;
  readonly kept: number;
  readonly rejected: number;
  readonly blank: number;
}

export interface RejectedRow {
  readonly fileRow: number;
  readonly cellCount: number;
}

export interface Pass {
  readonly builders: readonly ColumnBuilder[];
  readonly counts: RowCounts;
  /** The first rejected rows. */
  readonly rejected: readonly RejectedRow[];
  readonly strayQuotes: number;
}

const batchRows = 1024;
/** A file in which more than this share of rows has the wrong number of cells is refused: it is not the table it seems. */
const maxRejectedShare = 0.05;

/** One reading of the whole file with the given plans; 'broken-encoding' where it claimed UTF-8 and is not. */
export async function readPass(
  source: CsvSource,
  plans: readonly ColumnPlan[],
  textKinds: readonly TextKind[],
  decimal: number,
  checkpoint: Checkpoint,
): Promise<Pass | 'broken-encoding'> {
  const { file, encoding, width } = source;
  const reader = new TableReader(
    source,
    plans.map((plan, i) => createBuilder(plan, textKinds[i] ?? 'by-values', decimal)),
  );
  const check = new Utf8Check();
  let pending: Uint8Array | undefined;
  let bytesRead = 0;
  for await (const chunk of readUtf8(file, encoding, source.chunkBytes)) {
    if (encoding === 'utf-8' && hasHighBytes(chunk)) check.push(chunk);
    else check.finish();
    if (check.broken > 0) return 'broken-encoding';
    // One chunk behind, so that the last one is known to be the last.
    if (pending) reader.push(pending, false);
    pending = chunk;
    bytesRead += chunk.length;
    const fraction = Math.min(0.99, bytesRead / Math.max(1, file.size));
    await checkpoint({ fraction, stage: `Reading row ${reader.fileRow}` });
  }
  check.finish();
  if (check.broken > 0) return 'broken-encoding';
  reader.push(pending ?? new Uint8Array(0), true);
  const { kept, rejectedCount, blank } = reader;
  const read = kept + rejectedCount + blank;
  const first = reader.rejected[0];
  if (first && rejectedCount > maxRejectedShare * (kept + rejectedCount)) {
    throw new StudioError(
      'data.ragged-row',
      `${rejectedCount} of ${kept + rejectedCount} rows do not have the ${width} cells of the header; the first is row ${first.fileRow} with ${first.cellCount}.`,
      {
        where: { row: first.fileRow, column: Math.min(first.cellCount, width) + (first.cellCount < width ? 0 : 1) },
        fix: 'Check that row for a missing or extra delimiter, or for text with a delimiter that is not in quotes.',
      },
    );
  }
  return {
    builders: reader.builders,
    counts: { read, kept, rejected: rejectedCount, blank },
    rejected: reader.rejected,
    strayQuotes: reader.strayQuotes,
  };
}

/** Splits chunks into records, carries a broken-off record over to the next chunk, and feeds the builders. */
class TableReader {
  readonly builders: readonly ColumnBuilder[];
  readonly rejected: RejectedRow[] = [];
  /** Rows of the file so far, the header included. */
  fileRow = 0;
  kept = 0;
  rejectedCount = 0;
  blank = 0;
  strayQuotes = 0;
  private readonly scanner: RecordScanner;
  private readonly width: number;
  private recordsToSkip: number;
  private buffer = new Uint8Array(1);
  private carried = 0;
  private innerLines = 0;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly fileRows = new Int32Array(batchRows);

  constructor(source: CsvSource, builders: readonly ColumnBuilder[]) {
    this.builders = builders;
    this.scanner = new RecordScanner(source.delimiter);
    this.width = source.width;
    this.recordsToSkip = source.skipRecords + 1;
    // A record is scanned before its length is known, hence the room behind the batch.
    this.starts = new Int32Array(batchRows * source.width + maxColumns);
    this.ends = new Int32Array(batchRows * source.width + maxColumns);
  }

  push(chunk: Uint8Array, last: boolean): void {
    const length = this.carried + chunk.length;
    if (length + 1 > this.buffer.length) {
      const larger = new Uint8Array(length + 1 + (length >> 1));
      larger.set(this.buffer.subarray(0, this.carried));
      this.buffer = larger;
    }
    this.buffer.set(chunk, this.carried);
    const { scanner, buffer, width, starts, ends } = this;
    let at = 0;
    let rows = 0;
    while (at < length) {
      const stop = scanner.scan(buffer, at, length, last, starts, ends, rows * width);
      if (stop === 'incomplete') break;
      this.fileRow++;
      if (stop !== 'record') throw this.refusal(stop);
      at = scanner.next;
      this.strayQuotes += scanner.strayQuotes;
      this.innerLines += scanner.innerLines;
      if (!this.isKept(rows * width)) continue;
      this.fileRows[rows++] = this.fileRow;
      if (rows === batchRows) rows = this.flush(rows);
    }
    this.flush(rows);
    this.carried = length - at;
    if (this.carried > maxCellBytes * 16) throw this.refusal('cell-too-long');
    buffer.copyWithin(0, at, length);
  }

  private isKept(base: number): boolean {
    const { scanner, width } = this;
    if (scanner.blank) {
      if (this.recordsToSkip === 0) this.blank++;
      return false;
    }
    if (this.recordsToSkip > 0) {
      this.recordsToSkip--;
      return false;
    }
    if (scanner.cellCount === width) return true;
    if (scanner.cellCount > width && this.isEmpty(base + width, base + scanner.cellCount)) return true;
    this.rejectedCount++;
    if (this.rejected.length < 100) this.rejected.push({ fileRow: this.fileRow, cellCount: scanner.cellCount });
    return false;
  }

  /** Delimiters at the end of a row with nothing between them shift no cell. */
  private isEmpty(from: number, to: number): boolean {
    for (let cell = from; cell < to; cell++) if (this.starts[cell] !== this.ends[cell]) return false;
    return true;
  }

  private flush(rowCount: number): 0 {
    const { buffer: bytes, starts, ends, width, fileRows } = this;
    if (rowCount > 0)
      this.builders.forEach((builder, column) =>
        builder.push({ bytes, starts, ends, width, rowCount, fileRows }, column),
      );
    this.kept += rowCount;
    return 0;
  }

  private refusal(stop: Exclude<ScanStop, 'record' | 'incomplete'>): StudioError {
    const row = this.fileRow;
    const line = row + this.innerLines;
    const place = line === row ? `row ${row}` : `row ${row} (line ${line})`;
    switch (stop) {
      case 'unterminated':
        return new StudioError('data.unterminated-quote', `A quote opened in ${place} is never closed.`, {
          where: { row },
          fix: 'Close the quote, or double it ("") if it belongs to the text.',
        });
      case 'nul':
        return new StudioError(
          'data.format',
          `There is a zero byte in ${place}: this is no text file, or a damaged one.`,
          {
            where: { row, column: this.scanner.cellCount },
            fix: 'Export the table again as CSV in UTF-8.',
          },
        );
      case 'cell-too-long':
        return new StudioError('data.too-large', `A cell in ${place} is longer than 1 MB.`, {
          where: { row: row },
          fix: 'Look for an unclosed quote before that row, or leave the long column out.',
        });
    }
  }
}
