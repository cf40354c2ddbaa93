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
  /** False where `reference` are the evenly spaced quantiles that a bundle carries, not the customers' own values. */
  readonly exact: boolean;
  /** Population standard deviation of the reference. */
  readonly referenceDeviation: number;
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
