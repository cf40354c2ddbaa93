// Bins of number columns as LightGBM finds them (BinMapper::FindBin). Twin: src/core/kernels/reference/binning.ts.
// A column's record, of 64 bytes: {values, out, rows, training rows, sample rows, scratch, most bins, least rows in a bin,
// whether zero is missing, bounds found; smallest and greatest value, zero threshold}. Its scratch: src/core/kernels/binning.ts.

const digits: usize = 6; // of 11 bits each
const counters: usize = 8192; // bytes of one digit's 2048 counts
const guideCells: u32 = 4096;

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

/** Copies an evenly spaced sample of `from` as keys that order as the doubles do, NaN last, and counts their digits. */
function copyKeys(from: usize, rows: u32, to: usize, count: u32, counts: usize): void {
  memory.fill(counts, 0, digits * counters);
  for (let i: u32 = 0; i < count; i++) {
    const row = rows == count ? i : <u32>((<u64>i * rows) / count);
    let key = keyOf(load<f64>(from + (<usize>row << 3)));
    store<u64>(to + (<usize>i << 3), key);
    for (let own = counts; own < counts + digits * counters; own += counters) {
      const place = own + (<usize>(key & 2047) << 2);
      store<u32>(place, load<u32>(place) + 1);
      key >>= 11;
    }
  }
}

