import { columnBytes, derivedAt } from '../boosting-layout.ts';

/**
 * Where the cells of a feature in a leaf's histogram lie, as a word's number: its column's where it has one of its own,
 * else derived from these in the scratch. The twin of `cellsOf` in the kernel.
 */
export function cellsOf(
  i32: Int32Array,
  record: number,
  histogram: number,
  total: { readonly g: number; readonly h: number },
  scratch: number,
): number {
  const column = (histogram + (i32[record + 4] as number)) >>> 2;
  const coding = i32[record + 5] as number;
  if (coding === 0) return column;
  const bins = i32[record] as number;
  const low = (i32[record + 6] as number) & 0xffff;
  const high = (i32[record + 6] as number) >>> 16;
  const to = (scratch + derivedAt) >>> 2;
  i32.fill(0, to, to + columnBytes / 4);
  const add = (bin: number, cell: number, sign: number): void => {
    i32[to + 2 * bin] = (i32[to + 2 * bin] as number) + sign * (i32[cell] as number);
    i32[to + 2 * bin + 1] = (i32[to + 2 * bin + 1] as number) + sign * (i32[cell + 1] as number);
  };
  if (coding === 1) {
    for (let code = 0; code < high; code++) add(Math.floor(code / low) % bins, column + 2 * code, 1);
    return to;
  }
  i32[to + 2 * high] = total.h;
  i32[to + 2 * high + 1] = total.g;
  for (let rank = 0; rank < bins - 1; rank++) {
    const cell = column + 2 * (low + rank);
    add(rank + Number(rank >= high), cell, 1);
    add(high, cell, -1);
  }
  return to;
}
