import type { CategoryColumn, NumberColumn } from '../data/frame.ts';
import { sortAscending } from '../shared/sort.ts';
import { sortedQuantile, standardDeviation } from '../shared/statistics.ts';
import { StudioError } from '../shared/errors.ts';

/** How a feature is cut into bins, and how many reference customers fell into each. The last counts are for missing. */
export type ReferenceFeature = ReferenceNumber | ReferenceCategory;

export interface ReferenceNumber {
  readonly kind: 'number';
  readonly name: string;
  /** Rising inner edges: a bin holds the values above one edge, up to and including the next. */
  readonly edges: readonly number[];
  /** One count per bin, then the missing. */
  readonly counts: readonly number[];
  /** What measures that need more than bins are given where the customers are not at hand; absent in older windows. */
  readonly sketch?: NumberSketch;
}

export interface NumberSketch {
  /** The values at the middles of 100 equal shares of the present ones, rising. */
  readonly quantiles: readonly number[];
  /** Population standard deviation of the present values. */
  readonly deviation: number;
}

export interface ReferenceCategory {
  readonly kind: 'category';
  readonly name: string;
  readonly levels: readonly string[];
  /** One count per level, then unseen levels, then the missing. */
  readonly counts: readonly number[];
}

const quantileBins = 10;

/** Ten quantile bins of the reference rows; a feature of at most ten distinct values gets one bin per value. */
export function describeNumber(column: NumberColumn, rows: ArrayLike<number>): ReferenceNumber {
  const sorted = presentSorted(column.values, rows);
  const edges = edgesOf(sorted);
  const counts = [...countAscending(edges, sorted), rows.length - sorted.length];
  return { kind: 'number', name: column.name, edges, counts, sketch: sketchOf(sorted) };
}

const sketchQuantiles = 100;

function sketchOf(sorted: Float64Array): NumberSketch {
  if (sorted.length === 0) return { quantiles: [], deviation: 0 };
  const quantiles = Array.from({ length: sketchQuantiles }, (_, i) =>
    sortedQuantile(sorted, (i + 0.5) / sketchQuantiles),
  );
  return { quantiles, deviation: standardDeviation(sorted) };
}

/** Levels that none of these rows has are no part of the reference: met later, they were not seen before. */
export function describeCategory(column: CategoryColumn, rows: ArrayLike<number>): ReferenceCategory {
  const { known, missing } = countCategories(column.levels, column, rows);
  const had = known.flatMap((count, place) => (count > 0 ? [place] : []));
  return {
    kind: 'category',
    name: column.name,
    levels: had.map((place) => column.levels[place] as string),
    counts: [...had.map((place) => known[place] as number), 0, missing],
  };
}

/** How many of these values, smallest first, lie in each bin. */
export function countAscending(edges: readonly number[], ascending: Float64Array): number[] {
  const through = [...edges.map((edge) => countWhile(ascending, (value) => value <= edge)), ascending.length];
  return through.map((count, bin) => count - (through[bin - 1] ?? 0));
}

/** Of these rows, all unless told: how many have each known level, each other level that occurs, and without one. */
export function countCategories(
  levels: readonly string[],
  column: CategoryColumn,
  rows?: ArrayLike<number>,
): { readonly known: number[]; readonly unseen: number[]; readonly missing: number } {
  const counts = new Array<number>(column.levels.length).fill(0);
  let missing = 0;
  const rowCount = rows ? rows.length : column.codes.length;
  for (let i = 0; i < rowCount; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number;
    if (code < 0) missing++;
    else counts[code] = (counts[code] as number) + 1;
  }
  const countOf = new Map(column.levels.map((level, code) => [level, counts[code] as number]));
  const known = levels.map((level) => countOf.get(level) ?? 0);
  for (const level of levels) countOf.delete(level);
  return { known, unseen: [...countOf.values()].filter((count) => count > 0), missing };
}

/** Words for each bin, in the order of the counts. */
export function binLabels(feature: ReferenceFeature): readonly string[] {
  if (feature.kind === 'category') return [...feature.levels, 'not seen before', 'missing'];
  const shown = feature.edges.map(threeDigits);
  const first = shown[0];
  if (first === undefined) return ['all values', 'missing'];
  const between = shown.slice(1).map((edge, i) => `${shown[i]} to ${edge}`);
  return [`up to ${first}`, ...between, `above ${shown.at(-1)}`, 'missing'];
}

function threeDigits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(Math.abs(value) >= 100 ? 4 : 3)));
}

/** The present values of these rows, smallest first; an infinite one is refused with `model.numeric`. */
export function presentSorted(values: Float64Array, rows?: ArrayLike<number>): Float64Array {
  const present = new Float64Array(rows ? rows.length : values.length);
  let count = 0;
  for (let i = 0; i < present.length; i++) {
    const value = values[rows ? (rows[i] as number) : i] as number;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw new StudioError('model.numeric', `A feature value is ${value}.`);
    present[count++] = value;
  }
  return sortAscending(present.subarray(0, count));
}

function edgesOf(sorted: Float64Array): number[] {
  const few = fewDistinct(sorted);
  if (few) return few.slice(1).map((value, i) => ((few[i] as number) + value) / 2);
  const edges: number[] = [];
  for (let q = 1; q < quantileBins; q++) {
    const edge = sortedQuantile(sorted, q / quantileBins);
    if (edges.length === 0 || edge > (edges.at(-1) as number)) edges.push(edge);
  }
  return edges;
}

/** The distinct values, or nothing when there are more than ten. */
function fewDistinct(sorted: Float64Array): number[] | undefined {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && value === distinct.at(-1)) continue;
    if (distinct.length === quantileBins) return undefined;
    distinct.push(value);
  }
  return distinct;
}

/** How many of these values, smallest first, come before the first that does not hold. */
export function countWhile(ascending: Float64Array, holds: (value: number) => boolean): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(ascending[middle] as number)) from = middle + 1;
    else to = middle;
  }
  return from;
}