/** Radix sort of `count` keys at `a`, whose digits are counted. Returns where they lie in the end. */
function sortKeys(a: usize, b: usize, count: usize, counts: usize): usize {
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
 * The values of the sorted keys in rising order, each once, written to `a`, and to `tally` how often each occurs; within
 * ±zero all are 0, and neighbouring doubles count as equal. NaN is left out. Returns how many there are.
 */
function distinct(sorted: usize, a: usize, tally: usize, count: usize, zero: f64): u32 {
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

// The bounds of the column in hand.
let bounds: usize = 0;
let boundCount: u32 = 0;

function push(bound: f64): void {
  store<f64>(bounds + (<usize>boundCount << 3), bound);
  boundCount++;
}

/** The next double above x; infinity stays. */
function nextUp(x: f64): f64 {
  if (x == Infinity) return x;
  if (x == 0) return f64.MIN_VALUE;
  return reinterpret<f64>(reinterpret<i64>(x) + (x > 0 ? 1 : -1));
}

/** Adds a bound between two neighbouring values unless it is (nearly) there already among those from `first` on. */
function pushBetween(first: u32, low: f64, high: f64): bool {
  let middle = (low + high) / 2;
  if (!isFinite(middle)) middle = low / 2 + high / 2;
  let bound = nextUp(middle);
  if (bound == Infinity) bound = f64.MAX_VALUE;
  if (boundCount > first && bound <= nextUp(load<f64>(bounds + (<usize>(boundCount - 1) << 3)))) return false;
  push(bound);
  return true;
}

// @ts-ignore: decorator
@inline function at(values: usize, i: u32): f64 {
  return load<f64>(values + (<usize>i << 3));
}
// @ts-ignore: decorator
@inline function tallyOf(tally: usize, i: u32): u32 {
  return load<u32>(tally + (<usize>i << 2));
}

/** LightGBM's GreedyFindBin: values held by more rows than an average bin stand alone, the rest fill bins in order. */
function greedyBounds(values: usize, tally: usize, count: u32, maxBin: u32, total: f64, minData: f64): void {
  const first = boundCount, last = count - 1;
  let inBin: f64 = 0;
  if (count <= maxBin) {
    for (let i: u32 = 0; i < last; i++) {
      inBin += <f64>tallyOf(tally, i);
      if (inBin >= minData && pushBetween(first, at(values, i), at(values, i + 1))) inBin = 0;
    }
    return push(Infinity);
  }
  const limit = Math.max(1, Math.min(<f64>maxBin, Math.floor(total / minData))), average = total / limit;
  let binsLeft = limit, rowsLeft = total;
  for (let i: u32 = 0; i < count; i++) {
    const own = <f64>tallyOf(tally, i);
    if (own < average) continue;
    binsLeft--;
    rowsLeft -= own;
  }
  let target = rowsLeft / binsLeft, bins: f64 = 0;
  for (let i: u32 = 0; i < last && bins < limit - 1; i++) {
    const own = <f64>tallyOf(tally, i), isBig = own >= average;
    if (!isBig) rowsLeft -= own;
    inBin += own;
    const nextIsBig = <f64>tallyOf(tally, i + 1) >= average;
    if (!isBig && inBin < target && !(nextIsBig && inBin >= Math.max(1, target * 0.5))) continue;
    pushBetween(first, at(values, i), at(values, i + 1));
    bins++;
    inBin = 0;
    if (!isBig) {
      binsLeft--;
      target = rowsLeft / binsLeft;
    }
  }
  push(Infinity);
}

/** Negative and positive values apart, with a bin of their own for zeros. */
function boundsAroundZero(values: usize, tally: usize, count: u32, maxBin: u32, minData: f64, zero: f64): void {
  let leftEnd: u32 = 0, rightStart: u32, leftTotal: f64 = 0, rightTotal: f64 = 0;
  for (; leftEnd < count && at(values, leftEnd) <= -zero; leftEnd++) leftTotal += <f64>tallyOf(tally, leftEnd);
  for (rightStart = leftEnd; rightStart < count && at(values, rightStart) <= zero; ) rightStart++;
  for (let i = rightStart; i < count; i++) rightTotal += <f64>tallyOf(tally, i);
  boundCount = 0;
  if (leftEnd > 0 && maxBin > 1) {
    const share = Math.max(1, Math.floor((leftTotal / (leftTotal + rightTotal)) * <f64>(maxBin - 1)));
    greedyBounds(values, tally, leftEnd, <u32>share, leftTotal, minData);
    store<f64>(bounds + (<usize>(boundCount - 1) << 3), -zero);
  }
  const rightBins = <i32>(maxBin - 1 - boundCount);
  if (rightStart < count && rightBins > 0) {
    push(zero);
    greedyBounds(values + (<usize>rightStart << 3), tally + (<usize>rightStart << 2), count - rightStart, rightBins, rightTotal, minData);
  } else push(Infinity);
}

/**
 * For each step between min and max, and one beyond either end, a bin no higher than any value's there; one step of slack
 * either way takes up any rounding. Returns how many halvings then find a value's bin.
 */
function fillGuide(guide: usize, min: f64, width: f64): u32 {
  let bin: u32 = 0, most: u32 = 0;
  // What is found for a cell is the guide of the next but one, after the farthest that cell's search may have to go.
  for (let cell: u32 = 0; cell < guideCells + 4; cell++) {
    const start = min + (<f64>cell - 1) * width;
    while (load<f64>(bounds + (<usize>bin << 3)) < start) bin++;
    store<u16>(guide + (<usize>cell << 1), <u16>bin);
  }
  most = boundCount - 1 - load<u16>(guide + (<usize>guideCells << 1));
  store<u16>(guide, 0);
  for (let cell: u32 = 0; cell <= guideCells; cell++) {
    most = max<u32>(most, <u32>load<u16>(guide + (<usize>(cell + 3) << 1)) - load<u16>(guide + (<usize>cell << 1)));
  }
  return 32 - clz(most);
}

// @ts-ignore: decorator
@inline function findBin(value: f64, guide: usize, least: f64, max: f64, perUnit: f64, first: u32, missing: u32): u32 {
  if (value != value) return missing;
  const cell = value > least ? (value < max ? Math.min(<f64>guideCells, (value - least) * perUnit) : <f64>guideCells) : 0;
  let bin = <u32>load<u16>(guide + (<usize>cell << 1));
  for (let step = first; step; step >>= 1) bin += load<f64>(bounds + (<usize>(bin + step - 1) << 3)) < value ? step : 0;
  return bin;
}

/**
 * Bytes at `out` (two each where bins are wide): of each value the first bin whose bound is not below it; the bin after the
 * last for NaN.
 */
function assign(values: usize, rows: u32, guide: usize, min: f64, max: f64, out: usize): void {
  const perUnit = <f64>guideCells / (max - min);
  const isGuided = perUnit > 0 && perUnit < 1e300 && max - min < 1e300;
  let depth: u32 = 32 - clz(boundCount - 1), least = Infinity;
  if (isGuided) {
    depth = fillGuide(guide, min, (max - min) / <f64>guideCells);
    least = min;
  } else store<u16>(guide, 0);
  const first: u32 = (1 << depth) >> 1, missing = boundCount, isWide = missing > 255;
  for (let i: u32 = 0; i < 1 << depth; i++) store<f64>(bounds + (<usize>(boundCount + i) << 3), Infinity);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const bin = findBin(load<f64>(values + (i << 3)), guide, least, max, perUnit, first, missing);
    if (isWide) store<u16>(out + (i << 1), <u16>bin);
    else store<u8>(out + i, <u8>bin);
  }
}

/** Finds the bounds of each column and puts its rows into bins. Members take columns in turn. */
export function bin(member: u32, memberCount: u32, records: usize, columnCount: u32): void {
  for (let column = member; column < columnCount; column += memberCount) {
    const record = records + (<usize>column << 6);
    const values = <usize>load<u32>(record), rows = load<u32>(record, 8), train = load<u32>(record, 12), sample = load<u32>(record, 16);
    const scratch = <usize>load<u32>(record, 20), mostBins = load<u32>(record, 24), zero = load<f64>(record, 56);
    const a = scratch + digits * counters, b = a + (<usize>sample << 3), tally = b + (<usize>sample << 3);
    copyKeys(values, train, a, sample, scratch);
    const sorted = sortKeys(a, b, sample, scratch), count = distinct(sorted, a, tally, sample, zero);
    let held: u32 = 0;
    for (let i: u32 = 0; i < count; i++) held += tallyOf(tally, i);
    const valueBins = held < sample && !load<u32>(record, 32) ? max<u32>(1, mostBins - 1) : mostBins;
    const guide = tally + (<usize>sample << 2), counts = guide + 8256, out = <usize>load<u32>(record, 4);
    bounds = counts + ((<usize>mostBins + 2) << 2);
    bounds = (bounds + 7) & ~7;
    boundsAroundZero(a, tally, count, valueBins, <f64>load<u32>(record, 28), zero);
    const low = count ? at(a, 0) : 0, high = count ? at(a, count - 1) : 0;
    assign(values, rows, guide, low, high, out);
    memory.fill(counts, 0, (<usize>boundCount + 1) << 2);
    for (let i: u32 = 0; i < train; i++) {
      const place = counts + (<usize>(boundCount > 255 ? <u32>load<u16>(out + (i << 1)) : <u32>load<u8>(out + i)) << 2);
      store<u32>(place, load<u32>(place) + 1);
    }
    store<u32>(record, boundCount, 36);
    store<f64>(record, low, 40);
    store<f64>(record, high, 48);
  }
}
