// Gradient boosting on histograms. Twin: src/core/kernels/reference/boosting.ts, operation by operation.
// Layout of the header, records and tables: src/core/kernels/boosting-layout.ts.
//
// A histogram cell is one i64: sum of quantised gradients in the high word, of quantised hessians (never negative, below
// 2^31) in the low one, so that a row costs one addition and sums are the same in any order, on any number of threads.

import { sigmoid, softplus } from './exact-math.part';

const cellBytes: usize = 8;
const featureBytes: usize = 2048; // 256 cells
const gatherRows: u32 = 64;
const chunkRows: u32 = 4096;
const unitFeatures: u32 = 16; // what one member takes at least: half a 32-byte row of a block

// @ts-ignore: decorator
@inline function word(header: usize, index: usize): u32 {
  return load<u32>(header + (index << 2));
}
// @ts-ignore: decorator
@inline function real(header: usize, index: usize): f64 {
  return load<f64>(header + 128 + (index << 3));
}
// @ts-ignore: decorator
@inline function privateOf(header: usize, member: u32): usize {
  return word(header, 16) + <usize>member * word(header, 17);
}
// @ts-ignore: decorator
@inline function gatherBuffer(header: usize, member: u32): usize {
  return privateOf(header, member) + (<usize>word(header, 0) << 3) + 64;
}
// @ts-ignore: decorator
@inline function firstFeature(header: usize, member: u32, memberCount: u32): u32 {
  const units = (word(header, 2) + unitFeatures - 1) / unitFeatures;
  const feature = ((units * member) / memberCount) * unitFeatures;
  return min<u32>(feature, word(header, 2));
}

/** Gradients and hessians of the log-loss in double, with sums of |g| and h per chunk of rows. */
export function gradients(member: u32, memberCount: u32, header: usize): void {
  const rows = word(header, 0);
  const chunks = (rows + chunkRows - 1) / chunkRows;
  const scores = word(header, 10), labels = word(header, 11), weights = word(header, 12);
  const g = word(header, 13), h = word(header, 14), sums = word(header, 15);
  const positive = real(header, 7), negative = real(header, 8);
  const last = (chunks * (member + 1)) / memberCount;
  for (let chunk = (chunks * member) / memberCount; chunk < last; chunk++) {
    const to = min<u32>(rows, (chunk + 1) * chunkRows);
    let sumG: f64 = 0, sumH: f64 = 0;
    for (let i = chunk * chunkRows; i < to; i++) {
      const p = sigmoid(load<f64>(scores + (i << 3)));
      const y = load<u8>(labels + i);
      let w = y ? positive : negative;
      if (weights) w *= load<f64>(weights + (i << 3));
      const gradient = (p - <f64>y) * w;
      const hessian = p * (1 - p) * w;
      store<f64>(g + (i << 3), gradient);
      store<f64>(h + (i << 3), hessian);
      sumG += Math.abs(gradient);
      sumH += hessian;
    }
    store<f64>(sums + (chunk << 4), sumG);
    store<f64>(sums + (chunk << 4), sumH, 8);
  }
}

/** Packs gradients and hessians, rounded to whole steps, and refills the member's own list of rows. */
export function quantise(member: u32, memberCount: u32, header: usize): void {
  const rows = word(header, 0);
  const g = word(header, 13), h = word(header, 14), packed = word(header, 5);
  const gScale = real(header, 0), hScale = real(header, 1);
  const to = <u32>((<u64>rows * (member + 1)) / memberCount);
  for (let i = <u32>((<u64>rows * member) / memberCount); i < to; i++) {
    const gradient = <i64>Math.floor(load<f64>(g + (i << 3)) * gScale + 0.5);
    const hessian = <i64>Math.floor(load<f64>(h + (i << 3)) * hScale + 0.5);
    store<i64>(packed + (i << 3), (gradient << 32) + hessian);
  }
  const list = privateOf(header, member), bag = word(header, 18), count = word(header, 19);
  if (bag) memory.copy(list, bag, <usize>count << 2);
  else for (let i: u32 = 0; i < count; i++) store<u32>(list + (i << 2), i);
}

