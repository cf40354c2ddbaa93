import type { CategoryColumn, NumberColumn } from '../data/frame.ts';
import { sortedQuantile } from '../shared/statistics.ts';
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
  return { kind: 'number', name: column.name, edges, counts: countNumbers(edges, column.values, rows) };
}

export function describeCategory(column: CategoryColumn, rows: ArrayLike<number>): ReferenceCategory {
  const { name, levels } = column;
  return { kind: 'category', name, levels, counts: countCategories(levels, column, rows) };
}

export function countNumbers(edges: readonly number[], values: Float64Array, rows: ArrayLike<number>): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    const bin = Number.isNaN(value) ? edges.length + 1 : edgesBelow(edges, value);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

export function countCategories(levels: readonly string[], column: CategoryColumn, rows: ArrayLike<number>): number[] {
  const placeOf = new Map(levels.map((level, place) => [level, place]));
  const binOf = column.levels.map((level) => placeOf.get(level) ?? levels.length);
  const counts = new Array<number>(levels.length + 2).fill(0);
  for (let i = 0; i < rows.length; i++) {
    const code = column.codes[rows[i] as number] as number;
    const bin = code < 0 ? levels.length + 1 : (binOf[code] as number);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
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

function presentSorted(values: Float64Array, rows: ArrayLike<number>): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw new StudioError('model.numeric', `A feature value is ${value}.`);
    present[count++] = value;
  }
  return present.slice(0, count).sort();
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

function edgesBelow(edges: readonly number[], value: number): number {
  let from = 0;
  let to = edges.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((edges[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
