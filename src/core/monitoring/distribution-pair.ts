/** One feature, or the score, then and now: what every drift measure reads. */
export interface DistributionPair {
  readonly kind: 'number' | 'category';
  /** Customers per bin, or per level that the reference knows; those without a value apart. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly missing: { readonly reference: number; readonly current: number };
  /** Current customers in each level that no reference customer had. Empty for numbers. */
  readonly unseen: readonly number[];
  /** Of numbers, where they are at hand. */
  readonly values?: ValuePair;
}

export interface ValuePair {
  /** Present values, smallest first. */
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** The gaps between both cumulative shares: worked out once, on first use. */
  readonly gaps: () => CumulativeGaps;
  /** False where `reference` are the evenly spaced quantiles that a bundle carries, not the customers' own values. */
  readonly exact: boolean;
  /** Population standard deviation of the reference. */
  readonly referenceDeviation: number;
}

export interface CumulativeGaps {
  /** Widest gap, 0 to 1; NaN where a side has no values. */
  readonly widest: number;
  /** ∫ |F − G|, in units of the values. */
  readonly area: number;
}

/** Both sides' present values, smallest first, as measures read them. */
export function pairValues(values: Omit<ValuePair, 'gaps'>): ValuePair {
  let gaps: CumulativeGaps | undefined;
  return { ...values, gaps: () => (gaps ??= gapsBetween(values.reference, values.current)) };
}

/** One walk along both, value by value. */
function gapsBetween(a: Float64Array, b: Float64Array): CumulativeGaps {
  if (a.length === 0 || b.length === 0) return { widest: Number.NaN, area: Number.NaN };
  const [inA, inB] = [1 / a.length, 1 / b.length];
  let i = 0;
  let j = 0;
  let gap = 0;
  let widest = 0;
  let area = 0;
  let last = Math.min(a[0] as number, b[0] as number);
  while (i < a.length || j < b.length) {
    const value = Math.min(
      i < a.length ? (a[i] as number) : Number.POSITIVE_INFINITY,
      j < b.length ? (b[j] as number) : Number.POSITIVE_INFINITY,
    );
    area += gap * (value - last);
    while (i < a.length && (a[i] as number) <= value) i++;
    while (j < b.length && (b[j] as number) <= value) j++;
    gap = Math.abs(i * inA - j * inB);
    if (gap > widest) widest = gap;
    last = value;
  }
  return { widest, area };
}

/** Counts per bin as the page shows them: bins or levels, then (categories) unseen levels, then the missing. */
export function binnedCounts(pair: DistributionPair): { readonly reference: number[]; readonly current: number[] } {
  const { reference, current, missing, unseen, kind } = pair;
  const extra = kind === 'category' ? [unseen.reduce((sum, count) => sum + count, 0)] : [];
  return {
    reference: [...reference, ...extra.map(() => 0), missing.reference],
    current: [...current, ...extra, missing.current],
  };
}