// @ts-ignore: decorator
@inline function addFour(cells: usize, bins: u32, packed: i64): void {
  let at = cells + ((bins & 255) << 3);
  store<i64>(at, load<i64>(at) + packed);
  at = cells + (((bins >> 8) & 255) << 3);
  store<i64>(at, load<i64>(at, featureBytes) + packed, featureBytes);
  at = cells + (((bins >> 16) & 255) << 3);
  store<i64>(at, load<i64>(at, 2 * featureBytes) + packed, 2 * featureBytes);
  at = cells + ((bins >> 24) << 3);
  store<i64>(at, load<i64>(at, 3 * featureBytes) + packed, 3 * featureBytes);
}

/** Adds rows that lie one after the other (32 bytes apart), `quads` times four features of each. */
function accumulate(rows: usize, count: u32, packed: usize, cells: usize, quads: u32): void {
  let i: u32 = 0;
  for (; i + 2 <= count; i += 2) {
    let bins = rows + (i << 5);
    const a = load<i64>(packed + (i << 3)), b = load<i64>(packed + (i << 3), 8);
    const end = bins + (quads << 2);
    for (let at = cells; bins < end; bins += 4, at += 4 * featureBytes) {
      addFour(at, load<u32>(bins), a);
      addFour(at, load<u32>(bins, 32), b);
    }
  }
  if (i < count) {
    let bins = rows + (i << 5);
    const a = load<i64>(packed + (i << 3));
    const end = bins + (quads << 2);
    for (let at = cells; bins < end; bins += 4, at += 4 * featureBytes) addFour(at, load<u32>(bins), a);
  }
}

/** Copies listed rows, 64 at a time, into a buffer that stays in the first cache, and adds them from there. */
function gatherAndAccumulate(rows: usize, list: usize, count: u32, packed: usize, cells: usize, quads: u32, buffer: usize): void {
  const values = buffer + (gatherRows << 5);
  for (let i: u32 = 0; i < count; i += gatherRows) {
    const part = min<u32>(gatherRows, count - i);
    let to = buffer, value = values;
    const end = list + ((i + part) << 2);
    if (quads > 4) {
      for (let at = list + (i << 2); at < end; at += 4) {
        const row = load<u32>(at);
        const from = rows + (<usize>row << 5);
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        store<i64>(value, load<i64>(packed + (<usize>row << 3)));
        to += 32;
        value += 8;
      }
    } else {
      for (let at = list + (i << 2); at < end; at += 4) {
        const row = load<u32>(at);
        v128.store(to, v128.load(rows + (<usize>row << 5)));
        store<i64>(value, load<i64>(packed + (<usize>row << 3)));
        to += 32;
        value += 8;
      }
    }
    accumulate(buffer, part, values, cells, quads);
  }
}

/** The histogram of the listed rows (of all rows in order without a list), for features [f0, f1). */
function buildHistogram(header: usize, histogram: usize, f0: u32, f1: u32, list: usize, count: u32, buffer: usize): void {
  const allRows = <usize>word(header, 1), blocks = <usize>word(header, 3), packed = <usize>word(header, 5);
  for (let f = f0; f < f1; f++) {
    memory.fill(histogram + <usize>f * featureBytes, 0, <usize>load<u32>(word(header, 8) + (f << 4)) * cellBytes);
  }
  for (let from = f0; from < f1; ) {
    const to = min<u32>(f1, (from & ~31) + 32);
    const quads = (to - from + 3) >> 2;
    const rows = blocks + <usize>(from >> 5) * (allRows << 5) + (from & 31);
    const cells = histogram + <usize>from * featureBytes;
    if (list) gatherAndAccumulate(rows, list, count, packed, cells, quads, buffer);
    else accumulate(rows, count, packed, cells, quads);
    from = to;
  }
}

/** From the parent's histogram takes away the smaller child's: what remains is the larger child's. */
function subtract(header: usize, histogram: usize, other: usize, f0: u32, f1: u32): void {
  for (let f = f0; f < f1; f++) {
    let at = histogram + <usize>f * featureBytes, from = other + <usize>f * featureBytes;
    const end = at + <usize>((load<u32>(word(header, 8) + (f << 4)) + 1) & ~1) * cellBytes;
    for (; at < end; at += 16, from += 16) v128.store(at, i64x2.sub(v128.load(at), v128.load(from)));
  }
}

