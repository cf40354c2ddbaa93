// Scoring by a network. Imported by kernel modules.
import { activated, relu } from './dense-activation.part';
import { blockCount, blockRows, multiplyBlock, panelBytes, rowsIn, share } from './dense-blocks.part';
import { placeRow } from './dense-rows.part';
import { blockBytes, inputsOf, modeOf, recordBytes, unitsOf } from './dense-record.part';

/**
 * Raw scores of `rows` encoded rows by a network whose batch normalisation is folded into its weights; the output unit's
 * sum plus bias. The table has 16 words per layer: inputs, units, activation, weights, biases. `work` has two blocks of
 * `widest` columns per member.
 */
export function infer(
  member: u32, memberCount: u32, table: usize, layerCount: u32, data: usize, rows: u32, out: usize, work: usize, widest: u32,
  embeddings: usize, embeddingCount: u32,
): void {
  const output = table + <usize>(layerCount - 1) * recordBytes;
  const bytes = <usize>inputsOf(table) << 2;
  const bias = load<f32>(load<u32>(output, 16));
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    const first = block * blockRows;
    const count = rowsIn(block, rows);
    let values = work + <usize>(2 * member) * blockBytes(widest);
    let sums = values + blockBytes(widest);
    for (let row: u32 = 0; row < count; row++) {
      placeRow(data + <usize>(first + row) * bytes, values + (<usize>row << 5), bytes, embeddings, embeddingCount);
    }
    for (let layer = table; layer <= output; layer += recordBytes) {
      const units = unitsOf(layer);
      multiplyBlock(values, load<u32>(layer, 12), sums, count, units, inputsOf(layer));
      if (layer < output) addAndActivate(sums, units, load<u32>(layer, 16), modeOf(layer), count);
      const swap = values;
      values = sums;
      sums = swap;
    }
    for (let row: u32 = 0; row < count; row++) {
      store<f32>(out + (<usize>(first + row) << 2), load<f32>(values + (<usize>row << 5)) + bias);
    }
  }
}

/** In place: the activation of sums plus biases. */
function addAndActivate(sums: usize, units: u32, biases: usize, kind: u32, count: u32): void {
  for (let panel = sums, last = sums + blockBytes(units); panel < last; panel += panelBytes) {
    const bias0 = v128.load(biases), bias1 = v128.load(biases, 16);
    const end = panel + (<usize>count << 5);
    if (kind == relu) {
      for (let at = panel; at < end; at += 32) {
        v128.store(at, f32x4.pmax(f32x4.splat(0), f32x4.add(v128.load(at), bias0)));
        v128.store(at, f32x4.pmax(f32x4.splat(0), f32x4.add(v128.load(at, 16), bias1)), 16);
      }
    } else {
      for (let at = panel; at < end; at += 32) {
        v128.store(at, activated(kind, f32x4.add(v128.load(at), bias0)));
        v128.store(at, activated(kind, f32x4.add(v128.load(at, 16), bias1)), 16);
      }
    }
    biases += 32;
  }
}
