import { activated } from './dense-activation.ts';
import { blockCount, blockRows, multiplyBlock, rowsIn } from './dense-blocks.ts';
import type { Layer } from './dense-record.ts';
import { blockFloats, columnAt } from './dense-record.ts';
import type { Embedding } from './dense-rows.ts';
import { placeRow } from './dense-rows.ts';

const { fround } = Math;

/** Words 3 and 4 of a record are weights and biases here, word 2 the activation. */
export function infer(
  f: Float32Array,
  layers: readonly Layer[],
  data: number,
  rows: number,
  out: number,
  work: number,
  widest: number,
  embeddings: readonly Embedding[],
): void {
  const first = layers[0] as Layer;
  const last = layers.at(-1) as Layer;
  for (let block = 0; block < blockCount(rows); block++) {
    const count = rowsIn(block, rows);
    let values = work;
    let sums = work + blockFloats(widest);
    for (let row = 0; row < count; row++) {
      placeRow(f, data + (block * blockRows + row) * first.inputs, values + row * 8, first.inputs, embeddings);
    }
    for (const layer of layers) {
      const { units, transposed: biases, mode: kind } = layer;
      multiplyBlock(f, values, layer.weights, sums, count, units, layer.inputs);
      for (let j = 0; j < units && layer !== last; j++) {
        const from = sums + columnAt(j);
        for (let at = from; at < from + count * 8; at += 8) {
          f[at] = activated(kind, fround((f[at] as number) + (f[biases + j] as number)));
        }
      }
      [values, sums] = [sums, values];
    }
    for (let row = 0; row < count; row++) {
      f[out + block * blockRows + row] = fround((f[values + row * 8] as number) + (f[last.transposed] as number));
    }
  }
}
