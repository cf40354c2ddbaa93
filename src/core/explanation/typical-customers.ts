import { type Column, type Frame, createFrame } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';

/** Groups of customers, and fewest customers in one: nobody's own row can be read out of their average. */
const mostGroups = 32;
const fewestCustomers = 5;

/**
 * Customers that others are compared with and that nobody is: the given rows in order of their raw score, cut into at most
 * 32 groups of equal size, each averaged. Of numbers the mean, of categories the most frequent level; missing where most
 * are. `rawScores` is of all rows of `features`.
 */
export function typicalCustomers(features: Frame, rows: Uint32Array, rawScores: Float64Array): Frame {
  const count = Math.min(mostGroups, Math.max(1, Math.floor(rows.length / fewestCustomers)));
  const order = rows.toSorted((a, b) => (rawScores[a] as number) - (rawScores[b] as number) || a - b);
  const groups = Array.from({ length: count }, (_, group) =>
    order.subarray(Math.floor((group * order.length) / count), Math.floor(((group + 1) * order.length) / count)),
  );
  return createFrame(
    features.columns.map((column): Column => {
      if (column.kind === 'number') {
        return { ...column, values: Float64Array.from(groups, (group) => meanOf(column.values, group)) };
      }
      if (column.kind === 'category') {
        return { ...column, codes: Int32Array.from(groups, (group) => mostFrequent(column.codes, group)) };
      }
      throw new StudioError('data.type', `Feature "${column.name}" is of kind ${column.kind}.`);
    }),
    count,
  );
}

/** NaN where most are missing; 0 where nobody is there. */
function meanOf(values: Float64Array, rows: Uint32Array): number {
  let sum = 0;
  let count = 0;
  for (const row of rows) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return 2 * count < rows.length ? Number.NaN : count === 0 ? 0 : sum / count;
}

function mostFrequent(codes: Int32Array, rows: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(codes[row] as number, (counts.get(codes[row] as number) ?? 0) + 1);
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return ranked[0]?.[0] ?? -1;
}
