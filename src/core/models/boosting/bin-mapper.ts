import type { Binning } from '../../kernels/binning.ts';
import { firstBound, nextUp, referenceBinning } from '../../kernels/reference/binning.ts';
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
  /** LightGBM's zero_as_missing, where missing takes the place of the bin of zeros and none from the others. */
  readonly zeroIsMissing?: boolean;
}

/**
 * LightGBM's bins of a number column (BinMapper::FindBin): equal counts, found greedily, negative and positive values
 * apart with a bin of their own for zero, bounds half-way between neighbouring values. May sort `sample` in place.
 */
export function findNumberBins(
  sample: Float64Array,
  { maxBin, minDataInBin, zeroIsMissing }: BinLimits,
  binning: Binning = referenceBinning,
): NumberBins {
  const distinct = binning.distinct(sample, zeroThreshold);
  const hasMissing = sum(distinct.counts) < sample.length;
  const valueBins = Math.max(1, hasMissing && !zeroIsMissing ? maxBin - 1 : maxBin);
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

type Distinct = ReturnType<Binning['distinct']>;

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
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
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
  return Number.isNaN(value) ? upperBounds.length : firstBound(upperBounds, value);
}

function firstIndex(values: Float64Array, holds: (value: number) => boolean): number {
  const index = values.findIndex(holds);
  return index < 0 ? values.length : index;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
