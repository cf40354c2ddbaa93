import { log } from '../shared/exact-math.ts';

export type DriftBand = 'stable' | 'moderate' | 'significant';

/** Lowest PSI of "moderate" and of "significant". */
export const psiLimits = { moderate: 0.1, significant: 0.2 } as const;

export function driftBandOf(psi: number): DriftBand {
  if (psi < psiLimits.moderate) return 'stable';
  return psi < psiLimits.significant ? 'moderate' : 'significant';
}

/** What an empty bin counts as, so that the logarithm exists. */
const emptyShare = 0.0001;

/** Population stability index of two sets of shares over the same bins: Σ (current − reference) · ln(current / reference). */
export function psi(reference: readonly number[], current: readonly number[]): number {
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const before = reference[bin] || emptyShare;
    const now = current[bin] || emptyShare;
    sum += (now - before) * log(now / before);
  }
  return sum;
}

/** Counts as shares of their total; all 0 of nothing. */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}
