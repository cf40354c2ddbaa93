// Scores gradient boosted trees, 256 rows at a time, one bit per row and test instead of one walk per row and tree.
// Layout of the header, columns and trees: src/core/kernels/tree-layout.ts. Twin: the walkers of
// src/core/models/boosting/tree-walkers.ts, which give the same bits: leaf values are added in tree order, from 0.
//
// A mask holds a bit per row of the block: row 128·half + 16·bit + lane is bit `bit` of byte 16·half + lane. For each column
// the rows are dealt to slots by their code (how many of the column's thresholds lie below the value), and slots are united
// from the top: then slot t + 1 says which rows exceed threshold t. A tree is evaluated over masks "the row's leaf is number k
// or later": for the inner node between leaves k − 1 and k of a subtree lo … hi − 1 that is G[hi] | (G[lo] & exceeds). Bit b of
// the leaf's number is the exclusive or of G at the multiples of 2^b, and an 8 × 8 transposition of bits makes bytes of it.

const maskBytes: usize = 32;
const blockRows: usize = 256;
const columnBytes: usize = 96;
const treesAtOnce: u32 = 16;

// @ts-ignore: decorator
@inline function word(at: usize, index: usize): u32 {
  return load<u32>(at + (index << 2));
}
// @ts-ignore: decorator
@inline function splatReal(at: usize, offset: usize): v128 {
  return v128.load64_splat(at + offset);
}
// @ts-ignore: decorator
@inline function mark(slots: usize, slot: u32, bit: u32): void {
  const at = slots + (<usize>slot << 5);
  store<u8>(at, load<u8>(at) | bit);
}

/** Raw sums of `blocks` blocks of rows whose columns stand staged, one after the other from `out`. */
export function score(header: usize, blocks: u32): void {
  const columnCount = word(header, 0);
  const columns: usize = word(header, 1);
  const treeCount = word(header, 2);
  const tables: usize = word(header, 4);
  const boundaries: usize = word(header, 5);
  const leaves: usize = word(header, 6);
  let out: usize = word(header, 7);
  for (let block: u32 = 0; block < blocks; block++) {
    for (let i: u32 = 0; i < columnCount; i++) fillMasks(columns + <usize>i * columnBytes, block);
    memory.fill(out, 0, blockRows << 3);
    v128.store(boundaries, i8x16.splat(-1));
    v128.store(boundaries, i8x16.splat(-1), 16);
    let tree: usize = word(header, 3);
    for (let from: u32 = 0; from < treeCount; from += treesAtOnce) {
      const count = min<u32>(treesAtOnce, treeCount - from);
      for (let i: u32 = 0; i < count; i++) {
        evaluate(tree, boundaries);
        const numbers = leaves + <usize>i * blockRows;
        const groups = load<u16>(tree, 2);
        if (groups <= 4) {
          numberFew(boundaries, groups, numbers);
          numberFew(boundaries + 16, groups, numbers + 128);
        } else {
          numberMany(boundaries, groups, numbers);
          numberMany(boundaries + 16, groups, numbers + 128);
        }
        tree += 4 + <usize>load<u16>(tree) * 12;
      }
      addLeaves(leaves, tables + (<usize>from << 2), count, out);
    }
    out += blockRows << 3;
  }
}

/** Deals a block's rows to the column's slots and unites these to the masks of its tests. */
function fillMasks(column: usize, block: u32): void {
  const slots: usize = word(column, 2);
  const slotCount = word(column, 3);
  const end = slots + <usize>slotCount * maskBytes;
  const zero = i8x16.splat(0);
  for (let at = slots; at < end; at += maskBytes) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
  const values: usize = word(column, 1);
  if (word(column, 0) == 0) {
    const at = values + ((<usize>block * blockRows) << 3);
    if (word(column, 6) == 1) dealNumbers(column, at, slots);
    else dealCrowdedNumbers(column, at, slots);
  } else {
    dealCodes(values + ((<usize>block * blockRows) << 1), slots);
  }
  if (word(column, 8)) uniteSets(word(column, 8));
  else uniteThresholds(column, slots);
}

