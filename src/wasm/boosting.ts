// Gradient boosting on histograms. Twin: src/core/kernels/reference/boosting.ts, operation by operation.
// Layout of the header, records and tables: src/core/kernels/boosting-layout.ts.
//
// A histogram cell is one i64: sum of quantised gradients in the high word, of quantised hessians (never negative, below
// 2^31) in the low one, so that a row costs one addition and sums are the same in any order, on any number of threads.

export { bin } from './boosting-bins.part';
import { scanLevelOf } from './boosting-level.part';
import { columnBytes, real, word } from './boosting-memory.part';
import { scanLeaf } from './boosting-scan.part';
import { buildWide, isInSet, partitionWide, subtractWide, sumWide, wideShift } from './boosting-wide.part';
import { log, softplus } from './exact-math.part';

const cellBytes: usize = 8;
const gatherRows: u32 = 256;
const orderedRows: u32 = 1024;
const chunkRows: u32 = 4096;

// @ts-ignore: decorator
@inline function privateOf(header: usize, member: u32): usize {
  return word(header, 16) + <usize>member * word(header, 17);
}
// @ts-ignore: decorator
@inline function gatherBuffer(header: usize, member: u32): usize {
  return privateOf(header, member) + (<usize>word(header, 0) << 3) + 64;
}
/** {first column, first place in the order of features, first wide column, –} of a member, followed by those of the next. */
// @ts-ignore: decorator
@inline function shareOf(header: usize, member: u32, memberCount: u32): usize {
  return word(header, 26) + (memberCount == 1 ? 0 : <usize>(2 + member) << 4);
}
// @ts-ignore: decorator
@inline function codeCount(header: usize, column: u32): u32 {
  return load<u32>(word(header, 27) + (<usize>column << 2));
}

const magic: f64 = 6755399441055744; // 1.5 · 2^52: adding it rounds to a whole number, which the low bits then hold

/** exp(x) of two numbers from -700 to 700, to nine digits: 2^n times a Taylor series of what remains. */
// @ts-ignore: decorator
@inline function expPair(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(magic));
  const n = f64x2.sub(shifted, f64x2.splat(magic));
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1))),
    f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)),
  );
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(1 / 5040.0)), f64x2.splat(1 / 720.0));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1 / 120.0));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1 / 24.0));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1 / 6.0));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(r, p), f64x2.splat(1));
  return i64x2.add(p, i64x2.shl(shifted, 52));
}

/** Gradients and hessians of the log-loss in double, two rows at a time, with sums of |g| and h per chunk of rows. */
export function gradients(member: u32, memberCount: u32, header: usize): void {
  const rows = word(header, 0);
  const chunks = (rows + chunkRows - 1) / chunkRows;
  const scores = word(header, 10), labels = word(header, 11), weights = word(header, 12);
  const g = word(header, 13), h = word(header, 14), sums = word(header, 15);
  const positive = f64x2.splat(real(header, 7)), negative = f64x2.splat(real(header, 8));
  const one = f64x2.splat(1), most = f64x2.splat(700), least = f64x2.splat(-700);
  const last = (chunks * (member + 1)) / memberCount;
  for (let chunk = (chunks * member) / memberCount; chunk < last; chunk++) {
    const to = min<u32>(rows, (chunk + 1) * chunkRows);
    let sumG = f64x2.splat(0), sumH = f64x2.splat(0);
    // Beyond an odd number of rows lies room for one more, which counts for nothing.
    for (let i = chunk * chunkRows; i < to; i += 2) {
      const x = f64x2.pmax(f64x2.pmin(f64x2.neg(v128.load(scores + (i << 3))), most), least);
      const p = f64x2.div(one, f64x2.add(one, expPair(x)));
      const y = f64x2(load<u8>(labels + i), load<u8>(labels + i, 1));
      let w = v128.bitselect(positive, negative, f64x2.eq(y, one));
      if (weights) w = f64x2.mul(w, v128.load(weights + (i << 3)));
      if (i + 1 == to) w = f64x2.replace_lane(w, 1, 0);
      const gradient = f64x2.mul(f64x2.sub(p, y), w);
      const hessian = f64x2.mul(f64x2.mul(p, f64x2.sub(one, p)), w);
      v128.store(g + (i << 3), gradient);
      v128.store(h + (i << 3), hessian);
      sumG = f64x2.add(sumG, f64x2.abs(gradient));
      sumH = f64x2.add(sumH, hessian);
    }
    store<f64>(sums + (chunk << 4), f64x2.extract_lane(sumG, 0) + f64x2.extract_lane(sumG, 1));
    store<f64>(sums + (chunk << 4), f64x2.extract_lane(sumH, 0) + f64x2.extract_lane(sumH, 1), 8);
  }
}

