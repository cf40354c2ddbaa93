import { createRandom } from '../shared/random.ts';
import { type DistributionPair, binnedCounts } from './distribution-pair.ts';
import { drawHypergeometric } from './hypergeometric.ts';
import { psi, sharesOf } from './psi.ts';

/** Shuffles that reach the PSI found before its p-value is certain enough to be no alarm (Besag and Clifford 1991, h). */
const enoughHits = 10;
/** After so many shuffles without a hit Cantelli's inequality may end the search. */
const firstLook = 200;

/**
 * The chance of a PSI at least as large if both windows came from the same customers: a permutation test. All customers
 * are dealt anew into windows of these sizes, level by level (also those that only one window has), and PSI is taken
 * again. Exact for categories whatever their number of levels; the bins of numbers are taken as given. Between
 * 1/(shuffles + 1) and 1; the sequential rule of Besag and Clifford (Biometrika 78, 1991) ends it early.
 */
export function chanceOfPsi(pair: DistributionPair, shuffles: number, seed: number): number {
  const { reference, current } = binnedCounts(pair);
  const found = psi(sharesOf(reference), sharesOf(current));
  const deal = createDeal(pair);
  const random = createRandom(seed);
  let hits = 0;
  let sum = 0;
  let squares = 0;
  for (let shuffle = 1; shuffle <= shuffles; shuffle++) {
    const value = deal(random.next);
    sum += value;
    squares += value * value;
    if (value >= found * (1 - 1e-12)) hits++;
    if (hits === enoughHits) return hits / shuffle;
    if (shuffle === firstLook && hits === 0) {
      const mean = sum / shuffle;
      // Half as much again, since the spread is itself estimated.
      const spread = 1.5 * Math.sqrt(Math.max(0, squares / shuffle - mean * mean));
      const distance = (found - mean) / spread;
      // Cantelli: so far above its mean it comes at most once in 1 + distance².
      if (1 + distance * distance > shuffles + 1) break;
    }
  }
  return (hits + 1) / (shuffles + 1);
}

/** PSI of one random division of both windows' customers. Levels that then lack reference customers count as unseen. */
function createDeal(pair: DistributionPair): (next: () => number) => number {
  const { kind, reference, current, missing, unseen } = pair;
  const both = [...reference.map((count, i) => count + (current[i] as number)), ...unseen];
  const cells = [...both, missing.reference + missing.current];
  const total = cells.reduce((sum, count) => sum + count, 0);
  const currentTotal = [...current, ...unseen].reduce((sum, count) => sum + count, missing.current);
  const before: number[] = [];
  const now: number[] = [];
  return (next) => {
    let cards = total;
    let draws = currentTotal;
    let used = 0;
    let strange = 0;
    for (let cell = 0; cell < cells.length; cell++) {
      const marked = cells[cell] as number;
      const drawn = marked === 0 ? 0 : drawHypergeometric(cards, marked, draws, next());
      cards -= marked;
      draws -= drawn;
      if (kind === 'category' && drawn === marked && cell < both.length) {
        strange += drawn;
        continue;
      }
      before[used] = (marked - drawn) / (total - currentTotal);
      now[used++] = drawn / currentTotal;
    }
    before[used] = 0;
    now[used++] = strange / currentTotal;
    before.length = used;
    now.length = used;
    return psi(before, now);
  };
}