// Cells of the guide that a pair of values fall in, as doubles whose low words hold them; NaN has the last cell.
// @ts-ignore: decorator
@inline function cellsOf(v: v128, low: v128, scale: v128, top: v128, none: v128): v128 {
  const cell = f64x2.pmin(top, f64x2.pmax(f64x2.splat(0), f64x2.mul(f64x2.sub(v, low), scale)));
  return f64x2.add(v128.bitselect(cell, none, f64x2.eq(v, v)), f64x2.splat(4503599627370496));
}

/** At most one threshold in a cell of the guide. */
function dealNumbers(column: usize, values: usize, slots: usize): void {
  const guide: usize = word(column, 4);
  const thresholds: usize = word(column, 5);
  const low = splatReal(column, 48), scale = splatReal(column, 56);
  const top = splatReal(column, 64), none = splatReal(column, 72);
  for (let half: usize = 0; half < 2; half++) {
    for (let bit: u32 = 1; bit < 256; bit <<= 1) {
      for (let lane: usize = 0; lane < 16; lane += 4) {
        const a = v128.load(values), b = v128.load(values, 16);
        const cellsA = cellsOf(a, low, scale, top, none), cellsB = cellsOf(b, low, scale, top, none);
        const k0: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cellsA, 0) << 1));
        const k1: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cellsA, 2) << 1));
        const k2: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cellsB, 0) << 1));
        const k3: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cellsB, 2) << 1));
        const at = slots + lane;
        mark(at, k0 + <u32>(load<f64>(values) > load<f64>(thresholds + (<usize>k0 << 3))), bit);
        mark(at + 1, k1 + <u32>(load<f64>(values, 8) > load<f64>(thresholds + (<usize>k1 << 3))), bit);
        mark(at + 2, k2 + <u32>(load<f64>(values, 16) > load<f64>(thresholds + (<usize>k2 << 3))), bit);
        mark(at + 3, k3 + <u32>(load<f64>(values, 24) > load<f64>(thresholds + (<usize>k3 << 3))), bit);
        values += 32;
      }
    }
    slots += 16;
  }
}

// @ts-ignore: decorator
@inline function searchCell(thresholds: usize, from: u32, window: u32, value: f64): u32 {
  let k = from;
  for (let step = window; step > 0; step >>= 1) {
    k += select<u32>(step, 0, value > load<f64>(thresholds + (<usize>(k + step - 1) << 3)));
  }
  return k;
}

/** The same where a cell may hold more thresholds: a binary search among `window` · 2 − 1. */
function dealCrowdedNumbers(column: usize, values: usize, slots: usize): void {
  const guide: usize = word(column, 4);
  const thresholds: usize = word(column, 5);
  const window = word(column, 6);
  const low = splatReal(column, 48), scale = splatReal(column, 56);
  const top = splatReal(column, 64), none = splatReal(column, 72);
  for (let half: usize = 0; half < 2; half++) {
    for (let bit: u32 = 1; bit < 256; bit <<= 1) {
      for (let lane: usize = 0; lane < 16; lane += 2) {
        const cells = cellsOf(v128.load(values), low, scale, top, none);
        const k0: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cells, 0) << 1));
        const k1: u32 = load<u16>(guide + (<usize>i32x4.extract_lane(cells, 2) << 1));
        mark(slots + lane, searchCell(thresholds, k0, window, load<f64>(values)), bit);
        mark(slots + lane + 1, searchCell(thresholds, k1, window, load<f64>(values, 8)), bit);
        values += 16;
      }
    }
    slots += 16;
  }
}

