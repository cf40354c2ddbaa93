// Scores gradient boosted trees, 256 rows at a time, one bit per row and test instead of one walk per row and tree.
// Layout of the header, columns and trees: src/core/kernels/tree-image.ts and tree-columns.ts. Twin: the walkers of
// src/core/models/boosting/tree-walkers.ts, which give the same bits: leaf values are added in tree order, from 0.
//
// A tree is evaluated over masks "the row's leaf is number k or later": for the inner node between leaves k − 1 and k of a
// subtree lo … hi − 1 that is G[hi] | (G[lo] & exceeds). Bit b of the leaf's number is the exclusive or of G at the multiples of 2^b, and an 8 × 8 transposition of bits makes bytes of it.

import { blockRows, columnBytes, exchanged, fillMasks, maskBytes, word } from './tree-masks.part';

const treesAtOnce: u32 = 16;

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
