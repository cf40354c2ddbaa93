import type { ScoreGroups } from './score-groups.ts';

export interface EqualCountBin {
  readonly rows: number;
  /** Conversions; a group of ties that straddles an edge is shared evenly, so this may be a fraction. */
  readonly positives: number;
  /** Sum of the scores. */
  readonly scoreTotal: number;
}

/**
 * Cuts the customers, highest score first, into bins of equal count (sizes as numpy's `array_split`: the first bins take
 * the remainder). The order of equal scores does not matter. Fewer customers than bins leave the last bins out. Only the
 * first `wanted` are made.
 */
export function equalCountBins(groups: ScoreGroups, binCount: number, wanted = binCount): EqualCountBin[] {
  const { scores, rows, positives, rowTotal } = groups;
  const size = Math.floor(rowTotal / binCount);
  const remainder = rowTotal - size * binCount;
  const bins: EqualCountBin[] = [];
  let group = 0;
  let used = 0;
  for (let bin = 0; bin < wanted; bin++) {
    const capacity = size + (bin < remainder ? 1 : 0);
    if (capacity === 0) break;
    let free = capacity;
    let positiveSum = 0;
    let scoreTotal = 0;
    while (free > 0 && group < rows.length) {
      const all = rows[group] as number;
      const take = Math.min(free, all - used);
      if (take > 0) {
        positiveSum += ((positives[group] as number) * take) / all;
        scoreTotal += (scores[group] as number) * take;
        free -= take;
        used += take;
      }
      if (used >= all) {
        group++;
        used = 0;
      }
    }
    bins.push({ rows: capacity, positives: positiveSum, scoreTotal });
  }
  return bins;
}
