import type { DistributionPair } from '../core/monitoring/distribution-pair.ts';
import { drawHypergeometric } from '../core/monitoring/hypergeometric.ts';
import { psiQuantile } from '../core/monitoring/measures/psi-quantile.ts';

export interface DrawnPair {
  readonly pair: DistributionPair;
  readonly psi: number;
}

export interface WindowSizes {
  readonly before: number;
  readonly now: number;
}

/** Bins or levels of equal weight. */
export const even = (bins: number): number[] => new Array<number>(bins).fill(1);
/** Common and rare levels: weights fall as 1/rank. */
export const zipf = (levels: number): number[] => Array.from({ length: levels }, (_, i) => 1 / (i + 1));

/** A report of 60 features without drift: flags, ten-bin numbers, categories of 8 and, even and skewed, of 100 levels. */
export function drawReport(sizes: WindowSizes, next: () => number): DrawnPair[] {
  return Array.from({ length: 60 }, (_, i) => {
    if (i < 10) return drawPair('number', [95, 5], sizes, next);
    if (i < 48) return drawPair('number', even(10), sizes, next);
    if (i < 54) return drawPair('category', zipf(8), sizes, next);
    return drawPair('category', i % 2 ? even(100) : zipf(100), sizes, next);
  });
}

/** Multinomial counts of both windows; the current one with other weights where there are any. */
export function drawPair(
  kind: DistributionPair['kind'],
  weights: readonly number[],
  { before, now }: WindowSizes,
  next: () => number,
  weightsNow: readonly number[] = weights,
): DrawnPair {
  const reference = drawCounts(weights, before, next);
  const current = drawCounts(weightsNow, now, next);
  const known = reference.flatMap((count, level) => (kind === 'number' || count > 0 ? [level] : []));
  const pair: DistributionPair = {
    kind,
    reference: known.map((level) => reference[level] as number),
    current: known.map((level) => current[level] as number),
    missing: { reference: 0, current: 0 },
    unseen: kind === 'number' ? [] : current.filter((count, level) => count > 0 && reference[level] === 0),
  };
  return { pair, psi: psiQuantile.of(pair) };
}

/** A multinomial draw: customers per bin where the bins have these weights. */
export function drawCounts(weights: readonly number[], size: number, next: () => number): number[] {
  // Sampling without replacement from so large a crowd is sampling with it.
  const crowd = 1e9;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const crowds = weights.map((weight) => Math.round((weight / total) * crowd));
  let cards = crowds.reduce((sum, count) => sum + count, 0);
  let left = size;
  return crowds.map((marked) => {
    const drawn = drawHypergeometric(cards, marked, left, next());
    cards -= marked;
    left -= drawn;
    return drawn;
  });
}
