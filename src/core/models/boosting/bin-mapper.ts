import { zeroThreshold } from './decision.ts';

/** How one number column becomes bins: value v is in the first bin whose upper bound is ≥ v; NaN has the last bin. */
export interface NumberBins {
  readonly kind: 'number';
  /** Ascending; the last is +Infinity. Never a value of the data. */
  readonly upperBounds: Float64Array;
  /** Whether a bin for NaN follows those of the values. */
  readonly hasMissing: boolean;
  readonly binCount: number;
  readonly min: number;
  readonly max: number;
}

/** How one category column becomes bins: bin 0 holds missing and rare levels, bin b the level with this frame code. */
export interface CategoryBins {
  readonly kind: 'category';
  readonly codes: Int32Array;
  readonly binCount: number;
}

export type BinMapper = NumberBins | CategoryBins;

export interface BinLimits {
  readonly maxBin: number;
  readonly minDataInBin: number;
}

/**
 * LightGBM's bins of a number column (BinMapper::FindBin): equal counts, found greedily, negative and positive values
 * apart with a bin of their own for zero, bounds half-way between neighbouring values. Sorts `sample` in place.
 */
export function findNumberBins(sample: Float64Array, { maxBin, minDataInBin }: BinLimits): NumberBins {
  // Typed arrays sort NaN last and -0 before 0.
  sample.sort();
  let total = sample.length;
  while (total > 0 && Number.isNaN(sample[total - 1])) total--;
  const hasMissing = total < sample.length;
  const distinct = distinctValues(sample.subarray(0, total));
  const valueBins = Math.max(1, hasMissing ? maxBin - 1 : maxBin);
  const upperBounds = Float64Array.from(boundsAroundZero(distinct, valueBins, minDataInBin));
  return {
    kind: 'number',
    upperBounds,
    hasMissing,
    binCount: upperBounds.length + (hasMissing ? 1 : 0),
    min: distinct.values[0] ?? 0,
    max: distinct.values.at(-1) ?? 0,
  };
}

interface Distinct {
  readonly values: Float64Array;
  readonly counts: Uint32Array;
}

/** Runs of equal values, neighbours one step apart counting as equal; everything within ±K is zero. */
function distinctValues(sorted: Float64Array): Distinct {
  const values = new Float64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let last = -1;
  for (let i = 0; i < sorted.length; i++) {
    const raw = sorted[i] as number;
    const value = raw >= -zeroThreshold && raw <= zeroThreshold ? 0 : raw;
    if (last < 0 || !isSameOrNext(values[last] as number, value)) last++;
    values[last] = value;
    counts[last] = (counts[last] as number) + 1;
  }
  return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}

function isSameOrNext(low: number, high: number): boolean {
  // The difference first: finding the next double is slow, and rarely needed.
  return low === high || (high - low <= 1e-15 * Math.abs(high) && high <= nextUp(low));
}

function boundsAroundZero({ values, counts }: Distinct, maxBin: number, minData: number): number[] {
  const leftEnd = firstIndex(values, (value) => value > -zeroThreshold);
  const rightStart = firstIndex(values, (value) => value > zeroThreshold);
  const left = { values: values.subarray(0, leftEnd), counts: counts.subarray(0, leftEnd) };
  const right = { values: values.subarray(rightStart), counts: counts.subarray(rightStart) };
  const leftTotal = sum(left.counts);
  const rightTotal = sum(right.counts);
  let bounds: number[] = [];
  if (leftEnd > 0 && maxBin > 1) {
    const share = Math.max(1, Math.floor((leftTotal / (leftTotal + rightTotal)) * (maxBin - 1)));
    bounds = greedyBounds(left, share, leftTotal, minData);
    bounds[bounds.length - 1] = -zeroThreshold;
  }
  const rightBins = maxBin - 1 - bounds.length;
  if (rightStart < values.length && rightBins > 0) {
    return [...bounds, zeroThreshold, ...greedyBounds(right, rightBins, rightTotal, minData)];
  }
  return [...bounds, Number.POSITIVE_INFINITY];
}

