import { blockCount, multiplyBlock, panelFloats, rowsIn } from './dense-blocks.ts';
import type { Layer } from './dense-record.ts';
import { blockFloats, columnAt } from './dense-record.ts';

/* The twin of src/wasm/dense-rows.part.ts; names and comments there hold here. */

const { fround } = Math;

/** Offsets in floats, counts as they are. */
export interface Embedding {
  readonly slot: number;
  readonly dimension: number;
  readonly levels: number;
  readonly table: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly gradient: number;
}

/** The records of `count` embeddings from this byte offset on. */
export function readEmbeddings(words: Uint32Array, records: number, count: number): readonly Embedding[] {
  return Array.from({ length: count }, (_, index) => {
    const word = (at: number) => words[(records >>> 2) + index * 8 + at] as number;
    return {
      slot: word(0),
      dimension: word(1),
      levels: word(2),
      table: word(3) >>> 2,
      firstMoment: word(4) >>> 2,
      secondMoment: word(5) >>> 2,
      gradient: word(6) >>> 2,
    };
  });
}

export function placeRow(
  f: Float32Array,
  from: number,
  to: number,
  width: number,
  embeddings: readonly Embedding[],
): void {
  for (let j = 0; j < width; j += 8) f.copyWithin(to + (j >> 3) * panelFloats, from + j, from + j + 8);
  for (const { slot, dimension, table } of embeddings) {
    const vector = table + (f[from + slot] as number) * dimension;
    for (let d = 0; d < dimension; d++) f[to + columnAt(slot + d)] = f[vector + d] as number;
  }
}

export function embeddingErrors(
  f: Float32Array,
  { units, transposed, errors }: Layer,
  rows: number,
  out: number,
  first: number,
  columns: number,
): void {
  const weights = transposed + first * units;
  for (let block = 0; block < blockCount(rows); block++) {
    const from = errors + block * blockFloats(units);
    multiplyBlock(f, from, weights, out + block * blockFloats(columns), rowsIn(block, rows), columns, units);
  }
}

export function embeddingGradients(
  f: Float32Array,
  embeddings: readonly Embedding[],
  rowAt: (row: number) => number,
  rows: number,
  errors: number,
  first: number,
  columns: number,
): void {
  for (const { slot, dimension, levels, gradient } of embeddings) {
    f.fill(0, gradient, gradient + levels * dimension);
    for (let row = 0; row < rows; row++) {
      const from = errors + (row >> 5) * blockFloats(columns) + (row & 31) * 8;
      const to = gradient + (f[rowAt(row) + slot] as number) * dimension;
      for (let d = 0; d < dimension; d++) {
        f[to + d] = fround((f[to + d] as number) + (f[from + columnAt(slot - first + d)] as number));
      }
    }
  }
}
