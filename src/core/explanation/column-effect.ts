import { sortedQuantile } from '../shared/statistics.ts';

/** What the model says of these rows, were the column to hold these values: one value, and one answer, a row. */
export type AnswerWith = (rows: Uint32Array, values: Float64Array) => Promise<Float64Array> | Float64Array;

export interface PartialDependence {
  readonly grid: Float64Array;
  /** The mean answer over all rows at each value of the grid. */
  readonly average: Float64Array;
  /** The answer of single rows along the grid: individual conditional expectation (Goldstein et al. 2015). */
  readonly individual: readonly Float64Array[];
}

/**
 * Partial dependence (Friedman 2001, eq. 53; scikit-learn's method "brute"): the mean answer over rows that all hold the
 * same value, for each value of the grid. `singles` are positions in `rows`.
 */
export async function partialDependence(
  answer: AnswerWith,
  rows: Uint32Array,
  grid: Float64Array,
  singles: readonly number[] = [],
): Promise<PartialDependence> {
  const average = new Float64Array(grid.length);
  const individual = singles.map(() => new Float64Array(grid.length));
  for (let point = 0; point < grid.length; point++) {
    const answers = await answer(rows, new Float64Array(rows.length).fill(grid[point]!));
    let sum = 0;
    for (const each of answers) sum += each;
    average[point] = sum / rows.length;
    singles.forEach((row, i) => {
      individual[i]![point] = answers[row]!;
    });
  }
  return { grid, average, individual };
}

export interface AccumulatedEffects {
  readonly edges: Float64Array;
  /** The centred effect at each edge: the mean over rows is 0. */
  readonly effects: Float64Array;
  /** Rows of the interval that ends at each edge; the first edge has none. */
  readonly counts: Uint32Array;
}

/**
 * First-order accumulated local effects (Apley and Zhu 2020, eq. 15 and 16): unlike partial dependence it moves each row
 * only to the ends of its own interval, and so asks nothing of customers that do not exist. Rows with a missing value
 * (NaN) are left out; `values` holds the column's value of each row, `edges` rise from the least of them to the most.
 */
export async function accumulatedLocalEffects(
  answer: AnswerWith,
  rows: Uint32Array,
  values: Float64Array,
  edges: Float64Array,
): Promise<AccumulatedEffects> {
  const known = rows.filter((_, i) => !Number.isNaN(values[i]));
  const at = values.filter((value) => !Number.isNaN(value));
  const place = Uint32Array.from(at, (value) => intervalOf(edges, value));
  const lower = await answer(
    known,
    Float64Array.from(place, (interval) => edges[interval - 1]!),
  );
  const upper = await answer(
    known,
    Float64Array.from(place, (interval) => edges[interval]!),
  );
  const sums = new Float64Array(edges.length);
  const counts = new Uint32Array(edges.length);
  place.forEach((interval, i) => {
    sums[interval]! += upper[i]! - lower[i]!;
    counts[interval]!++;
  });
  const effects = new Float64Array(edges.length);
  for (let edge = 1; edge < edges.length; edge++) {
    effects[edge] = effects[edge - 1]! + (counts[edge] === 0 ? 0 : sums[edge]! / counts[edge]!);
  }
  let centre = 0;
  for (let edge = 1; edge < edges.length; edge++) {
    centre += (counts[edge]! * (effects[edge - 1]! + effects[edge]!)) / 2 / known.length;
  }
  return { edges, effects: effects.map((effect) => effect - centre), counts };
}

/** The distinct ones of `count` + 1 quantiles of values that are all known. */
export function quantileEdges(values: Float64Array, count: number, from = 0, to = 1): Float64Array {
  const sorted = values.slice().sort();
  if (sorted.length === 0) return sorted;
  const edges = Float64Array.from({ length: count + 1 }, (_, i) =>
    sortedQuantile(sorted, from + ((to - from) * i) / count),
  );
  return edges.filter((edge, i) => i === 0 || edge !== edges[i - 1]);
}

/** Intervals are open below and closed above, but the first, which holds its lower edge too; at least 1. */
function intervalOf(edges: Float64Array, value: number): number {
  let low = 1;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