/** LightGBM's GreedyFindBin: values held by more rows than an average bin stand alone, the rest fill bins in order. */
function greedyBounds({ values, counts }: Distinct, maxBin: number, total: number, minData: number): number[] {
  const last = values.length - 1;
  const bounds: number[] = [];
  if (values.length <= maxBin) {
    let inBin = 0;
    for (let i = 0; i < last; i++) {
      inBin += counts[i] as number;
      if (inBin >= minData && pushBetween(bounds, values[i] as number, values[i + 1] as number)) inBin = 0;
    }
    return [...bounds, Number.POSITIVE_INFINITY];
  }
  const binLimit = Math.max(1, Math.min(maxBin, Math.floor(total / minData)));
  const average = total / binLimit;
  let binsLeft = binLimit;
  let rowsLeft = total;
  for (const count of counts) {
    if (count < average) continue;
    binsLeft--;
    rowsLeft -= count;
  }
  let target = rowsLeft / binsLeft;
  let bins = 0;
  let inBin = 0;
  for (let i = 0; i < last && bins < binLimit - 1; i++) {
    const count = counts[i] as number;
    const isBig = count >= average;
    if (!isBig) rowsLeft -= count;
    inBin += count;
    const nextIsBig = (counts[i + 1] as number) >= average;
    if (!isBig && inBin < target && !(nextIsBig && inBin >= Math.max(1, target * 0.5))) continue;
    pushBetween(bounds, values[i] as number, values[i + 1] as number);
    bins++;
    inBin = 0;
    if (!isBig) {
      binsLeft--;
      target = rowsLeft / binsLeft;
    }
  }
  return [...bounds, Number.POSITIVE_INFINITY];
}

/** Adds a bound between two neighbouring values unless it is (nearly) there already. */
function pushBetween(bounds: number[], low: number, high: number): boolean {
  const middle = (low + high) / 2;
  const bound = nextUp(Number.isFinite(middle) ? middle : low / 2 + high / 2);
  const finite = bound === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : bound;
  const last = bounds[bounds.length - 1];
  if (last !== undefined && finite <= nextUp(last)) return false;
  bounds.push(finite);
  return true;
}

/**
 * LightGBM's bins of a category column: levels by falling count (then by code), until 99 % of the rows are covered and
 * there is a bin for every value but one (missing counts as a value): a rarest level beyond the 99 % is left to bin 0,
 * and so are levels with fewer rows than `minDataInBin`, beyond the second.
 */
export function findCategoryBins(
  counts: ArrayLike<number>,
  { maxBin, minDataInBin }: BinLimits,
  hasMissing = false,
): CategoryBins {
  const seen = Array.from(counts, (count, code) => ({ code, count })).filter(({ count }) => count > 0);
  seen.sort((a, b) => b.count - a.count || a.code - b.code);
  const rows = sum(seen.map(({ count }) => count));
  // In single precision, as LightGBM reckons it.
  const enough = Math.floor(Math.fround(Math.fround(rows) * Math.fround(0.99)) + 0.5);
  const mostBins = Math.min(maxBin, seen.length + Number(hasMissing));
  const codes: number[] = [];
  let covered = 0;
  for (const { code, count } of seen) {
    if (codes.length >= 254 || (covered >= enough && codes.length + 1 >= mostBins)) break;
    if (count < minDataInBin && codes.length > 1) break;
    codes.push(code);
    covered += count;
  }
  return { kind: 'category', codes: Int32Array.from(codes), binCount: codes.length + 1 };
}

/** The bin of a number. NaN has the bin after those of the values, even where training saw none: each node decides. */
export function binOfNumber({ upperBounds }: NumberBins, value: number): number {
  if (value !== value) return upperBounds.length;
  return firstBound(upperBounds, value, 0, upperBounds.length - 1);
}

/** The first bin in low … high whose bound is not below the value. */
function firstBound(upperBounds: Float64Array, value: number, low: number, high: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value <= (upperBounds[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const guideCells = 1024;

/** Bins of the chosen rows. A guide over the values' range tells between which few bounds to search. */
export function binNumbers(bins: NumberBins, values: Float64Array, rows: Uint32Array): Uint8Array {
  const { upperBounds, min, max } = bins;
  const last = upperBounds.length - 1;
  const out = new Uint8Array(rows.length);
  const width = (max - min) / guideCells;
  const isGuided = width > 0 && Number.isFinite(width) && Number.isFinite(1 / width);
  const guide = new Uint8Array(guideCells + 3).fill(last);
  // Cell c lies between guide[c] and guide[c + 2]: one cell of slack either side takes up any rounding.
  for (let c = 0; c < guideCells + 2; c++) guide[c] = isGuided ? binOfNumber(bins, min + (c - 1) * width) : 0;
  guide[0] = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    if (value !== value) {
      out[i] = upperBounds.length;
      continue;
    }
    const c = value > min ? (value < max ? Math.floor((value - min) / width) : guideCells) : 0;
    const low = isGuided ? (guide[c] as number) : 0;
    out[i] = firstBound(upperBounds, value, low, isGuided ? (guide[c + 2] as number) : last);
  }
  return out;
}

const cell = new Float64Array(1);
const words = new BigInt64Array(cell.buffer);

/** The next double above x; infinities and NaN stay. */
export function nextUp(x: number): number {
  if (x !== x || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return Number.MIN_VALUE;
  cell[0] = x;
  words[0] = (words[0] as bigint) + (x > 0 ? 1n : -1n);
  return cell[0] as number;
}

function firstIndex(values: Float64Array, holds: (value: number) => boolean): number {
  const index = values.findIndex(holds);
  return index < 0 ? values.length : index;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
