import type { Frame } from '../data/frame.ts';

export interface NearRow {
  readonly row: number;
  /** Gower's distance: 0 the same in every column, 1 as far as can be. */
  readonly distance: number;
}

/**
 * The rows most like one, by Gower's distance (1971): the mean over number, date and category columns of |difference| /
 * `spreads`, at most 1, of numbers, and of 0 or 1 of categories; one missing value counts 1, two count 0. Text is left out.
 * @param spreads by column, in their order: what counts as far apart (the range between the 5 % and the 95 % quantile)
 */
export function nearestRows(frame: Frame, row: number, count: number, spreads: readonly number[]): NearRow[] {
  const distances = new Float64Array(frame.rowCount);
  let used = 0;
  frame.columns.forEach((column, index) => {
    if (column.kind === 'text') return;
    used++;
    if (column.kind === 'category') {
      const own = column.codes[row];
      for (let other = 0; other < frame.rowCount; other++) if (column.codes[other] !== own) distances[other]!++;
      return;
    }
    const values = column.kind === 'date' ? column.days : column.values;
    const own = values[row]!;
    const spread = spreads[index]!;
    for (let other = 0; other < frame.rowCount; other++) {
      const value = values[other]!;
      if (Number.isNaN(own) || Number.isNaN(value)) {
        if (Number.isNaN(own) !== Number.isNaN(value)) distances[other]!++;
      } else if (value !== own) distances[other]! += spread > 0 ? Math.min(1, Math.abs(value - own) / spread) : 1;
    }
  });
  const nearest: NearRow[] = [];
  for (let other = 0; other < frame.rowCount; other++) {
    if (other === row) continue;
    const distance = used === 0 ? 0 : distances[other]! / used;
    if (nearest.length === count && distance >= nearest.at(-1)!.distance) continue;
    const at = nearest.findIndex((each) => each.distance > distance);
    nearest.splice(at < 0 ? nearest.length : at, 0, { row: other, distance });
    if (nearest.length > count) nearest.pop();
  }
  return nearest;
}
