// Distinct values of a sample, and bins of values. Twin: src/core/kernels/reference/binning.ts.

const digits: usize = 6; // of 11 bits each
const counters: usize = 8192; // bytes of one digit's 2048 counts

// @ts-ignore: decorator
@inline function keyOf(value: f64): u64 {
  if (value != value) return u64.MAX_VALUE;
  const bits = reinterpret<i64>(value);
  return bits ^ ((bits >> 63) | i64.MIN_VALUE);
}

// @ts-ignore: decorator
@inline function valueOf(key: u64): f64 {
  return reinterpret<f64>(<i64>key < 0 ? key ^ 0x8000000000000000 : ~key);
}

/** Radix sort of `count` doubles at `a`, as keys that order as the doubles do (NaN last). Returns where the keys lie. */
function sortKeys(a: usize, b: usize, count: usize, counts: usize): usize {
  memory.fill(counts, 0, digits * counters);
  const end = a + (count << 3);
  for (let at = a; at < end; at += 8) {
    let key = keyOf(load<f64>(at));
    store<u64>(at, key);
    for (let own = counts; own < counts + digits * counters; own += counters) {
      const place = own + (<usize>(key & 2047) << 2);
      store<u32>(place, load<u32>(place) + 1);
      key >>= 11;
    }
  }
  let from = a, to = b;
  for (let digit: usize = 0; digit < digits; digit++) {
    const own = counts + digit * counters;
    const shift = <u64>digit * 11;
    // All keys share this digit: nothing to move.
    if (load<u32>(own + (<usize>((load<u64>(from) >> shift) & 2047) << 2)) == count) continue;
    let sum: u32 = 0;
    for (let place = own; place < own + counters; place += 4) {
      const next = sum + load<u32>(place);
      store<u32>(place, sum);
      sum = next;
    }
    const last = from + (count << 3);
    for (let at = from; at < last; at += 8) {
      const key = load<u64>(at), place = own + (<usize>((key >> shift) & 2047) << 2), index = load<u32>(place);
      store<u32>(place, index + 1);
      store<u64>(to + (<usize>index << 3), key);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/**
 * The values of the `count` doubles at `a` in rising order, each once, written to `a`, and to `tally` how often each
 * occurs; within ±zero all are 0, and neighbouring doubles count as equal. NaN is left out. Returns how many there are.
 */
export function distinct(a: usize, b: usize, tally: usize, count: usize, counts: usize, zero: f64): u32 {
  if (!count) return 0;
  const sorted = sortKeys(a, b, count, counts);
  let last = a - 8, times: u32 = 0, before: u64 = 0, at = sorted;
  for (const end = sorted + (count << 3); at < end; at += 8) {
    let key = load<u64>(at);
    if (key == u64.MAX_VALUE) break;
    let value = valueOf(key);
    if (value >= -zero && value <= zero) {
      value = 0;
      key = 0x8000000000000000;
    }
    if (last < a || key - before > 1) {
      last += 8;
      times = 0;
    }
    store<f64>(last, value);
    before = key;
    store<u32>(tally + ((last - a) >> 1), ++times);
  }
  return <u32>((last + 8 - a) >> 3);
}

/**
 * Bytes at `out`: of each of `count` values the first bin whose bound is not below it; `missing` for NaN. `guide` holds,
 * for `cells` steps between min and max and one beyond either end, a bin no higher than any value's there and fewer than
 * 2^depth lower; bounds go on as infinities for as many.
 */
export function assign(values: usize, count: usize, bounds: usize, guide: usize, cells: f64, depth: u32, min: f64, max: f64, perUnit: f64, missing: u32, out: usize): void {
  const first = (<usize>1 << depth) >> 1;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f64>(values + (i << 3));
    let bin = missing;
    if (value == value) {
      const cell = value > min ? (value < max ? Math.min(cells, (value - min) * perUnit) : cells) : 0;
      bin = load<u8>(guide + <usize>cell);
      for (let step = first; step; step >>= 1) {
        bin += load<f64>(bounds + ((bin + step - 1) << 3)) < value ? <u32>step : 0;
      }
    }
    store<u8>(out + i, bin);
  }
}
