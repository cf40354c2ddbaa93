import type { Allocate, Column } from '../frame.ts';
import { createTextColumn } from '../frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { CellBatch } from './cells.ts';
import { isMissing, isMissingText, trimEnd, trimStart } from './cells.ts';
import type { ColumnBuilder, Misfit, TextKind } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { unguardedStart } from './formula.ts';
import { createTally } from './infer.ts';

/** With more distinct values than this a column is text: a category's dictionary stays bounded. */
export const maxLevels = 10_000;
/** With more than this many distinct values in over half of its cells a column is text: names, comments, ids. */
const fewLevels = 30;

/** Whether that many distinct values in that many filled cells are the levels of a category. */
export function isCategory(distinct: number, filled: number): boolean {
  return distinct <= maxLevels && (distinct <= fewLevels || distinct * 2 <= filled);
}

/** Words: category codes as long as the distinct values are few, then the bytes of every cell. */
export class TextBuilder implements ColumnBuilder {
  readonly tally = createTally();
  readonly misfits: readonly Misfit[] = [];
  private readonly kind: TextKind;
  private readonly maxLevels: number;
  private dictionary: Dictionary | undefined;
  private codes = new Int32Array(4096);
  private offsets = new Uint32Array(0);
  private bytes = new Uint8Array(0);
  private count = 0;

  constructor(kind: TextKind) {
    this.kind = kind;
    this.maxLevels = kind === 'category' ? Number.POSITIVE_INFINITY : maxLevels;
    this.dictionary = new Dictionary();
  }

  push(batch: CellBatch, column: number): void {
    const { bytes, starts, ends, width, rowCount } = batch;
    let missing = 0;
    for (let row = 0, cell = column; row < rowCount; row++, cell += width) {
      let from = trimStart(bytes, starts[cell] as number, ends[cell] as number);
      const to = trimEnd(bytes, from, ends[cell] as number);
      if (to - from <= 4 && isMissing(bytes, from, to)) {
        missing++;
        this.add(bytes, from, from);
        continue;
      }
      if (bytes[from] === 39) from = unguardedStart(bytes, from, to);
      this.add(bytes, from, to);
    }
    this.tally.missing += missing;
    this.tally.other += rowCount - missing;
  }

  /** The next row's value; an empty span is missing. */
  private add(bytes: Uint8Array, from: number, to: number): void {
    const row = this.count++;
    if (this.dictionary) {
      if (row >= this.codes.length) {
        const larger = new Int32Array(2 * this.codes.length);
        larger.set(this.codes);
        this.codes = larger;
      }
      this.codes[row] = from === to ? -1 : this.dictionary.codeOf(bytes, from, to);
      if (this.dictionary.size > this.maxLevels) this.spill(this.dictionary);
      return;
    }
    if (row + 1 >= this.offsets.length) {
      const larger = new Uint32Array(2 * this.offsets.length);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    const start = this.offsets[row] as number;
    const end = start + (to - from);
    if (end > this.bytes.length) this.growBytes(end);
    for (let at = from, into = start; at < to; at++, into++) this.bytes[into] = bytes[at] as number;
    this.offsets[row + 1] = end;
  }

  /** From codes to the cells' own bytes. */
  private spill(dictionary: Dictionary): void {
    const { codes, count } = this;
    this.offsets = new Uint32Array(Math.max(1024, 2 * count));
    this.bytes = new Uint8Array(1 << 16);
    this.dictionary = undefined;
    this.codes = new Int32Array(0);
    this.count = 0;
    for (let row = 0; row < count; row++) {
      const code = codes[row] as number;
      const text = code < 0 ? this.bytes.subarray(0, 0) : dictionary.at(code);
      this.add(text, 0, text.length);
    }
  }

  private growBytes(needed: number): void {
    if (needed > 0xffff_ffff) {
      throw new StudioError('data.too-large', 'A text column holds more than 4 GB.', {
        fix: 'Leave the column out of the file.',
      });
    }
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  finish(name: string, allocate: Allocate): Column {
    const { dictionary, count } = this;
    if (dictionary) {
      const isText =
        this.kind === 'text' || (this.kind === 'by-values' && !isCategory(dictionary.size, this.tally.other));
      if (!isText) {
        const codes = new Int32Array(allocate(count * 4), 0, count);
        codes.set(this.codes.subarray(0, count));
        this.codes = new Int32Array(0);
        return { kind: 'category', name, codes, levels: dictionary.texts() };
      }
      this.spill(dictionary);
    }
    const length = this.offsets[count] as number;
    const offsets = new Uint32Array(allocate((count + 1) * 4), 0, count + 1);
    offsets.set(this.offsets.subarray(0, count + 1));
    const bytes = new Uint8Array(allocate(length), 0, length);
    bytes.set(this.bytes.subarray(0, length));
    this.bytes = new Uint8Array(0);
    this.offsets = new Uint32Array(0);
    return { kind: 'text', name, bytes, offsets };
  }
}

/** A category or text column of words from elsewhere (Parquet, Arrow, a pasted table), by the rules of a CSV's column. */
export function columnOfWords(
  name: string,
  words: readonly (string | null)[],
  allocate: Allocate,
  kind: TextKind = 'by-values',
): Column {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(allocate(words.length * 4), 0, words.length);
  let filled = 0;
  for (let row = 0; row < words.length; row++) {
    const word = words[row] as string | null;
    let code = -1;
    if (word !== null) {
      code = codeOf.get(word) ?? -2;
      if (code === -2) {
        code = isMissingText(word) ? -1 : codeOf.size;
        if (code >= 0) codeOf.set(word, code);
      }
      if (code >= 0) filled++;
    }
    codes[row] = code;
  }
  if (kind === 'category' || (kind === 'by-values' && isCategory(codeOf.size, filled))) {
    return { kind: 'category', name, codes, levels: [...codeOf.keys()] };
  }
  return createTextColumn(
    name,
    Array.from(words, (word, row) => (word === null || (codes[row] as number) < 0 ? '' : word)),
  );
}
