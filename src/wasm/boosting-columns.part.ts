// Cells of features that share a column. Twin: src/core/kernels/reference/boosting-columns.ts.

const derivedAt: usize = 4096;

/** Two cells at a time: each bin's is the sum over all codes that tell it. Adds garbage beyond the last bin. */
function addProduct(column: usize, codes: u32, bins: u32, stride: u32, to: usize): void {
  const group = bins * stride, end = column + (<usize>codes << 3);
  for (let bin: u32 = 0; bin < bins; bin += stride == 1 ? 2 : 1) {
    let sum = i64x2.splat(0), last: i64 = 0;
    for (let at = column + (<usize>(bin * stride) << 3); at < end; at += <usize>group << 3) {
      if (stride == 1) sum = i64x2.add(sum, v128.load(at));
      else {
        let i: u32 = 0;
        for (; i + 2 <= stride; i += 2) sum = i64x2.add(sum, v128.load(at + (<usize>i << 3)));
        if (i < stride) last += load<i64>(at + (<usize>i << 3));
      }
    }
    if (stride == 1) v128.store(to + (<usize>bin << 3), sum);
    else store<i64>(to + (<usize>bin << 3), i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1) + last);
  }
}

/** The feature's own range of cells, and in its rest bin what they leave of the total. */
function copyRange(cells: usize, bins: u32, rest: u32, total: i64, to: usize): void {
  let bin: u32 = 0;
  for (; bin < rest; bin++, cells += 8) {
    const cell = load<i64>(cells);
    total -= cell;
    store<i64>(to + (<usize>bin << 3), cell);
  }
  for (bin = rest + 1; bin < bins; bin++, cells += 8) {
    const cell = load<i64>(cells);
    total -= cell;
    store<i64>(to + (<usize>bin << 3), cell);
  }
  store<i64>(to + (<usize>rest << 3), total);
}

/**
 * The cells of a feature in a leaf's histogram: its column's where it has one of its own, else derived from these in the
 * scratch. Beyond the last bin three cells are 0.
 */
export function cellsOf(record: usize, histogram: usize, total: i64, scratch: usize): usize {
  const column = histogram + load<u32>(record, 16), coding = load<u32>(record, 20);
  if (!coding) return column;
  const bins = load<u32>(record), low = <u32>load<u16>(record, 24), high = <u32>load<u16>(record, 26), to = scratch + derivedAt;
  if (coding == 1) addProduct(column, high, bins, low, to);
  else copyRange(column + (<usize>low << 3), bins, high, total, to);
  memory.fill(to + (<usize>bins << 3), 0, 24);
  return to;
}
