// Masks of tests of columns: which of 256 rows exceed a threshold, or are in no set. Layout: src/core/kernels/tree-columns.ts.
//
// A mask holds a bit per row of the block: row 128·half + 16·bit + lane is bit `bit` of byte 16·half + lane. For each column
// the rows are dealt to slots by their code (how many of the column's thresholds lie below the value), and slots are united
// from the top: then slot t + 1 says which rows exceed threshold t.

export const maskBytes: usize = 32;
export const blockRows: usize = 256;
export const columnBytes: usize = 96;

// @ts-ignore: decorator
@inline export function word(at: usize, index: usize): u32 {
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

/** Deals a block's rows to the column's slots and unites these to the masks of its tests. */
export function fillMasks(column: usize, block: u32): void {
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

// Swaps the high part of the bits of `a` with the low part of those of `b`: the exchanged bits are returned.
// @ts-ignore: decorator
@inline export function exchanged(a: v128, b: v128, shift: i32, part: i8): v128 {
  return v128.and(v128.xor(i16x8.shr_u(a, shift), b), i8x16.splat(part));
}