/** Rows whose slots are known: categories, or numbers binned before. */
function dealCodes(codes: usize, slots: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    for (let bit: u32 = 1; bit < 256; bit <<= 1) {
      for (let lane: usize = 0; lane < 16; lane += 4) {
        const at = slots + lane;
        mark(at, load<u16>(codes), bit);
        mark(at + 1, load<u16>(codes, 2), bit);
        mark(at + 2, load<u16>(codes, 4), bit);
        mark(at + 3, load<u16>(codes, 6), bit);
        codes += 8;
      }
    }
    slots += 16;
  }
}

/**
 * Slot t + 1 becomes "exceeds threshold t". The last slot holds missing rows: whether these go right is decided by the mask
 * that the node names, with or without them; `others` holds the second kind where a column needs both.
 */
function uniteThresholds(column: usize, slots: usize): void {
  const missing = slots + <usize>(word(column, 3) - 1) * maskBytes;
  const missing0 = v128.load(missing), missing1 = v128.load(missing, 16);
  let others: usize = word(column, 7);
  const missingRight = word(column, 9);
  let right0 = i8x16.splat(0), right1 = i8x16.splat(0);
  if (missingRight) {
    right0 = missing0;
    right1 = missing1;
  }
  if (others) {
    others += missing - slots;
    for (let at = missing - maskBytes; at > slots; at -= maskBytes) {
      right0 = v128.or(right0, v128.load(at));
      right1 = v128.or(right1, v128.load(at, 16));
      v128.store(at, right0);
      v128.store(at, right1, 16);
      others -= maskBytes;
      v128.store(others, v128.or(right0, missing0));
      v128.store(others, v128.or(right1, missing1), 16);
    }
    return;
  }
  for (let at = missing - maskBytes; at > slots; at -= maskBytes) {
    right0 = v128.or(right0, v128.load(at));
    right1 = v128.or(right1, v128.load(at, 16));
    v128.store(at, right0);
    v128.store(at, right1, 16);
  }
}

/** Per set of categories: where its mask goes, how many slots follow, whether they go left (else right), and the slots. */
function uniteSets(sets: usize): void {
  const count = load<u32>(sets);
  let at = sets + 4;
  for (let i: u32 = 0; i < count; i++) {
    const mask: usize = load<u32>(at);
    const end = at + 12 + (<usize>load<u32>(at, 4) << 2);
    const flip = i32x4.splat(load<i32>(at, 8));
    let all0 = flip, all1 = flip;
    for (at += 12; at < end; at += 4) {
      const slot: usize = load<u32>(at);
      all0 = v128.xor(all0, v128.load(slot));
      all1 = v128.xor(all1, v128.load(slot, 16));
    }
    v128.store(mask, all0);
    v128.store(mask, all1, 16);
  }
}

/** Masks G of one tree: a row is in G[k] where its leaf is number k or later. G[0] is all rows. */
function evaluate(tree: usize, boundaries: usize): void {
  const nodeCount: u32 = load<u16>(tree);
  const groups: usize = load<u16>(tree, 2);
  const zero = i8x16.splat(0);
  const last = boundaries + <usize>max<u32>(<u32>(groups << 3) - 1, nodeCount + 1) * maskBytes;
  for (let at = boundaries + <usize>(nodeCount + 1) * maskBytes; at <= last; at += maskBytes) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
  let node = tree + 4;
  const end = node + <usize>nodeCount * 12;
  for (; node < end; node += 12) {
    const exceeds: usize = load<u32>(node);
    const low = boundaries + load<u16>(node, 4);
    const high = boundaries + load<u16>(node, 6);
    const own = boundaries + load<u16>(node, 8);
    v128.store(own, v128.or(v128.load(high), v128.and(v128.load(low), v128.load(exceeds))));
    v128.store(own, v128.or(v128.load(high, 16), v128.and(v128.load(low, 16), v128.load(exceeds, 16))), 16);
  }
}

// @ts-ignore: decorator
@inline function xor4(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.xor(v128.xor(a, b), v128.xor(c, d));
}

