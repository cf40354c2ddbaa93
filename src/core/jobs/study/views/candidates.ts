import { formatDay } from '../../../data/frame.ts';
import type { CandidateChange } from '../../../explanation/counterfactuals.ts';
import { quantileEdges } from '../../../explanation/column-effect.ts';
import type { CustomerColumnState } from './customer-columns.ts';
import { numbersOf } from './changed-rows.ts';

export type ChangedValue = number | string | null;

/** Parts between the values of a column that are tried. */
const steps = 32;

/** Whole numbers are tried one by one where there are fewer. */
const mostWhole = 64;

/** What another level costs: as much as passing half of all customers. */
const levelCost = 0.5;

/**
 * Values that a customer's columns could have: quantiles of the training customers (of a small range of whole numbers
 * all), whose cost is the share of them that
 * stands between the old and the new value, and all levels of a category. Missing is never proposed.
 */
export function candidatesOf(
  columns: readonly CustomerColumnState[],
  train: Uint32Array,
  row: number,
): CandidateChange<ChangedValue>[] {
  return columns.flatMap(({ schema: { name, integer }, column }): CandidateChange<ChangedValue>[] => {
    if (column.kind === 'category') {
      const own = column.levels[column.codes[row]!];
      return column.levels
        .filter((level) => level !== own)
        .map((level) => ({ column: name, value: level, cost: levelCost }));
    }
    const values = numbersOf(column);
    const own = values[row]!;
    const sorted = Float64Array.from(train, (each) => values[each]!)
      .filter((value) => !Number.isNaN(value))
      .sort();
    // A value that is not there is not a place to start from.
    if (sorted.length === 0 || Number.isNaN(own)) return [];
    const isWhole = integer === true || column.kind === 'date';
    const edges = quantileEdges(sorted, steps, 0.01, 0.99);
    const [first, last] = [Math.round(edges[0]!), Math.round(edges.at(-1)!)];
    const rounded =
      isWhole && last - first < mostWhole
        ? Float64Array.from({ length: last - first + 1 }, (_, i) => first + i)
        : edges.map((value) => (isWhole ? Math.round(value) : Number(value.toPrecision(3))));
    const rank = (value: number): number => shareBelow(sorted, value);
    return [...new Set(rounded)]
      .filter((value) => value !== own)
      .map((value) => ({
        column: name,
        value: column.kind === 'date' ? formatDay(value) : value,
        cost: Math.abs(rank(value) - rank(own)),
      }));
  });
}

/** Share of values below, those equal counting half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const first = (fits: (at: number) => boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(sorted[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return (first((at) => at >= value) + first((at) => at > value)) / (2 * sorted.length);
}