/** Packs gradients and hessians, rounded to whole steps (half to even), and refills the member's own list of rows. */
export function quantise(member: u32, memberCount: u32, header: usize): void {
  const rows = word(header, 0);
  const g = word(header, 13), h = word(header, 14), packed = word(header, 5);
  const gScale = f64x2.splat(real(header, 0)), hScale = f64x2.splat(real(header, 1)), round = f64x2.splat(magic);
  // Pairs of rows; beyond an odd number of rows lies room for one more.
  const pairs = (rows + 1) >> 1;
  const to = <u32>((<u64>pairs * (member + 1)) / memberCount) << 4;
  for (let at = <u32>((<u64>pairs * member) / memberCount) << 4; at < to; at += 16) {
    const gradient = f64x2.add(f64x2.mul(v128.load(g + at), gScale), round);
    const hessian = f64x2.add(f64x2.mul(v128.load(h + at), hScale), round);
    v128.store(packed + at, v128.shuffle<i32>(hessian, gradient, 0, 4, 2, 6));
  }
  const list = privateOf(header, member), bag = word(header, 18), count = word(header, 19);
  if (bag) memory.copy(list, bag, <usize>count << 2);
  else {
    let four = i32x4(0, 1, 2, 3);
    // The list is followed by room for one more group.
    for (let i: u32 = 0; i < count; i += 4) {
      v128.store(list + (i << 2), four);
      four = i32x4.add(four, i32x4.splat(4));
    }
  }
}

// @ts-ignore: decorator
@inline function addFour(cells: usize, bins: usize, packed: i64): void {
  let at = cells + (<usize>load<u8>(bins) << 3);
  store<i64>(at, load<i64>(at) + packed);
  at = cells + (<usize>load<u8>(bins, 1) << 3);
  store<i64>(at, load<i64>(at, columnBytes) + packed, columnBytes);
  at = cells + (<usize>load<u8>(bins, 2) << 3);
  store<i64>(at, load<i64>(at, 2 * columnBytes) + packed, 2 * columnBytes);
  at = cells + (<usize>load<u8>(bins, 3) << 3);
  store<i64>(at, load<i64>(at, 3 * columnBytes) + packed, 3 * columnBytes);
}

/**
 * Adds rows that lie one after the other, `width` bytes apart, four times `quads` columns of each: eight columns of all
 * rows before the next eight, so that few histograms are in play at once and their places are the loop's constants.
 */
function addRows(rows: usize, width: usize, count: u32, packed: usize, cells: usize, quads: u32): void {
  const end = packed + (<usize>count << 3);
  for (; quads >= 2; quads -= 2, rows += 8, cells += 8 * columnBytes) {
    for (let row = rows, at = packed; at < end; at += 8, row += width) {
      const own = load<i64>(at);
      addFour(cells, row, own);
      addFour(cells + 4 * columnBytes, row + 4, own);
    }
  }
  if (quads) for (let at = packed; at < end; at += 8, rows += width) addFour(cells, rows, load<i64>(at));
}

/** Copies so many 16 bytes of each listed row to a buffer, 64 bytes a row. */
function gather(rows: usize, shift: usize, list: usize, end: usize, vectors: u32, buffer: usize): void {
  if (vectors == 4) {
    for (; list < end; list += 4, buffer += 64) {
      const from = rows + (<usize>load<u32>(list) << shift);
      v128.store(buffer, v128.load(from));
      v128.store(buffer, v128.load(from, 16), 16);
      v128.store(buffer, v128.load(from, 32), 32);
      v128.store(buffer, v128.load(from, 48), 48);
    }
  } else if (vectors == 2) {
    for (; list < end; list += 4, buffer += 64) {
      const from = rows + (<usize>load<u32>(list) << shift);
      v128.store(buffer, v128.load(from));
      v128.store(buffer, v128.load(from, 16), 16);
    }
  } else {
    for (; list < end; list += 4, buffer += 64) {
      const from = rows + (<usize>load<u32>(list) << shift);
      for (let at: usize = 0; at < <usize>vectors << 4; at += 16) v128.store(buffer + at, v128.load(from + at));
    }
  }
}

