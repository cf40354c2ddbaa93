import type { CellBatch } from '../../data/csv/cells.ts';
import { cellText, isMissing, trimEnd, trimStart } from '../../data/csv/cells.ts';
import { type ColumnBuilder, createBuilder } from '../../data/csv/columns.ts';
import { maxColumns, RecordScanner, type ScanStop } from '../../data/csv/scanner.ts';
import { parseDate } from '../../data/dates.ts';
import { allocatePlain, createFrame } from '../../data/frame.ts';
import { parseNumber } from '../../data/numbers.ts';
import type { ColumnSchema } from '../../data/schema.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BatchModel } from './batch-model.ts';
import type { CsvLayout } from './layout.ts';
import { findGuards } from './guard.ts';
import { createProblemLog, type ProblemLog, reportValues, type WritableProblemLog } from './problems.ts';
import { type PieceSummary, summarise } from './summary.ts';
import { RowWriter } from './row-writer.ts';

/** Whole records of a file, read, scored and written out again with their scores. */
export interface ScoredPiece {
  /** CSV rows in the input's own dialect: its bytes, then the scores. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Records of the piece, blank and rejected ones among them. */
  readonly records: number;
  readonly kept: number;
  readonly rejected: number;
  readonly blank: number;
  readonly problems: ProblemLog;
  readonly summary: PieceSummary;
}

/** Rows that are scanned before they are read: their cells' places stay in the processor's cache. */
const maxBatchRows = 1024;
const maxBatchCells = 1 << 18;
const QUOTE = 34;
const CR = 13;
const LF = 10;

export type PieceScorer = (bytes: Uint8Array<ArrayBuffer>, isFirst: boolean) => Promise<ScoredPiece>;

/** A scorer of pieces: `bytes` hold whole records; the first piece begins with the file's header. */
export function createPieceScorer(model: BatchModel, layout: CsvLayout): PieceScorer {
  const { header, delimiter, decimal, dayFirst } = layout;
  const width = header.length;
  const batchRows = Math.min(maxBatchRows, Math.ceil(maxBatchCells / width));
  const scanner = new RecordScanner(delimiter);
  const starts = new Int32Array(batchRows * width + maxColumns);
  const ends = new Int32Array(batchRows * width + maxColumns);
  const places = model.reads.map(({ name }) => header.indexOf(name));
  const idPlace = model.idColumn === undefined ? -1 : header.indexOf(model.idColumn);

  let text = new Uint8Array(0);

  return async (bytes, isFirst) => {
    const builders = model.reads.map((column, i) => builderOf(column, dayFirst[places[i] as number] ?? false, decimal));
    const problems = createProblemLog();
    const writer = new RowWriter(bytes);
    // The scanner writes behind the end and takes doubled quotes out: what is written again is the original.
    if (text.length <= bytes.length) text = new Uint8Array(bytes.length + (bytes.length >> 3) + 1);
    text.set(bytes);
    const fileRows = new Int32Array(batchRows);
    const keptRows: number[] = [];
    const ids: { at: number; to: number }[] = [];
    let recordsToSkip = isFirst ? layout.skipRecords + 1 : 0;
    let at = 0;
    let rows = 0;
    let records = 0;
    let rejected = 0;
    let blank = 0;

    const flush = (): void => {
      const batch: CellBatch = { bytes: text, starts, ends, width, rowCount: rows, fileRows };
      const numeric = new Set<number>(idPlace < 0 ? [] : [idPlace]);
      model.reads.forEach((column, i) => {
        const place = places[i] as number;
        const builder = builders[i] as ColumnBuilder;
        const before = soundCells(builder, column, dayFirst[place] ?? false);
        builder.push(batch, place);
        if (column.kind !== 'number' && column.kind !== 'date') return;
        const sound = soundCells(builder, column, dayFirst[place] ?? false) - before;
        if (sound < rows) reportMisfits(batch, place, column, dayFirst[place] ?? false, decimal, problems);
        else if (column.kind === 'number') numeric.add(place);
      });
      findGuards(batch, numeric, decimal, writer);
      for (let row = 0; row < rows; row++) {
        keptRows.push(fileRows[row] as number);
        if (idPlace >= 0)
          ids.push({ at: starts[row * width + idPlace] as number, to: ends[row * width + idPlace] as number });
      }
      rows = 0;
    };

    while (at < bytes.length) {
      const stop = scanner.scan(text, at, bytes.length, true, starts, ends, rows * width);
      records++;
      if (stop !== 'record') throw refusal(stop, records);
      const from = at;
      at = scanner.next;
      let to = at;
      while (to > from && (bytes[to - 1] === LF || bytes[to - 1] === CR)) to--;
      if (scanner.blank) {
        if (recordsToSkip === 0) blank++;
        continue;
      }
      if (recordsToSkip > 0) {
        if (--recordsToSkip > 0) continue;
        findGuards({ bytes: text, starts, ends, width, rowCount: 1 }, new Set(), decimal, writer);
        writer.header(header, to, at);
        continue;
      }
      if (scanner.cellCount > width && areEmpty(starts, ends, rows * width + width, rows * width + scanner.cellCount))
        to = beforeCell(bytes, starts[rows * width + width] as number);
      else if (scanner.cellCount !== width) {
        rejected++;
        problems.add(records, '', 'wrong number of cells', `${scanner.cellCount} instead of ${width}`);
        continue;
      }
      writer.row(from, to, at);
      fileRows[rows++] = records;
      if (rows === batchRows) flush();
    }
    if (rows > 0) flush();

    const columns = model.reads.map((column, i) => (builders[i] as ColumnBuilder).finish(column.name, allocatePlain));
    const frame = createFrame(columns, keptRows.length);
    reportValues(model.reads, columns, keptRows, problems);
    const scores = await model.score(frame);
    const idOf = (row: number): string => {
      const cell = ids[row];
      return cell ? cellText(text, cell.at, cell.to) : '';
    };
    return {
      bytes: writer.write(scores, model.version, delimiter, decimal),
      records,
      kept: keptRows.length,
      rejected,
      blank,
      problems: { kept: problems.kept.sort((a, b) => a.row - b.row), counts: problems.counts },
      summary: summarise(scores, keptRows, idOf, columns),
    };
  };
}

