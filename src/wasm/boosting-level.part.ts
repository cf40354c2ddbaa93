// The best split of a whole level of an oblivious tree. Twin: src/core/kernels/reference/boosting-level.ts.

import { cellsOf } from './boosting-columns.part';
import { real, recordShift, wideScratch, word } from './boosting-memory.part';

// @ts-ignore: decorator
@inline function soft(g: f64, l1: f64): f64 {
  const shrunk = Math.abs(g) - l1;
  return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
}

// @ts-ignore: decorator
@inline function gainOf(gl: i32, hl: i32, gr: i32, hr: i32, l1: f64, l2: f64): f64 {
  const a = soft(<f64>gl, l1), b = soft(<f64>gr, l1);
  const c = <f64>hl + l2, d = <f64>hr + l2;
  return (a * a * d + b * b * c) / (c * d);
}

/** Two bins at a time, without L1: the gains of `addGains`, bit for bit. Writes one bin more where their number is odd. */
function addPlainGains(cells: usize, start: i64, valueBins: u32, total: i64, l2: f64, gains: usize): void {
  const G = i32x4.splat(<i32>(total >> 32)), H = i32x4.splat(<i32>total), lambda = f64x2.splat(l2), zero = i64x2.splat(0);
  let sum = i64x2.splat(start);
  for (let t: u32 = 0; t + 1 < valueBins; t += 2) {
    let cell = v128.load(cells + (t << 3));
    cell = i64x2.add(i64x2.add(cell, v128.shuffle<i64>(zero, cell, 0, 2)), sum);
    sum = v128.shuffle<i64>(cell, cell, 1, 1);
    const h = v128.shuffle<i32>(cell, cell, 0, 2, 0, 2), g = v128.shuffle<i32>(cell, cell, 1, 3, 1, 3);
    const a = f64x2.convert_low_i32x4_s(g), b = f64x2.convert_low_i32x4_s(i32x4.sub(G, g));
    const c = f64x2.add(f64x2.convert_low_i32x4_s(h), lambda);
    const d = f64x2.add(f64x2.convert_low_i32x4_s(i32x4.sub(H, h)), lambda);
    const top = f64x2.add(f64x2.mul(f64x2.mul(a, a), d), f64x2.mul(f64x2.mul(b, b), c));
    const at = gains + (t << 3);
    v128.store(at, f64x2.add(v128.load(at), f64x2.div(top, f64x2.mul(c, d))));
  }
}

/** Adds, for each bin, what one leaf gains by a split after it; `start` is what is left before the first bin. */
function addGains(cells: usize, start: i64, valueBins: u32, total: i64, l1: f64, l2: f64, gains: usize): void {
  if (l1 == 0) {
    addPlainGains(cells, start, valueBins, total, l2, gains);
    return;
  }
  const G = <i32>(total >> 32), H = <i32>total;
  let sum = start;
  for (let t: u32 = 0; t + 1 < valueBins; t++) {
    sum += load<i64>(cells + (t << 3));
    const g = <i32>(sum >> 32), h = <i32>sum, at = gains + (t << 3);
    store<f64>(at, load<f64>(at) + gainOf(g, h, G - g, H - h, l1, l2));
  }
}

/** Adds, for each level of a category, what one leaf gains by parting it from the others. Bin 0 is never on the left. */
function addLevelGains(cells: usize, bins: u32, total: i64, l1: f64, l2: f64, gains: usize): void {
  const G = <i32>(total >> 32), H = <i32>total;
  for (let t: u32 = 1; t < bins; t++) {
    const cell = load<i64>(cells + (t << 3)), g = <i32>(cell >> 32), h = <i32>cell, at = gains + (t << 3);
    store<f64>(at, load<f64>(at) + gainOf(g, h, G - g, H - h, l1, l2));
  }
}

/**
 * The one split of the features in places [f0, f1) of the order that, made in every leaf of the level, has the greatest sum of
 * G² / (H + λ) over all children; missing numbers go left or right in all leaves alike, categories are split one level
 * against the rest. A leaf is {slot, g, h, –}.
 * Written to `out` as a split of one leaf is, without sums; the scratch holds 257 gains, derived cells beyond, and the gains of wide columns.
 */
export function scanLevelOf(header: usize, leaves: usize, leafCount: u32, f0: u32, f1: u32, scratch: usize, out: usize): void {
  const l1 = real(header, 2), l2 = Math.max(1, real(header, 3)), table = word(header, 8);
  const slots = <usize>word(header, 6), slotBytes = <usize>word(header, 7);
  let floor: f64 = 0;
  for (let leaf: u32 = 0; leaf < leafCount; leaf++) {
    const record = leaves + (leaf << 4);
    const g = soft(<f64>load<i32>(record, 4), l1);
    floor += (g * g) / (<f64>load<i32>(record, 8) + l2);
  }
  let best = floor + real(header, 6), feature: i32 = -1, bin: i32 = 0, defaultLeft: i32 = 0, found: i32 = 0;
  for (let place = f0; place < f1; place++) {
    const f = load<u32>(word(header, 28) + (<usize>place << 2));
    const record = table + (<usize>f << recordShift), kind = load<u32>(record, 4);
    if (!load<u32>(record, 8)) continue;
    const isCategory = kind == 2, hasMissing: u32 = u32(kind == 1);
    const valueBins = load<u32>(record) - hasMissing, gains = valueBins > 256 ? scratch + wideScratch : scratch;
    // Missing right first: it has one candidate more, all values on the left.
    for (let left: u32 = 0; left <= hasMissing; left++) {
      // One candidate fewer than bins; a category has none in bin 0 but one in its last.
      const bins = isCategory || left < hasMissing ? valueBins + 1 : valueBins;
      memory.fill(gains, 0, <usize>(bins + 1) << 3);
      for (let leaf: u32 = 0; leaf < leafCount; leaf++) {
        const entry = leaves + (leaf << 4);
        const total = ((<i64>load<i32>(entry, 4)) << 32) + load<i32>(entry, 8);
        const cells = cellsOf(record, slots + <usize>load<u32>(entry) * slotBytes, total, scratch);
        const start: i64 = left ? load<i64>(cells + (valueBins << 3)) : 0;
        if (isCategory) addLevelGains(cells, valueBins, total, l1, l2, gains);
        else addGains(cells, start, bins, total, l1, l2, gains);
      }
      for (let t: u32 = 0; t + 1 < bins; t++) {
        const gain = load<f64>(gains + (t << 3));
        if (gain <= best) continue;
        best = gain;
        feature = f;
        bin = t;
        defaultLeft = left;
        found = i32(isCategory);
      }
    }
  }
  store<f64>(out, best);
  store<i32>(out, feature, 8);
  store<i32>(out, bin, 12);
  store<i32>(out, defaultLeft, 16);
  store<i64>(out, 0, 20);
  store<i32>(out, found, 28);
}