// Swaps the high part of the bits of `a` with the low part of those of `b`: the exchanged bits are returned.
// @ts-ignore: decorator
@inline function exchanged(a: v128, b: v128, shift: i32, part: i8): v128 {
  return v128.and(v128.xor(i16x8.shr_u(a, shift), b), i8x16.splat(part));
}

/** Leaf numbers of 128 rows, a byte each, for trees of at most 32 leaves (four groups of eight masks). */
function numberFew(masks: usize, groups: u32, numbers: usize): void {
  let x0 = xor4(v128.load(masks, 32), v128.load(masks, 96), v128.load(masks, 160), v128.load(masks, 224));
  let x1 = v128.xor(v128.load(masks, 64), v128.load(masks, 192));
  let x2 = v128.load(masks, 128);
  let x3 = i8x16.splat(0), x4 = i8x16.splat(0);
  if (groups > 1) {
    x3 = v128.load(masks, 256);
    x0 = v128.xor(x0, xor4(v128.load(masks, 288), v128.load(masks, 352), v128.load(masks, 416), v128.load(masks, 480)));
    x1 = v128.xor(x1, v128.xor(v128.load(masks, 320), v128.load(masks, 448)));
    x2 = v128.xor(x2, v128.load(masks, 384));
  }
  if (groups > 2) {
    x4 = v128.load(masks, 512);
    x0 = v128.xor(x0, xor4(v128.load(masks, 544), v128.load(masks, 608), v128.load(masks, 672), v128.load(masks, 736)));
    x1 = v128.xor(x1, v128.xor(v128.load(masks, 576), v128.load(masks, 704)));
    x2 = v128.xor(x2, v128.load(masks, 640));
  }
  if (groups > 3) {
    x3 = v128.xor(x3, v128.load(masks, 768));
    x0 = v128.xor(x0, xor4(v128.load(masks, 800), v128.load(masks, 864), v128.load(masks, 928), v128.load(masks, 992)));
    x1 = v128.xor(x1, v128.xor(v128.load(masks, 832), v128.load(masks, 960)));
    x2 = v128.xor(x2, v128.load(masks, 896));
  }
  x3 = v128.xor(x3, x4);
  x2 = v128.xor(x2, x3);
  x1 = v128.xor(x1, x2);
  x0 = v128.xor(x0, x1);
  const nibble = i8x16.splat(15);
  const t = exchanged(x0, x4, 4, 15);
  const y0 = v128.xor(x0, i16x8.shl(t, 4)), y4 = v128.xor(x4, t);
  const y5 = v128.and(i16x8.shr_u(x1, 4), nibble), y1 = v128.and(x1, nibble);
  const y6 = v128.and(i16x8.shr_u(x2, 4), nibble), y2 = v128.and(x2, nibble);
  const y7 = v128.and(i16x8.shr_u(x3, 4), nibble), y3 = v128.and(x3, nibble);
  transposePairs(y0, y1, y2, y3, numbers);
  transposePairs(y4, y5, y6, y7, numbers + 64);
}

// The last two of the three exchanges, between planes two apart and one apart.
// @ts-ignore: decorator
@inline function transposePairs(a: v128, b: v128, c: v128, d: v128, numbers: usize): void {
  const ac = exchanged(a, c, 2, 0x33), bd = exchanged(b, d, 2, 0x33);
  const a1 = v128.xor(a, i16x8.shl(ac, 2)), c1 = v128.xor(c, ac);
  const b1 = v128.xor(b, i16x8.shl(bd, 2)), d1 = v128.xor(d, bd);
  const ab = exchanged(a1, b1, 1, 0x55), cd = exchanged(c1, d1, 1, 0x55);
  v128.store(numbers, v128.xor(a1, i16x8.shl(ab, 1)));
  v128.store(numbers, v128.xor(b1, ab), 16);
  v128.store(numbers, v128.xor(c1, i16x8.shl(cd, 1)), 32);
  v128.store(numbers, v128.xor(d1, cd), 48);
}

