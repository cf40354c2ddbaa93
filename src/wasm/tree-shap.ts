// Path-dependent TreeSHAP of many rows at once. Layout of groups and the header: src/core/kernels/tree-shap.ts.
//
// A group is a whole subtree. What its leaves add to a row's attributions hangs on a few bits alone: for each feature on the
// way to the subtree whether the row goes that way, and for each of its inner nodes where the row goes. These patterns are
// made 128 rows at a time from the masks of the tests. The first row of a pattern has its attributions computed (Owen's
// integral by Gauss–Legendre quadrature, as in src/core/explanation/tree-shap.ts); the others add the same entry.

import { blockRows, columnBytes, exchanged, fillMasks, word } from './tree-masks.part';

/** Bytes of a member's own memory before its table of entries. */
const slotsBytes: usize = 131_072;
/** Doubles of a product at the nodes of the quadrature: 32 bits, so 32 features, take 16. */
const productBytes: usize = 128;

/** Makes the masks of all tests for staged blocks and keeps them as blocks `first`, `first` + 1 … of the strip. */
export function fill(header: usize, first: u32, blocks: u32): void {
  const columnCount = word(header, 0);
  const columns: usize = word(header, 1);
  const area: usize = word(header, 4);
  for (let block: u32 = 0; block < blocks; block++) {
    for (let i: u32 = 0; i < columnCount; i++) fillMasks(columns + <usize>i * columnBytes, block);
    memory.copy(word(header, 2) + <usize>(first + block) * area, word(header, 3), area);
  }
}

/** Adds the attributions of the groups from … to of the list to those of the member's share of the strip. */
export function attribute(member: u32, memberCount: u32, header: usize, from: usize, to: usize): void {
  const blocks = word(header, 5);
  const first = (blocks * member) / memberCount;
  const own = (blocks * (member + 1)) / memberCount - first;
  if (own == 0) return;
  const stride: usize = word(header, 7);
  const phi: usize = word(header, 6) + ((<usize>first * blockRows) << 3);
  const slots: usize = word(header, 8) + <usize>member * word(header, 9);
  const bytes = slots + slotsBytes;
  const product = bytes + 512;
  const entries = product + productBytes;
  const table = entries + (<usize>word(header, 10) << 2);
  const area: usize = word(header, 4);
  const masks = word(header, 2) + <usize>first * area;
  for (let group = from; group < to; group += word(group, 3)) {
    deal(group, masks, area, own, slots, bytes, product, entries, table);
    add(group + word(group, 4), word(group, 1), entries, own * <u32>blockRows, phi, stride);
  }
}

// The mask of one bit of a pattern: all of its terms hold. A term is the mask's place, plus 1 where it is turned round.
// @ts-ignore: decorator
@inline function maskOf(terms: usize, count: u32, masks: usize): v128 {
  let all = i32x4.splat(-1);
  for (const end = terms + (<usize>count << 2); terms < end; terms += 4) {
    const term = load<u32>(terms);
    all = v128.and(all, v128.xor(v128.load(masks + (term & ~1)), i32x4.splat(-<i32>(term & 1))));
  }
  return all;
}

/** Eight masks at `planes` become 128 bytes, a row each, in the order of the rows. */
function transpose(planes: usize): void {
  for (let step: u32 = 0, gap: usize = 64, shift: i32 = 4; step < 3; step++, gap >>= 1, shift >>= 1) {
    const part: i8 = shift == 4 ? 15 : shift == 2 ? 0x33 : 0x55;
    for (let i: usize = 0; i < 128; i += 16) {
      if (i & gap) continue;
      const a = v128.load(planes + i), b = v128.load(planes + i + gap);
      const t = exchanged(a, b, shift, part);
      v128.store(planes + i, v128.xor(a, i16x8.shl(t, shift)));
      v128.store(planes + i + gap, v128.xor(b, t));
    }
  }
}