function builderOf({ kind }: ColumnSchema, dayFirst: boolean, decimal: number): ColumnBuilder {
  const textKind = kind === 'category' ? 'category' : 'text';
  return createBuilder({ kind: kind === 'category' ? 'text' : kind, dayFirst }, textKind, decimal);
}

/** Cells that surely have a value of the column's kind. */
function soundCells({ tally }: ColumnBuilder, { kind }: ColumnSchema, dayFirst: boolean): number {
  return kind === 'number' ? tally.number : tally.date - (dayFirst ? tally.monthFirst : tally.dayFirst);
}

/** Cells that are there and are no number or no date: they count as missing. */
function reportMisfits(
  batch: CellBatch,
  place: number,
  column: ColumnSchema,
  dayFirst: boolean,
  decimal: number,
  log: WritableProblemLog,
): void {
  const { bytes, starts, ends, width, rowCount, fileRows } = batch;
  for (let row = 0, cell = place; row < rowCount; row++, cell += width) {
    const from = trimStart(bytes, starts[cell] as number, ends[cell] as number);
    const to = trimEnd(bytes, from, ends[cell] as number);
    if (isMissing(bytes, from, to)) continue;
    const value =
      column.kind === 'number' ? parseNumber(bytes, from, to, decimal) : parseDate(bytes, from, to, dayFirst);
    if (!Number.isNaN(value)) continue;
    log.add(fileRows[row] as number, column.name, `no ${column.kind}`, cellText(bytes, from, Math.min(to, from + 80)));
  }
}

/** Delimiters at the end of a row with nothing between them shift no cell. */
function areEmpty(starts: Int32Array, ends: Int32Array, from: number, to: number): boolean {
  for (let cell = from; cell < to; cell++) if (starts[cell] !== ends[cell]) return false;
  return true;
}

/** Where a row ends that is cut before the delimiter of this cell. */
function beforeCell(bytes: Uint8Array, start: number): number {
  return start - (bytes[start - 1] === QUOTE ? 2 : 1);
}

/** `row` counts records of the piece: the caller knows how many came before. */
function refusal(stop: Exclude<ScanStop, 'record'>, row: number): StudioError {
  switch (stop) {
    case 'unterminated':
    case 'incomplete':
      return new StudioError('data.unterminated-quote', 'A quote is opened and never closed.', {
        where: { row },
        fix: 'Close the quote, or double it ("") if it belongs to the text.',
      });
    case 'nul':
      return new StudioError('data.format', 'There is a zero byte: this is no text file, or a damaged one.', {
        where: { row },
        fix: 'Export the table again as CSV in UTF-8.',
      });
    case 'cell-too-long':
      return new StudioError('data.too-large', 'A cell is longer than 1 MB.', {
        where: { row },
        fix: 'Look for an unclosed quote before that row, or leave the long column out.',
      });
  }
}