// The best split found so far by this instance for the leaf in hand.
let bestGain: f64 = 0;
let bestFeature: i32 = -1;
let bestBin: i32 = 0;
let bestDefaultLeft: i32 = 0;
let bestLeft: i64 = 0;
let bestKind: i32 = 0;

// @ts-ignore: decorator
@inline function soft(g: f64, l1: f64): f64 {
  const shrunk = Math.abs(g) - l1;
  return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
}

/** Gain of two leaves, up to the parent's: G² / (H + λ) of both, over one denominator. */
// @ts-ignore: decorator
@inline function gainOf(gl: i32, hl: i32, gr: i32, hr: i32, l1: f64, l2: f64): f64 {
  let a = <f64>gl, b = <f64>gr;
  if (l1 > 0) {
    a = soft(a, l1);
    b = soft(b, l1);
  }
  const c = <f64>hl + l2, d = <f64>hr + l2;
  return (a * a * d + b * b * c) / (c * d);
}

/** Two bins at a time, for columns without missing values and leaves without L1: the gains of `scanNumber`, bit for bit. */
function scanPlainNumber(cells: usize, feature: u32, bins: u32, total: i64, minH: i32, floor: f64, l2: f64): void {
  const G = i32x4.splat(<i32>(total >> 32)), H = i32x4.splat(<i32>total), least = i32x4.splat(minH);
  const lambda = f64x2.splat(l2), zero = i64x2.splat(0), floors = f64x2.splat(floor), two = i64x2.splat(2);
  let best = floors, found = i64x2.splat(-1), bin = i64x2(0, 1), sum = zero;
  // The last bin is no candidate: nothing is right of it, so its test for the right side fails.
  for (let t: u32 = 0; t + 1 < bins; t += 2) {
    let cell = v128.load(cells + (t << 3));
    cell = i64x2.add(i64x2.add(cell, v128.shuffle<i64>(zero, cell, 0, 2)), sum);
    sum = v128.shuffle<i64>(cell, cell, 1, 1);
    const h = v128.shuffle<i32>(cell, cell, 0, 2, 0, 2), g = v128.shuffle<i32>(cell, cell, 1, 3, 1, 3);
    const rightH = i32x4.sub(H, h);
    const isEnough = i64x2.extend_low_i32x4_s(v128.and(i32x4.ge_s(h, least), i32x4.ge_s(rightH, least)));
    const a = f64x2.convert_low_i32x4_s(g), b = f64x2.convert_low_i32x4_s(i32x4.sub(G, g));
    const c = f64x2.add(f64x2.convert_low_i32x4_s(h), lambda), d = f64x2.add(f64x2.convert_low_i32x4_s(rightH), lambda);
    const top = f64x2.add(f64x2.mul(f64x2.mul(a, a), d), f64x2.mul(f64x2.mul(b, b), c));
    const gain = f64x2.div(top, f64x2.mul(c, d));
    const isBetter = v128.and(isEnough, v128.and(f64x2.gt(gain, floors), f64x2.ge(gain, best)));
    best = v128.bitselect(gain, best, isBetter);
    found = v128.bitselect(bin, found, isBetter);
    bin = i64x2.add(bin, two);
  }
  const gain0 = f64x2.extract_lane(best, 0), gain1 = f64x2.extract_lane(best, 1);
  const bin0 = i64x2.extract_lane(found, 0), bin1 = i64x2.extract_lane(found, 1);
  const isSecond = gain1 > gain0 || (gain1 == gain0 && bin1 > bin0);
  const gain = isSecond ? gain1 : gain0, winner = <i32>(isSecond ? bin1 : bin0);
  if (winner < 0 || gain <= bestGain) return;
  let left: i64 = 0;
  for (let t: i32 = 0; t <= winner; t++) left += load<i64>(cells + (<usize>t << 3));
  bestGain = gain;
  bestFeature = feature;
  bestBin = winner;
  bestDefaultLeft = 0;
  bestLeft = left;
  bestKind = 0;
}

