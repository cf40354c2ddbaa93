import { sortAscending } from './sort.ts';

/** Sums, moments, quantiles, orders and rankings, each in a fixed order of operations, so that a figure is the same everywhere. */

/** Sum from first to last with Neumaier's compensation (1974): the rounding of one addition, however many terms. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // An infinite or missing term makes the compensation NaN; the plain total says which it was.
  return lost === lost ? total + lost : total;
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? Number.NaN : sum(values) / values.length;
}

/** Variance with divisor n − `ddof` (numpy's word): 0 for a population, 1 for a sample. NaN where that is not positive. */
export function variance(values: ArrayLike<number>, ddof = 0): number {
  if (values.length <= ddof) return Number.NaN;
  const centre = mean(values);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const distance = (values[i] as number) - centre;
    squares[i] = distance * distance;
  }
  return sum(squares) / (values.length - ddof);
}

/** Standard deviation, divisor as in `variance`. */
export function standardDeviation(values: ArrayLike<number>, ddof = 0): number {
  return Math.sqrt(variance(values, ddof));
}

/** The p-quantile (0 ≤ p ≤ 1) of values already in ascending order, between neighbours linearly (Hyndman and Fan's type 7, numpy's default). */
export function sortedQuantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const at = p * (ascending.length - 1);
  const below = Math.min(Math.floor(at), ascending.length - 1);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  const share = at - below;
  // From the nearer end, as numpy, so that the result never passes its neighbours.
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

/** The p-quantile of values in any order; missing values (NaN) are left out. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantiles(values, [p])[0] as number;
}

/** Several quantiles with one sort; missing values (NaN) are left out. */
export function quantiles(values: ArrayLike<number>, ps: readonly number[]): number[] {
  const sorted = ascendingValues(values);
  return ps.map((p) => sortedQuantile(sorted, p));
}

/** The values that are there (not NaN), smallest first. */
export function ascendingValues(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === value) kept[count++] = value;
  }
  return sortAscending(kept.subarray(0, count));
}

/** Row numbers from the smallest value to the largest; equal values (0 and −0 too) keep their order; NaN comes last. */
export function argsort(values: Float64Array): Uint32Array {
  return radixOrder(values, 0);
}

/** Row numbers from the largest value to the smallest; equal values keep their order; NaN comes last. */
export function argsortDescending(values: Float64Array): Uint32Array {
  return radixOrder(values, -1);
}

/** Least-significant-digit radix sort over the 64 bits of a key that orders as the values do; digits all alike are skipped. */
function radixOrder(values: Float64Array, flip: 0 | -1): Uint32Array {
  const count = values.length;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const cell = new Float64Array(1);
  const words = new Int32Array(cell.buffer);
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (value !== value) {
      high[i] = 0xffffffff;
      low[i] = 0xffffffff;
      continue;
    }
    cell[0] = value + 0;
    const bits = words[1] as number;
    // Negative numbers: all bits turned; others: the sign bit set. Then larger key = larger value.
    const sign = bits >> 31;
    high[i] = bits ^ (sign | 0x80000000) ^ flip;
    low[i] = (words[0] as number) ^ sign ^ flip;
  }
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = new Uint32Array(count);
  // Twice as many passes, or 65,536 counters in each.
  const bits = count < 60_000 ? 8 : 16;
  const starts = new Uint32Array(1 << bits);
  for (const key of [low, high]) {
    for (let shift = 0; shift < 32; shift += bits) {
      if (!countDigits(key, shift, starts)) continue;
      const mask = starts.length - 1;
      for (let i = 0; i < count; i++) {
        const row = order[i] as number;
        const digit = ((key[row] as number) >>> shift) & mask;
        next[starts[digit]!++] = row;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

/** Where each digit's rows start; false if all rows share one digit. */
function countDigits(key: Uint32Array, shift: number, starts: Uint32Array): boolean {
  const mask = starts.length - 1;
  starts.fill(0);
  for (let i = 0; i < key.length; i++) starts[((key[i] as number) >>> shift) & mask]!++;
  let before = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const here = starts[digit] as number;
    if (here === key.length) return false;
    starts[digit] = before;
    before += here;
  }
  return key.length > 0;
}

/** How well scores rank: NaN where only one class is present. */
export interface RankingQuality {
  /** Area under the ROC curve, equal scores counting half (Mann and Whitney's U over all pairs). */
  readonly auc: number;
  /** Average precision, equal scores taken together (scikit-learn's `average_precision_score`). */
  readonly averagePrecision: number;
}

/** Ranks scores against labels (1 or not) with one sort; NaN scores rank last, together. */
export function rankingQuality(scores: Float64Array, labels: ArrayLike<number>): RankingQuality {
  const order = argsortDescending(scores);
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  let precisions = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i] as number] as number;
    let positive = 0;
    const from = i;
    for (; i < order.length; i++) {
      const row = order[i] as number;
      if (scores[row] !== score && score === score) break;
      if (labels[row] === 1) positive++;
    }
    const negative = i - from - positive;
    wins += negative * (positives + positive / 2);
    positives += positive;
    negatives += negative;
    precisions += (positive * positives) / (positives + negatives);
  }
  if (positives === 0 || negatives === 0) return { auc: Number.NaN, averagePrecision: Number.NaN };
  return { auc: wins / (positives * negatives), averagePrecision: precisions / positives };
}