/**
 * The histogram of the listed rows (of all rows in order without a list), for columns [c0, c1). Listed rows are copied,
 * some at a time, into a buffer that stays in the first cache, and added from there.
 */
function buildHistogram(header: usize, histogram: usize, c0: u32, c1: u32, list: usize, count: u32, buffer: usize): void {
  const allRows = <usize>word(header, 1), packed = <usize>word(header, 5), values = buffer + (gatherRows << 6);
  const shift = <usize>word(header, 25), width = <u32>1 << <u32>shift;
  for (let c = c0; c < c1; c++) memory.fill(histogram + <usize>c * columnBytes, 0, <usize>codeCount(header, c) * cellBytes);
  const step = list ? gatherRows : orderedRows;
  for (let i: u32 = 0; i < count; i += step) {
    const part = min<u32>(step, count - i), own = list + (i << 2), end = own + (part << 2);
    if (list) {
      for (let at = own, to = values; at < end; at += 4, to += 8) store<i64>(to, load<i64>(packed + (<usize>load<u32>(at) << 3)));
    }
    for (let from = c0; from < c1; ) {
      const to = min<u32>(c1, (from & ~(width - 1)) + width), quads = (to - from + 3) >> 2;
      const rows = <usize>word(header, 3) + ((<usize>(from >> <u32>shift) * allRows) << shift) + (from & (width - 1));
      const cells = histogram + <usize>from * columnBytes;
      if (list) {
        gather(rows, shift, own, end, (quads + 3) >> 2, buffer);
        addRows(buffer, 64, part, values, cells, quads);
      } else addRows(rows + (i << <u32>shift), width, part, packed + (i << 3), cells, quads);
      from = to;
    }
  }
}

/** From the parent's histogram takes away the smaller child's: what remains is the larger child's. */
function subtract(header: usize, histogram: usize, other: usize, c0: u32, c1: u32): void {
  for (let c = c0; c < c1; c++) {
    let at = histogram + <usize>c * columnBytes, from = other + <usize>c * columnBytes;
    const end = at + <usize>((codeCount(header, c) + 1) & ~1) * cellBytes;
    for (; at < end; at += 16, from += 16) v128.store(at, i64x2.sub(v128.load(at), v128.load(from)));
  }
}

/** Histogram, totals and best split of the root. */
export function root(member: u32, memberCount: u32, header: usize, slot: u32): void {
  const share = shareOf(header, member, memberCount);
  const c0 = load<u32>(share), f0 = load<u32>(share, 4), c1 = load<u32>(share, 16), f1 = load<u32>(share, 20);
  const w0 = load<u32>(share, 8), w1 = load<u32>(share, 24);
  const out = word(header, 9) + (member << 8), buffer = gatherBuffer(header, member);
  store<i32>(out, -1, 8);
  if (f0 >= f1) return;
  const histogram = word(header, 6) + <usize>slot * word(header, 7), count = word(header, 19);
  const list = word(header, 18) ? privateOf(header, member) : 0;
  buildHistogram(header, histogram, c0, c1, list, count, buffer);
  if (w0 < w1) buildWide(header, histogram, w0, w1, list, count, buffer);
  let total: i64 = 0;
  if (c0 >= c1) total = sumWide(header, histogram, w0);
  else for (let t: u32 = 0; t < codeCount(header, c0); t++) total += load<i64>(histogram + <usize>c0 * columnBytes + (t << 3));
  store<i64>(out, total, 64);
  const splittable = splittableOf(header, slot);
  passOn(header, 0, splittable, f0, f1);
  scanLeaf(header, histogram, splittable, f0, f1, total, count, buffer, out, 1);
}

function splittableOf(header: usize, slot: u32): usize {
  return <usize>word(header, 23) + <usize>slot * word(header, 2);
}

