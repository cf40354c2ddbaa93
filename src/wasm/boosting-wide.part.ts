// Columns of more than 256 codes: two bytes a row, up to 16 columns in a block. Twin: src/core/kernels/reference/boosting-wide.ts.

import { word } from './boosting-memory.part';

/** So many rows stay near, their gradients and hessians in the scratch, while column after column is summed. */
const wideRows: u32 = 1024;

// @ts-ignore: decorator
@inline export function wideCells(header: usize, histogram: usize, column: u32): usize {
  return histogram + <usize>load<u32>(<usize>word(header, 4) + 16 + (<usize>column << 3));
}
// @ts-ignore: decorator
@inline function cellBytesOf(header: usize, column: u32): usize {
  return <usize>load<u32>(<usize>word(header, 4) + 20 + (<usize>column << 3));
}

/** Rows of a block lie two to that power bytes apart. */
// @ts-ignore: decorator
@inline export function wideShift(header: usize): usize {
  const wide = <usize>word(header, 4);
  return wide ? word(wide, 3) : 0;
}

/** The histogram of the listed rows (of all rows in order without a list), for wide columns [c0, c1). */
export function buildWide(header: usize, histogram: usize, c0: u32, c1: u32, list: usize, count: u32, buffer: usize): void {
  const blocks = <usize>word(word(header, 4), 0), packed = <usize>word(header, 5), shift = wideShift(header);
  const blockColumns = <u32>1 << <u32>(shift - 1), blockBytes = <usize>word(header, 1) << shift;
  for (let c = c0; c < c1; c++) memory.fill(wideCells(header, histogram, c), 0, cellBytesOf(header, c));
  for (let i: u32 = 0; i < count; i += wideRows) {
    const from = list + (i << 2), part = <usize>min<u32>(wideRows, count - i), end = from + (part << 2);
    if (list) for (let at = from, to = buffer; at < end; at += 4, to += 8) store<i64>(to, load<i64>(packed + (<usize>load<u32>(at) << 3)));
    for (let c = c0; c < c1; c++) {
      const block = <usize>(c / blockColumns), codes = blocks + block * blockBytes + (<usize>(c & (blockColumns - 1)) << 1);
      const cells = wideCells(header, histogram, c);
      if (list) {
        for (let at = from, value = buffer; at < end; at += 4, value += 8) add(cells, codes + (<usize>load<u32>(at) << shift), value);
      } else {
        let code = codes + (<usize>i << shift), value = packed + (i << 3);
        for (const last = value + (part << 3); value < last; value += 8, code += <usize>1 << shift) add(cells, code, value);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function add(cells: usize, code: usize, value: usize): void {
  const at = cells + (<usize>load<u16>(code) << 3);
  store<i64>(at, load<i64>(at) + load<i64>(value));
}

/** From the parent's histogram takes away the smaller child's. */
export function subtractWide(header: usize, histogram: usize, other: usize, c0: u32, c1: u32): void {
  for (let c = c0; c < c1; c++) {
    let at = wideCells(header, histogram, c), from = wideCells(header, other, c);
    for (const end = at + cellBytesOf(header, c); at < end; at += 16, from += 16) v128.store(at, i64x2.sub(v128.load(at), v128.load(from)));
  }
}

/** Sum of the column's cells. */
export function sumWide(header: usize, histogram: usize, column: u32): i64 {
  const cells = wideCells(header, histogram, column);
  let sum: i64 = 0;
  for (let at = cells; at < cells + cellBytesOf(header, column); at += 8) sum += load<i64>(at);
  return sum;
}

// @ts-ignore: decorator
@inline export function isInSet(set: usize, bin: u32): u32 {
  return (load<u32>(set + ((bin >> 5) << 2)) >> (bin & 31)) & 1;
}

/** As `partition`, by a set of codes instead of a byte for each. */
export function partitionWide(codes: usize, shift: usize, set: usize, list: usize, spare: usize, count: u32): u32 {
  let left = list, right = spare;
  const end = list + (count << 2);
  for (let at = list; at < end; at += 4) {
    const row = load<u32>(at);
    const goesLeft = <usize>isInSet(set, load<u16>(codes + (<usize>row << shift)));
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (goesLeft ^ 1) << 2;
  }
  memory.copy(left, spare, right - spare);
  return <u32>((left - list) >> 2);
}

/** Where a member's answer at `out` has its set of bins: wider than the answer where the column is. */
export function setOf(header: usize, out: usize, bins: u32): usize {
  const own = bins > 256 ? <usize>word(word(header, 4), 1) + ((out - word(header, 9)) >> 7) * word(word(header, 4), 2) : out + 32;
  memory.fill(own, 0, bins > 256 ? <usize>word(word(header, 4), 2) : 32);
  return own;
}

const runBins: u32 = 32;

// @ts-ignore: decorator
@inline function binAt(order: usize, at: u32): u32 {
  return load<u32>(order + (<usize>at << 2));
}
// @ts-ignore: decorator
@inline function ratioOf(ratios: usize, bin: u32): f64 {
  return load<f64>(ratios + (<usize>bin << 3));
}

/**
 * Sorts bins by rising ratio (8 bytes for each bin), of equal ones the first stays first: short runs by insertion, which
 * are merged to and fro between `order` and `spare`. Returns where they lie in the end.
 */
export function sortByRatio(order: usize, spare: usize, count: u32, ratios: usize): usize {
  for (let i: u32 = 1; i < count; i++) {
    const bin = binAt(order, i), ratio = ratioOf(ratios, bin), from = i & ~(runBins - 1);
    let at = i;
    for (; at > from && ratioOf(ratios, binAt(order, at - 1)) > ratio; at--) store<u32>(order + (<usize>at << 2), binAt(order, at - 1));
    store<u32>(order + (<usize>at << 2), bin);
  }
  for (let width = runBins; width < count; width <<= 1) {
    for (let from: u32 = 0; from < count; from += width << 1) {
      const middle = min(from + width, count), end = min(from + (width << 1), count);
      let a = from, b = middle;
      for (let to = from; to < end; to++) {
        const isRight = a >= middle || (b < end && ratioOf(ratios, binAt(order, b)) < ratioOf(ratios, binAt(order, a)));
        store<u32>(spare + (<usize>to << 2), binAt(order, isRight ? b++ : a++));
      }
    }
    const swap = order;
    order = spare;
    spare = swap;
  }
  return order;
}