function scanNumber(cells: usize, feature: u32, bins: u32, hasMissing: bool, total: i64, minH: i32, floor: f64, l1: f64, l2: f64): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const valueBins = hasMissing ? bins - 1 : bins;
  const missing: i64 = hasMissing ? load<i64>(cells + (valueBins << 3)) : 0;
  // Missing left; without missing values this is the only case. Of equal gains the highest bin counts, as in LightGBM.
  let best: f64 = floor, bin: i32 = -1, left: i64 = 0;
  let sum: i64 = missing;
  for (let t: u32 = 0; t + 1 < valueBins; t++) {
    sum += load<i64>(cells + (t << 3));
    const h = <i32>sum;
    if (h < minH) continue;
    if (H - h < minH) break;
    const g = <i32>(sum >> 32);
    const gain = gainOf(g, h, G - g, H - h, l1, l2);
    if (gain > floor && gain >= best) {
      best = gain;
      bin = t;
      left = sum;
    }
  }
  let defaultLeft: i32 = hasMissing ? 1 : 0;
  if (hasMissing) {
    sum = 0;
    for (let t: u32 = 0; t < valueBins; t++) {
      sum += load<i64>(cells + (t << 3));
      const h = <i32>sum;
      if (h < minH) continue;
      if (H - h < minH) break;
      const g = <i32>(sum >> 32);
      const gain = gainOf(g, h, G - g, H - h, l1, l2);
      if (gain > best) {
        best = gain;
        bin = t;
        left = sum;
        defaultLeft = 0;
      }
    }
  }
  if (bin >= 0 && best > bestGain) {
    bestGain = best;
    bestFeature = feature;
    bestBin = bin;
    bestDefaultLeft = defaultLeft;
    bestLeft = left;
    bestKind = 0;
  }
}

// @ts-ignore: decorator
@inline function estimate(h: i32, rowsPerHessian: f64): f64 {
  return Math.floor(<f64>h * rowsPerHessian + 0.5);
}

/** Few levels: each against all others. Bin 0 (missing and rare) is never on the left. */
function scanOneHot(header: usize, cells: usize, feature: u32, bins: u32, total: i64, count: f64, floor: f64, l1: f64, l2: f64): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const rowsPerHessian = count / <f64>H, minData = real(header, 4), minHessian = Math.max(1, real(header, 5));
  for (let t: u32 = 1; t < bins; t++) {
    const cell = load<i64>(cells + (t << 3));
    const g = <i32>(cell >> 32), h = <i32>cell;
    const rows = estimate(h, rowsPerHessian);
    if (rows < minData || count - rows < minData || <f64>h < minHessian || <f64>(H - h) < minHessian) continue;
    const gain = gainOf(g, h, G - g, H - h, l1, l2);
    if (gain > floor && gain > bestGain) {
      bestGain = gain;
      bestFeature = feature;
      bestBin = t;
      bestLeft = cell;
      bestKind = 1;
    }
  }
}