// Exclusive or of the masks of every `step`-th group, from group `first`.
// @ts-ignore: decorator
@inline function everyGroup(masks: usize, groups: u32, first: u32, step: u32): v128 {
  let all = i8x16.splat(0);
  for (let group = first; group < groups; group += step) all = v128.xor(all, v128.load(masks + (<usize>group << 8)));
  return all;
}

/** The same for up to 256 leaves. */
function numberMany(masks: usize, groups: u32, numbers: usize): void {
  let x0 = i8x16.splat(0), x1 = x0, x2 = x0;
  const end = masks + (<usize>groups << 8);
  for (let at = masks; at < end; at += 256) {
    x0 = v128.xor(x0, xor4(v128.load(at, 32), v128.load(at, 96), v128.load(at, 160), v128.load(at, 224)));
    x1 = v128.xor(x1, v128.xor(v128.load(at, 64), v128.load(at, 192)));
    x2 = v128.xor(x2, v128.load(at, 128));
  }
  const x7 = everyGroup(masks, groups, 16, 32);
  const x6 = v128.xor(everyGroup(masks, groups, 8, 16), x7);
  const x5 = v128.xor(everyGroup(masks, groups, 4, 8), x6);
  const x4 = v128.xor(everyGroup(masks, groups, 2, 4), x5);
  const x3 = v128.xor(everyGroup(masks, groups, 1, 2), x4);
  x2 = v128.xor(x2, x3);
  x1 = v128.xor(x1, x2);
  x0 = v128.xor(x0, x1);
  const t0 = exchanged(x0, x4, 4, 15), t1 = exchanged(x1, x5, 4, 15);
  const t2 = exchanged(x2, x6, 4, 15), t3 = exchanged(x3, x7, 4, 15);
  transposePairs(
    v128.xor(x0, i16x8.shl(t0, 4)), v128.xor(x1, i16x8.shl(t1, 4)),
    v128.xor(x2, i16x8.shl(t2, 4)), v128.xor(x3, i16x8.shl(t3, 4)), numbers,
  );
  transposePairs(v128.xor(x4, t0), v128.xor(x5, t1), v128.xor(x6, t2), v128.xor(x7, t3), numbers + 64);
}

// @ts-ignore: decorator
@inline function leafValue(table: usize, number: usize): f64 {
  return load<f64>(table + (<usize>load<u8>(number) << 3));
}

/** Adds the leaf values of `count` trees to the sums, tree by tree: eight rows at a time stay in registers. */
function addLeaves(leaves: usize, tables: usize, count: u32, out: usize): void {
  const end = tables + (<usize>count << 2);
  for (let row: usize = 0; row < blockRows; row += 8) {
    let s0 = load<f64>(out), s1 = load<f64>(out, 8), s2 = load<f64>(out, 16), s3 = load<f64>(out, 24);
    let s4 = load<f64>(out, 32), s5 = load<f64>(out, 40), s6 = load<f64>(out, 48), s7 = load<f64>(out, 56);
    let number = leaves + row;
    for (let at = tables; at < end; at += 4) {
      const table: usize = load<u32>(at);
      s0 += leafValue(table, number);
      s1 += leafValue(table, number + 1);
      s2 += leafValue(table, number + 2);
      s3 += leafValue(table, number + 3);
      s4 += leafValue(table, number + 4);
      s5 += leafValue(table, number + 5);
      s6 += leafValue(table, number + 6);
      s7 += leafValue(table, number + 7);
      number += blockRows;
    }
    store<f64>(out, s0);
    store<f64>(out, s1, 8);
    store<f64>(out, s2, 16);
    store<f64>(out, s3, 24);
    store<f64>(out, s4, 32);
    store<f64>(out, s5, 40);
    store<f64>(out, s6, 48);
    store<f64>(out, s7, 56);
    out += 64;
  }
}
