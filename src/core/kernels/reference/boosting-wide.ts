import { header, wide, wideColumn } from '../boosting-layout.ts';
import type { Range } from './boosting-scan.ts';
import type { MemoryViews } from './memory-views.ts';

/** Where a wide column's codes are, in words of 16 bits, `step` from row to row, and its cells in a histogram, in words of 32. */
interface WideColumn {
  readonly codes: number;
  readonly step: number;
  readonly cells: number;
  readonly cellWords: number;
}

export function wideColumnAt({ i32 }: MemoryViews, word: Int32Array, histogram: number, column: number): WideColumn {
  const own = (word[header.wide] as number) >>> 2;
  const record = own + wide.columns + column * wideColumn.words;
  const step = 1 << ((i32[own + wide.shift] as number) - 1);
  const block = Math.floor(column / step) * step * (word[header.allRows] as number);
  return {
    codes: (((i32[own + wide.codes] as number) >>> 0) >>> 1) + block + (column % step),
    step,
    cells: (histogram + ((i32[record + wideColumn.cells] as number) >>> 0)) >>> 2,
    cellWords: ((i32[record + wideColumn.bytes] as number) >>> 0) >>> 2,
  };
}

/** The histogram of `count` rows, listed or (list 0) in order, for wide columns: the twin of the kernel's. */
export function buildWide(
  views: MemoryViews,
  word: Int32Array,
  histogram: number,
  range: Range,
  list: number,
  count: number,
): void {
  const { i32, u16 } = views;
  const packed = (word[header.packed] as number) >>> 2;
  for (let column = range.from; column < range.to; column++) {
    const { codes, step, cells, cellWords } = wideColumnAt(views, word, histogram, column);
    i32.fill(0, cells, cells + cellWords);
    for (let i = 0; i < count; i++) {
      const row = list ? (i32[(list >>> 2) + i] as number) : i;
      const cell = cells + 2 * (u16[codes + row * step] as number);
      i32[cell] = (i32[cell] as number) + (i32[packed + 2 * row] as number);
      i32[cell + 1] = (i32[cell + 1] as number) + (i32[packed + 2 * row + 1] as number);
    }
  }
}

export function subtractWide(
  views: MemoryViews,
  word: Int32Array,
  histogram: number,
  other: number,
  range: Range,
): void {
  const { i32 } = views;
  for (let column = range.from; column < range.to; column++) {
    const { cells, cellWords } = wideColumnAt(views, word, histogram, column);
    const from = wideColumnAt(views, word, other, column).cells;
    for (let at = 0; at < cellWords; at++) i32[cells + at] = (i32[cells + at] as number) - (i32[from + at] as number);
  }
}

/** Codes of a wide column from one row to the next, as a power of two of 16-bit words. */
export function wideShift({ i32 }: MemoryViews, word: Int32Array): number {
  return word[header.wide] ? (i32[((word[header.wide] as number) >>> 2) + wide.shift] as number) - 1 : 0;
}

export function isInSet({ i32 }: MemoryViews, set: number, bin: number): number {
  return ((i32[(set >>> 2) + (bin >> 5)] as number) >>> (bin & 31)) & 1;
}

/** Where a member's answer at `out` has its set of bins, as a word's number, and its words: none is in. */
export function setOf(i32: Int32Array, word: Int32Array, out: number, bins: number): number {
  const own = (word[header.wide] as number) >>> 2;
  const answer = (out - ((word[header.answers] as number) >>> 0)) >>> 7;
  const words = bins > 256 ? (i32[own + wide.setBytes] as number) >>> 2 : 8;
  const set = bins > 256 ? (((i32[own + wide.sets] as number) >>> 0) >>> 2) + answer * words : (out + 32) >>> 2;
  i32.fill(0, set, set + words);
  return set;
}