/** Copies which of a member's features may gain; all may where there is nothing to copy. */
function passOn(header: usize, from: usize, to: usize, f0: u32, f1: u32): void {
  const order = word(header, 28);
  for (let place = f0; place < f1; place++) {
    const feature = <usize>load<u32>(order + (<usize>place << 2));
    store<u8>(to + feature, from ? load<u8>(from + feature) : 1);
  }
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
  const share = shareOf(header, member, memberCount);
  const c0 = load<u32>(share), f0 = load<u32>(share, 4), c1 = load<u32>(share, 16), f1 = load<u32>(share, 20);
  const w0 = load<u32>(share, 8), w1 = load<u32>(share, 24);
  const out = word(header, 9) + (member << 8), buffer = gatherBuffer(header, member);
  const rows = word(header, 0), own = privateOf(header, member);
  const start = word(job, 0), count = word(job, 1);
  const list = own + (start << 2), spare = own + (rows << 2) + 16;
  const codes = word(job, 2), test = word(job, 11);
  const leftCount = test & 1 ? partitionWide(codes, wideShift(header), test ^ 1, list, spare, count) : partition(codes, test, list, spare, count);
  const rightCount = count - leftCount;
  store<i32>(out, -1, 8);
  store<i32>(out, -1, 136);
  store<u32>(out, leftCount, 72);
  const enough = 2 * real(header, 4);
  const scan = word(job, 6);
  if (f0 >= f1 || !scan || (scan == 1 && <f64>leftCount < enough && <f64>rightCount < enough)) return;
  const slots = <usize>word(header, 6), slotBytes = <usize>word(header, 7);
  const leftIsSmall = leftCount <= rightCount;
  const small = slots + <usize>word(job, 4) * slotBytes, large = slots + <usize>word(job, 5) * slotBytes;
  const rightList = list + (leftCount << 2);
  const hasParent = word(job, 3);
  const smallList = leftIsSmall ? list : rightList, largeList = leftIsSmall ? rightList : list;
  const smallCount = leftIsSmall ? leftCount : rightCount, largeCount = count - smallCount;
  buildHistogram(header, small, c0, c1, smallList, smallCount, buffer);
  if (hasParent) subtract(header, large, small, c0, c1);
  else buildHistogram(header, large, c0, c1, largeList, largeCount, buffer);
  if (w0 < w1) {
    buildWide(header, small, w0, w1, smallList, smallCount, buffer);
    if (hasParent) subtractWide(header, large, small, w0, w1);
    else buildWide(header, large, w0, w1, largeList, largeCount, buffer);
  }
  if (scan == 2) return;
  const ofSmall = splittableOf(header, word(job, 4)), ofLarge = splittableOf(header, word(job, 5));
  if (!hasParent) passOn(header, 0, ofLarge, f0, f1);
  passOn(header, ofLarge, ofSmall, f0, f1);
  const left = ((<i64>load<i32>(job, 28)) << 32) + load<i32>(job, 32), right = ((<i64>load<i32>(job, 36)) << 32) + load<i32>(job, 40);
  if (<f64>leftCount >= enough) scanLeaf(header, leftIsSmall ? small : large, leftIsSmall ? ofSmall : ofLarge, f0, f1, left, leftCount, buffer, out, 1);
  if (<f64>rightCount >= enough) scanLeaf(header, leftIsSmall ? large : small, leftIsSmall ? ofLarge : ofSmall, f0, f1, right, rightCount, buffer, out + 128, 2);
}

