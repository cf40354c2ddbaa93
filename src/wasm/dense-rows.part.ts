// Rows on their way into a network: encoded numbers as they are, categories through learned embeddings. A row holds the level
// of a category, as a float, in the first slot of its embedding. The words of an embedding's record stand in
// src/core/kernels/dense.ts. Imported by kernel modules.
import { blockCount, multiplyBlock, panelBytes, rowsIn, share } from './dense-blocks.part';
import { blockAt, errorsOf, inputsOf, transposedOf, unitsOf } from './dense-record.part';

export const embeddingBytes: usize = 32;

// @ts-ignore
@inline function slotOf(embedding: usize): u32 { return load<u32>(embedding, 0); }
// @ts-ignore
@inline export function dimensionOf(embedding: usize): u32 { return load<u32>(embedding, 4); }
// @ts-ignore
@inline export function levelsOf(embedding: usize): u32 { return load<u32>(embedding, 8); }
// @ts-ignore
@inline export function embeddingTable(embedding: usize): usize { return load<u32>(embedding, 12); }
// @ts-ignore
@inline export function embeddingFirst(embedding: usize): usize { return load<u32>(embedding, 16); }
// @ts-ignore
@inline export function embeddingSecond(embedding: usize): usize { return load<u32>(embedding, 20); }
// @ts-ignore
@inline export function embeddingGradient(embedding: usize): usize { return load<u32>(embedding, 24); }
/** Byte offset of a column of a row within a block. */
// @ts-ignore
@inline function columnOffset(column: u32): usize { return <usize>(column >> 3) * panelBytes + (<usize>(column & 7) << 2); }

/** Copies an encoded row of floats into its place in a block, levels replaced by their embeddings. */
export function placeRow(from: usize, to: usize, bytes: usize, embeddings: usize, embeddingCount: u32): void {
  let at = to;
  for (let j: usize = 0; j < bytes; j += 32) {
    v128.store(at, v128.load(from + j));
    v128.store(at, v128.load(from + j, 16), 16);
    at += panelBytes;
  }
  for (let e: u32 = 0; e < embeddingCount; e++) {
    const embedding = embeddings + <usize>e * embeddingBytes;
    const slot = slotOf(embedding), dimension = dimensionOf(embedding);
    const level = <u32>load<f32>(from + (<usize>slot << 2));
    const vector = embeddingTable(embedding) + (<usize>(level * dimension) << 2);
    for (let d: u32 = 0; d < dimension; d++) store<f32>(to + columnOffset(slot + d), load<f32>(vector + (<usize>d << 2)));
  }
}

/** The first layer's errors carried back to its input columns from `first` (a whole panel) on, `columns` of them. */
export function embeddingErrors(
  member: u32, memberCount: u32, layer: usize, rows: u32, out: usize, first: u32, columns: u32,
): void {
  const units = unitsOf(layer);
  const weights = transposedOf(layer) + (<usize>(first * units) << 2);
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    const errors = errorsOf(layer) + blockAt(units, block);
    multiplyBlock(errors, weights, out + blockAt(columns, block), rowsIn(block, rows), columns, units);
  }
}

/** Adds the errors of a batch's rows to the gradient of their levels, row after row: members share the embeddings. */
export function embeddingGradients(
  member: u32, memberCount: u32, embeddings: usize, embeddingCount: u32, data: usize, order: usize, rows: u32,
  layer: usize, errors: usize, first: u32, columns: u32,
): void {
  const bytes = <usize>inputsOf(layer) << 2;
  const until = share(embeddingCount, member + 1, memberCount);
  for (let e = share(embeddingCount, member, memberCount); e < until; e++) {
    const embedding = embeddings + <usize>e * embeddingBytes;
    const slot = slotOf(embedding), dimension = dimensionOf(embedding);
    const gradient = embeddingGradient(embedding);
    memory.fill(gradient, 0, <usize>(levelsOf(embedding) * dimension) << 2);
    for (let row: u32 = 0; row < rows; row++) {
      const source = data + <usize>load<u32>(order + (<usize>row << 2)) * bytes;
      const level = <u32>load<f32>(source + (<usize>slot << 2));
      const from = errors + blockAt(columns, row >> 5) + (<usize>(row & 31) << 5);
      let to = gradient + (<usize>(level * dimension) << 2);
      for (let d: u32 = 0; d < dimension; d++) {
        store<f32>(to, load<f32>(to) + load<f32>(from + columnOffset(slot - first + d)));
        to += 4;
      }
    }
  }
}