/** Finds each row's entry in the table, making those not met before. */
function deal(
  group: usize, masks: usize, area: usize, blocks: u32, slots: usize, bytes: usize, product: usize, entries: usize,
  table: usize,
): void {
  const bits = word(group, 0);
  const rowBytes = word(group, 1) << 3;
  const isDirect = bits > 16;
  let used: u32 = 0;
  if (!isDirect) memory.fill(slots, 0, <usize>2 << bits);
  for (let block: u32 = 0; block < blocks; block++, masks += area) {
    for (let half: usize = 0; half < 32; half += 16) {
      let terms = group + 32;
      for (let bit: u32 = 0; bit < bits; bit++) {
        const count = load<u32>(terms);
        v128.store(bytes + (<usize>bit << 4), maskOf(terms + 4, count, masks + half));
        terms += 4 + (<usize>count << 2);
      }
      const last = (bits + 7) & ~7;
      for (let bit = bits; bit < last; bit++) v128.store(bytes + (<usize>bit << 4), i32x4.splat(0));
      for (let plane: u32 = 0; plane < last; plane += 8) transpose(bytes + (<usize>plane << 4));
      for (let row: usize = 0; row < 128; row++) {
        let pattern: u32 = load<u8>(bytes + row);
        if (bits > 8) pattern |= <u32>load<u8>(bytes + row, 128) << 8;
        let slot = used;
        let isNew = true;
        if (!isDirect) {
          const at = slots + (<usize>pattern << 1);
          const known: u32 = load<u16>(at);
          isNew = known == 0;
          if (isNew) store<u16>(at, used + 1);
          else slot = known - 1;
        } else {
          pattern |= <u32>load<u8>(bytes + row, 256) << 16;
          if (bits > 24) pattern |= <u32>load<u8>(bytes + row, 384) << 24;
        }
        const entry = table + <usize>slot * rowBytes;
        if (isNew) {
          used++;
          make(group, pattern, entry, product);
        }
        store<u32>(entries, <u32>entry);
        entries += 4;
      }
    }
  }
}

/** The attributions of the group's leaves for rows of one pattern. */
function make(group: usize, pattern: u32, entry: usize, product: usize): void {
  memory.fill(entry, 0, <usize>word(group, 1) << 3);
  let leaf = group + word(group, 5);
  for (let rest = word(group, 2); rest > 0; rest--) {
    const depth = load<u32>(leaf);
    const nodes: usize = load<u32>(leaf, 4);
    const features = leaf + 8;
    const weights = features + (((<usize>depth * 12) + 7) & ~7);
    for (let q: usize = 0; q < nodes; q += 16) v128.store(product + q, v128.load(weights + q));
    let goes: u32 = 0;
    let factors = weights + nodes;
    let feature = features;
    for (let j: u32 = 0; j < depth; j++, feature += 12, factors += nodes << 2) {
      const is = <u32>((pattern & load<u32>(feature, 4)) == load<u32>(feature, 8));
      goes |= is << j;
      const own = factors + <usize>is * nodes;
      for (let q: usize = 0; q < nodes; q += 16) {
        v128.store(product + q, f64x2.mul(v128.load(product + q), v128.load(own + q)));
      }
    }
    factors = weights + 3 * nodes;
    feature = features;
    for (let j: u32 = 0; j < depth; j++, feature += 12, factors += nodes << 2) {
      const own = factors + <usize>((goes >> j) & 1) * nodes;
      let sum = f64x2.splat(0);
      for (let q: usize = 0; q < nodes; q += 16) {
        sum = f64x2.add(sum, f64x2.mul(v128.load(product + q), v128.load(own + q)));
      }
      const at = entry + (<usize>load<u32>(feature) << 3);
      store<f64>(at, load<f64>(at) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
    }
    leaf = weights + nodes + <usize>depth * (nodes << 2);
  }
}

/** Adds the rows' entries to the attributions: two features of four rows at a time. */
function add(features: usize, width: u32, entries: usize, rows: u32, phi: usize, stride: usize): void {
  const end = entries + (<usize>rows << 2);
  for (let at: usize = 0; at < <usize>width << 3; at += 16, features += 8) {
    let c0 = phi + <usize>load<u32>(features) * stride, c1 = phi + <usize>load<u32>(features, 4) * stride;
    for (let entry = entries; entry < end; entry += 16) {
      const a = v128.load(load<u32>(entry) + at), b = v128.load(load<u32>(entry, 4) + at);
      const c = v128.load(load<u32>(entry, 8) + at), d = v128.load(load<u32>(entry, 12) + at);
      v128.store(c0, f64x2.add(v128.load(c0), v128.shuffle<i64>(a, b, 0, 2)));
      v128.store(c1, f64x2.add(v128.load(c1), v128.shuffle<i64>(a, b, 1, 3)));
      v128.store(c0, f64x2.add(v128.load(c0, 16), v128.shuffle<i64>(c, d, 0, 2)), 16);
      v128.store(c1, f64x2.add(v128.load(c1, 16), v128.shuffle<i64>(c, d, 1, 3)), 16);
      c0 += 32;
      c1 += 32;
    }
  }
}