/** Many levels: sorted by gradient over hessian, prefixes from either end (Fisher 1958, as LightGBM does it). */
function scanSorted(header: usize, cells: usize, feature: u32, bins: u32, total: i64, count: f64, floor: f64, l1: f64, l2: f64, scratch: usize, out: usize): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const rowsPerHessian = count / <f64>H, minData = real(header, 4), minHessian = Math.max(1, real(header, 5));
  const smooth = real(header, 10), perGroup = real(header, 11), gScale = real(header, 0), hScale = real(header, 1);
  const order = scratch + 2048;
  let used: i32 = 0;
  for (let t: u32 = 1; t < bins; t++) {
    const cell = load<i64>(cells + (t << 3));
    const h = <i32>cell;
    if (estimate(h, rowsPerHessian) < smooth) continue;
    const ratio = <f64><i32>(cell >> 32) / gScale / (<f64>h / hScale + smooth);
    let at = used;
    for (; at > 0 && load<f64>(scratch + ((at - 1) << 3)) > ratio; at--) {
      store<f64>(scratch + (at << 3), load<f64>(scratch + ((at - 1) << 3)));
      store<u32>(order + (at << 2), load<u32>(order + ((at - 1) << 2)));
    }
    store<f64>(scratch + (at << 3), ratio);
    store<u32>(order + (at << 2), t);
    used++;
  }
  const most = min<i32>(word(header, 20), (used + 1) >> 1);
  let winner: i32 = -1, winnerStep: i32 = 1;
  for (let step: i32 = 1; step >= -1; step -= 2) {
    let sum: i64 = 0, left: f64 = 0, inGroup: f64 = 0, at = step > 0 ? 0 : used - 1;
    for (let i: i32 = 0; i < most; i++, at += step) {
      const cell = load<i64>(cells + (load<u32>(order + (at << 2)) << 3));
      sum += cell;
      const h = <i32>sum, rows = estimate(<i32>cell, rowsPerHessian);
      left += rows;
      inGroup += rows;
      if (left < minData || <f64>h < minHessian) continue;
      if (count - left < minData || count - left < perGroup || <f64>(H - h) < minHessian) break;
      if (inGroup < perGroup) continue;
      inGroup = 0;
      const g = <i32>(sum >> 32);
      const gain = gainOf(g, h, G - g, H - h, l1, l2);
      if (gain > floor && gain > bestGain) {
        bestGain = gain;
        bestFeature = feature;
        bestBin = i;
        bestLeft = sum;
        bestKind = 2;
        winner = i;
        winnerStep = step;
      }
    }
  }
  if (winner < 0) return;
  memory.fill(out + 32, 0, 32);
  for (let i: i32 = 0; i <= winner; i++) {
    const t = load<u32>(order + ((winnerStep > 0 ? i : used - 1 - i) << 2));
    const at = out + 32 + ((t >> 5) << 2);
    store<u32>(at, load<u32>(at) | (1 << (t & 31)));
  }
}

/** The best split of a leaf among features [f0, f1), written to `out`. */
function scanLeaf(header: usize, histogram: usize, f0: u32, f1: u32, total: i64, count: u32, scratch: usize, out: usize): void {
  const H = <i32>total;
  const l1 = real(header, 2), l2 = real(header, 3), table = word(header, 8);
  const g = l1 > 0 ? soft(<f64><i32>(total >> 32), l1) : <f64><i32>(total >> 32);
  const floor = (g * g) / (<f64>H + l2) + real(header, 6);
  // LightGBM counts rows by their share of the hessian: so many hessian steps are `min_data_in_leaf` rows.
  const byData = ((real(header, 4) - 0.5) * <f64>H) / <f64>count;
  const minH = <i32>Math.min(2147483647, Math.max(1, Math.max(Math.ceil(byData), Math.ceil(real(header, 5)))));
  bestGain = floor;
  bestFeature = -1;
  bestBin = 0;
  bestDefaultLeft = 0;
  bestLeft = 0;
  bestKind = 0;
  for (let f = f0; f < f1; f++) {
    const record = table + (f << 4);
    if (!load<u32>(record, 8)) continue;
    const bins = load<u32>(record), kind = load<u32>(record, 4);
    const cells = histogram + <usize>f * featureBytes;
    if (kind == 0 && l1 == 0) scanPlainNumber(cells, f, bins, total, minH, floor, l2);
    else if (kind < 2) scanNumber(cells, f, bins, kind == 1, total, minH, floor, l1, l2);
    else if (bins <= word(header, 21)) scanOneHot(header, cells, f, bins, total, <f64>count, floor, l1, l2);
    else scanSorted(header, cells, f, bins, total, <f64>count, floor, l1, l2 + real(header, 9), scratch, out);
  }
  store<f64>(out, bestGain);
  store<i32>(out, bestFeature, 8);
  store<i32>(out, bestBin, 12);
  store<i32>(out, bestDefaultLeft, 16);
  store<i32>(out, <i32>(bestLeft >> 32), 20);
  store<i32>(out, <i32>bestLeft, 24);
  store<i32>(out, bestKind, 28);
}

/** Histogram, totals and best split of the root. */
export function root(member: u32, memberCount: u32, header: usize, slot: u32): void {
  const f0 = firstFeature(header, member, memberCount), f1 = firstFeature(header, member + 1, memberCount);
  const out = word(header, 9) + (member << 8), buffer = gatherBuffer(header, member);
  store<i32>(out, -1, 8);
  if (f0 >= f1) return;
  const histogram = word(header, 6) + <usize>slot * word(header, 7), count = word(header, 19);
  buildHistogram(header, histogram, f0, f1, word(header, 18) ? privateOf(header, member) : 0, count, buffer);
  let total: i64 = 0;
  const bins = load<u32>(word(header, 8) + (f0 << 4));
  for (let t: u32 = 0; t < bins; t++) total += load<i64>(histogram + <usize>f0 * featureBytes + (t << 3));
  store<i64>(out, total, 64);
  scanLeaf(header, histogram, f0, f1, total, count, buffer, out);
}