/** The best split that all leaves of a level share, from their histograms. A leaf is {slot, g, h, –}. */
export function scanLevel(member: u32, memberCount: u32, header: usize, leaves: usize, leafCount: u32): void {
  const share = shareOf(header, member, memberCount);
  scanLevelOf(header, leaves, leafCount, load<u32>(share, 4), load<u32>(share, 20), gatherBuffer(header, member), word(header, 9) + (member << 8));
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

/** Adds a tree to the scores of `count` rows, listed or from `first` on. A node is {codes, left, right, test}. */
export function walk(member: u32, memberCount: u32, header: usize, nodes: usize, leafValues: usize, list: usize, first: u32, count: u32): void {
  const scores = word(header, 10), shift = <usize>word(header, 25), shiftOfWide = wideShift(header);
  const to = <u32>((<u64>count * (member + 1)) / memberCount);
  for (let i = <u32>((<u64>count * member) / memberCount); i < to; i++) {
    const row = <usize>(list ? load<u32>(list + (i << 2)) : first + i);
    let node: i32 = 0;
    do {
      const record = nodes + (<usize>node << 4);
      const codes = load<u32>(record), test = load<u32>(record, 12);
      const goesLeft = test & 1 ? isInSet(test ^ 1, load<u16>(codes + (row << shiftOfWide))) : load<u8>(test + load<u8>(codes + (row << shift)));
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

/**
 * Log-loss of a row set, plain and with class weights. Without row weights, 1 + e^-|score| is multiplied up by outcome and
 * one logarithm taken of each 1024 rows.
 */
function storeLosses(header: usize, first: u32, step: u32, count: u32, out: usize): void {
  const scores = word(header, 10), labels = word(header, 11), weights = word(header, 12);
  let positive: f64 = 0, negative: f64 = 0;
  if (weights) {
    for (let i: u32 = 0; i < count; i++) {
      const row = <usize>(first + i * step), y = load<u8>(labels + row), score = load<f64>(scores + (row << 3));
      const loss = softplus(y ? -score : score) * load<f64>(weights + (row << 3));
      if (y) positive += loss;
      else negative += loss;
    }
  } else {
    const zero = f64x2.splat(0), one = f64x2.splat(1), least = f64x2.splat(-700);
    let hinge1 = zero, hinge0 = zero, product1 = one, product0 = one;
    for (let i: u32 = 0; i < count; i += 2) {
      const isPair = i + 1 < count, a = <usize>(first + i * step), b = isPair ? a + step : a;
      const is1 = i64x2(-<i64>load<u8>(labels + a), -<i64>(isPair && load<u8>(labels + b)));
      const is0 = i64x2(<i64>load<u8>(labels + a) - 1, isPair ? <i64>load<u8>(labels + b) - 1 : 0);
      const score = f64x2(load<f64>(scores + (a << 3)), load<f64>(scores + (b << 3)));
      const z = v128.bitselect(f64x2.neg(score), score, is1);
      const excess = f64x2.pmax(z, zero), factor = f64x2.add(one, expPair(f64x2.pmax(f64x2.neg(f64x2.abs(z)), least)));
      hinge1 = f64x2.add(hinge1, v128.and(excess, is1));
      hinge0 = f64x2.add(hinge0, v128.and(excess, is0));
      product1 = f64x2.mul(product1, v128.bitselect(factor, one, is1));
      product0 = f64x2.mul(product0, v128.bitselect(factor, one, is0));
      if ((i & 1022) == 1022 || i + 2 >= count) {
        positive += log(f64x2.extract_lane(product1, 0)) + log(f64x2.extract_lane(product1, 1));
        negative += log(f64x2.extract_lane(product0, 0)) + log(f64x2.extract_lane(product0, 1));
        product1 = one;
        product0 = one;
      }
    }
    positive += f64x2.extract_lane(hinge1, 0) + f64x2.extract_lane(hinge1, 1);
    negative += f64x2.extract_lane(hinge0, 0) + f64x2.extract_lane(hinge0, 1);
  }
  store<f64>(out, positive + negative, 32);
  store<f64>(out, positive * real(header, 7) + negative * real(header, 8), 40);
}

/** Measures of row sets. A set is {first, step, count, spare, out}; members take them in turn. */
export function measure(member: u32, memberCount: u32, header: usize, sets: usize, setCount: u32): void {
  const scores = word(header, 10), labels = word(header, 11), weights = word(header, 12);
  for (let set = member; set < setCount; set += memberCount) {
    const record = sets + (set << 5), count = load<u32>(record, 8), out = load<u32>(record, 16);
    const sorted = sortByScore(header, load<u32>(record), load<u32>(record, 4), count, load<u32>(record, 12));
    let positives: f64 = 0, negatives: f64 = 0, pairs: f64 = 0, precisions: f64 = 0, wrong: f64 = 0;
    for (let i: u32 = 0; i < count; ) {
      const key = load<u32>(sorted + (i << 3), 4);
      let p: f64 = 0, n: f64 = 0;
      for (; i < count && load<u32>(sorted + (i << 3), 4) == key; i++) {
        const row = <usize>load<u32>(sorted + (i << 3));
        const y = load<u8>(labels + row), w = weights ? load<f64>(weights + (row << 3)) : 1;
        const score = load<f64>(scores + (row << 3));
        if (y) p += w;
        else n += w;
        if ((score > 0) != (y != 0)) wrong += w;
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
    storeLosses(header, load<u32>(record), load<u32>(record, 4), count, out);
    store<f64>(out, wrong, 48);
  }
}