/** Stable: rows keep their order on both sides. Returns how many went left. */
function partition(column: usize, table: usize, list: usize, spare: usize, count: u32): u32 {
  let left = list, right = spare;
  const end = list + (count << 2);
  for (let at = list; at < end; at += 4) {
    const row = load<u32>(at);
    const goesLeft = <usize>load<u8>(table + load<u8>(column + row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (goesLeft ^ 1) << 2;
  }
  memory.copy(left, spare, right - spare);
  return <u32>((left - list) >> 2);
}

/** Splits a leaf, builds its children's histograms and finds the best split of each. */
export function split(member: u32, memberCount: u32, header: usize, job: usize): void {
  const f0 = firstFeature(header, member, memberCount), f1 = firstFeature(header, member + 1, memberCount);
  const out = word(header, 9) + (member << 8), buffer = gatherBuffer(header, member);
  const rows = word(header, 0), own = privateOf(header, member);
  const start = word(job, 0), count = word(job, 1);
  const list = own + (start << 2), spare = own + (rows << 2) + 16;
  const leftCount = partition(word(header, 4) + <usize>word(job, 2) * rows, word(job, 11), list, spare, count);
  const rightCount = count - leftCount;
  store<i32>(out, -1, 8);
  store<i32>(out, -1, 136);
  store<u32>(out, leftCount, 72);
  const enough = 2 * real(header, 4);
  if (f0 >= f1 || !word(job, 6) || (<f64>leftCount < enough && <f64>rightCount < enough)) return;
  const slots = <usize>word(header, 6), slotBytes = <usize>word(header, 7);
  const leftIsSmall = leftCount <= rightCount;
  const small = slots + <usize>word(job, 4) * slotBytes, large = slots + <usize>word(job, 5) * slotBytes;
  const rightList = list + (leftCount << 2);
  buildHistogram(header, small, f0, f1, leftIsSmall ? list : rightList, leftIsSmall ? leftCount : rightCount, buffer);
  if (word(job, 3)) subtract(header, large, small, f0, f1);
  else buildHistogram(header, large, f0, f1, leftIsSmall ? rightList : list, leftIsSmall ? rightCount : leftCount, buffer);
  const left = ((<i64>load<i32>(job, 28)) << 32) + load<i32>(job, 32), right = ((<i64>load<i32>(job, 36)) << 32) + load<i32>(job, 40);
  if (<f64>leftCount >= enough) scanLeaf(header, leftIsSmall ? small : large, f0, f1, left, leftCount, buffer, out);
  if (<f64>rightCount >= enough) scanLeaf(header, leftIsSmall ? large : small, f0, f1, right, rightCount, buffer, out + 128);
}

/** Adds each leaf's value to the scores of its rows. A leaf is {start, count, value}. */
export function addScores(member: u32, memberCount: u32, header: usize, leaves: usize, leafCount: u32): void {
  const own = privateOf(header, member), scores = word(header, 10);
  for (let leaf: u32 = 0; leaf < leafCount; leaf++) {
    const record = leaves + (leaf << 4);
    const start = load<u32>(record), count = <u64>load<u32>(record, 4), value = load<f64>(record, 8);
    const end = own + ((start + <u32>((count * (member + 1)) / memberCount)) << 2);
    for (let at = own + ((start + <u32>((count * member) / memberCount)) << 2); at < end; at += 4) {
      const score = scores + (<usize>load<u32>(at) << 3);
      store<f64>(score, load<f64>(score) + value);
    }
  }
}

/** Adds a tree to the scores of `count` rows, listed or from `first` on. A node is {bins, left, right, table}. */
export function walk(member: u32, memberCount: u32, header: usize, nodes: usize, leafValues: usize, list: usize, first: u32, count: u32): void {
  const scores = word(header, 10);
  const to = <u32>((<u64>count * (member + 1)) / memberCount);
  for (let i = <u32>((<u64>count * member) / memberCount); i < to; i++) {
    const row = <usize>(list ? load<u32>(list + (i << 2)) : first + i);
    let node: i32 = 0;
    do {
      const record = nodes + (<usize>node << 4);
      const goesLeft = load<u8>(load<u32>(record, 12) + load<u8>(load<u32>(record) + (row << 5)));
      node = goesLeft ? load<i32>(record, 4) : load<i32>(record, 8);
    } while (node >= 0);
    const score = scores + (row << 3);
    store<f64>(score, load<f64>(score) + load<f64>(leafValues + (<usize>~node << 3)));
  }
}

// @ts-ignore: decorator
@inline function descendingKey(score: f64): u32 {
  const bits = reinterpret<u32>(<f32>score + 0);
  return bits & 0x80000000 ? bits : ~bits & 0x7fffffff;
}

/** One pass of a radix sort by 11 bits of the key in the high word. */
function radixPass(from: usize, to: usize, counts: usize, count: u32, shift: u64): void {
  memory.fill(counts, 0, 8192);
  for (let i: u32 = 0; i < count; i++) {
    const at = counts + (<usize>((load<u64>(from + (i << 3)) >> shift) & 2047) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let sum: u32 = 0;
  for (let digit: u32 = 0; digit < 2048; digit++) {
    const at = counts + (digit << 2), own = load<u32>(at);
    store<u32>(at, sum);
    sum += own;
  }
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u64>(from + (i << 3));
    const at = counts + (<usize>((entry >> shift) & 2047) << 2), place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u64>(to + (<usize>place << 3), entry);
  }
}

/** Sorts `count` rows, from `first` on in steps of `step`, by falling score (rounded to single precision). */
function sortByScore(header: usize, first: u32, step: u32, count: u32, spare: usize): usize {
  const a = spare + 8192, b = a + (<usize>count << 3), scores = word(header, 10);
  for (let i: u32 = 0; i < count; i++) {
    const row = first + i * step;
    store<u64>(a + (i << 3), (<u64>descendingKey(load<f64>(scores + (row << 3))) << 32) | row);
  }
  radixPass(a, b, spare, count, 32);
  radixPass(b, a, spare, count, 43);
  radixPass(a, b, spare, count, 54);
  return b;
}

/** Measures of row sets. A set is {first, step, count, spare, out}; members take them in turn. */
export function measure(member: u32, memberCount: u32, header: usize, sets: usize, setCount: u32): void {
  const scores = word(header, 10), labels = word(header, 11), weights = word(header, 12);
  for (let set = member; set < setCount; set += memberCount) {
    const record = sets + (set << 5), count = load<u32>(record, 8), out = load<u32>(record, 16);
    const sorted = sortByScore(header, load<u32>(record), load<u32>(record, 4), count, load<u32>(record, 12));
    let positives: f64 = 0, negatives: f64 = 0, pairs: f64 = 0, precisions: f64 = 0, plain: f64 = 0, balanced: f64 = 0;
    for (let i: u32 = 0; i < count; ) {
      const key = load<u32>(sorted + (i << 3), 4);
      let p: f64 = 0, n: f64 = 0;
      for (; i < count && load<u32>(sorted + (i << 3), 4) == key; i++) {
        const row = <usize>load<u32>(sorted + (i << 3));
        const y = load<u8>(labels + row), w = weights ? load<f64>(weights + (row << 3)) : 1;
        const score = load<f64>(scores + (row << 3));
        const loss = softplus(y ? -score : score) * w;
        plain += loss;
        balanced += loss * (y ? real(header, 7) : real(header, 8));
        if (y) p += w;
        else n += w;
      }
      pairs += n * (positives + 0.5 * p);
      positives += p;
      negatives += n;
      if (p > 0) precisions += (p * positives) / (positives + negatives);
    }
    store<f64>(out, positives);
    store<f64>(out, negatives, 8);
    store<f64>(out, pairs, 16);
    store<f64>(out, precisions, 24);
    store<f64>(out, plain, 32);
    store<f64>(out, balanced, 40);
  }
}
