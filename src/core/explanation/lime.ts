import { type Column, type Frame, getColumn } from '../data/frame.ts';
import { factorise, solve } from '../models/logistic/cholesky.ts';
import { exp } from '../shared/exact-math.ts';
import { createRandom, type Random } from '../shared/random.ts';
import { ascendingValues } from '../shared/statistics.ts';
import { mixedRows } from './mixed-rows.ts';

export interface LimeFeature {
  readonly feature: string;
  /** What it adds to the number explained that the feature is in the customer's quarter of values, or of the same level. */
  readonly weight: number;
  /** Standard deviation of the weight over the repeats. */
  readonly deviation: number;
}

export interface Lime {
  /** The strongest on average over the repeats, largest first. */
  readonly features: readonly LimeFeature[];
  /** Mean overlap of the features that two repeats name (Jaccard), 0 to 1: Visani et al. 2020's variable stability. */
  readonly stability: number;
  readonly isStable: boolean;
  /** Mean weighted R² of the local lines: how much of the model nearby they tell. */
  readonly fit: number;
}

export interface LimeOptions {
  readonly seed: number;
  /** Customers made up per repeat. */
  readonly samples?: number;
  readonly repeats?: number;
  /** Features that a repeat names. */
  readonly most?: number;
}

/** Below this overlap another seed would tell another story. */
const stableFrom = 0.8;

/**
 * LIME for tables (Ribeiro, Singh and Guestrin 2016), as the lime package's: customers made up feature by feature from
 * `others`, each feature told as "in the same quarter of values as this customer or not", and a ridge regression of the
 * model's numbers on that, weighted by nearness. The same with the same seed; drawn again `repeats` times to see whether
 * the story stays.
 */
export async function lime(
  names: readonly string[],
  numbersOf: (features: Frame) => Float64Array | Promise<Float64Array>,
  features: Frame,
  row: number,
  others: Frame,
  { seed, samples = 5000, repeats = 5, most = 6 }: LimeOptions,
): Promise<Lime> {
  const alike = names.map((name) => alikeRows(getColumn(features, name), row, getColumn(others, name)));
  const lines: LocalLine[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = createRandom(seed, repeat);
    const picks = drawPicks(names.length, samples, others.rowCount, random);
    const same = new Uint8Array(samples * names.length);
    picks.forEach((picked, feature) => {
      const isAlike = alike[feature] as Uint8Array;
      for (let i = 0; i < samples; i++) {
        const from = picked[i] as number;
        same[i * names.length + feature] = from < 0 ? 1 : (isAlike[from] as number);
      }
    });
    const mixed = mixedRows(names, features, row, others, samples, (feature) => picks[feature] as Int32Array);
    lines.push(localLine(same, names.length, await numbersOf(mixed)));
  }
  const summed = names.map((feature, i): LimeFeature => {
    const weights = lines.map(({ weights: each }) => each[i] as number);
    const weight = weights.reduce((sum, each) => sum + each, 0) / repeats;
    const squares = weights.reduce((sum, each) => sum + (each - weight) * (each - weight), 0);
    return { feature, weight, deviation: Math.sqrt(squares / Math.max(1, repeats - 1)) };
  });
  const stability = meanOverlap(lines.map(({ weights }) => strongest(weights, most)));
  return {
    features: summed.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, most),
    stability,
    isStable: stability >= stableFrom,
    fit: lines.reduce((sum, { fit }) => sum + fit, 0) / repeats,
  };
}

/** Of each feature the row of `others` that each made-up customer has it from; the first customer is the one explained. */
function drawPicks(width: number, samples: number, rowCount: number, random: Random): Int32Array[] {
  return Array.from({ length: width }, () => {
    const picked = Int32Array.from({ length: samples }, () => random.integer(rowCount));
    picked[0] = -1;
    return picked;
  });
}

/** 1 for the others' rows in the same quarter of the others' values, or of the same level; missing is a value of its own. */
function alikeRows(own: Column, row: number, other: Column): Uint8Array {
  if (own.kind === 'category' && other.kind === 'category') {
    const level = own.levels[own.codes[row] as number];
    return Uint8Array.from(other.codes, (code) => (other.levels[code] === level ? 1 : 0));
  }
  if (own.kind !== 'number' || other.kind !== 'number') return new Uint8Array(0);
  const known = ascendingValues(other.values.filter((value) => !Number.isNaN(value)));
  const edges = [1, 2, 3].map((quarter) => known[Math.floor((quarter * known.length) / 4)] as number);
  const quarterOf = (value: number): number =>
    Number.isNaN(value) ? -1 : edges.reduce((quarter, edge) => quarter + (value > edge ? 1 : 0), 0);
  const quarter = quarterOf(own.values[row] as number);
  return Uint8Array.from(other.values, (value) => (quarterOf(value) === quarter ? 1 : 0));
}

/** A line through made-up customers, weighted by how near they are to the explained one. */
export interface LocalLine {
  readonly intercept: number;
  readonly weights: Float64Array;
  /** Weighted R². */
  readonly fit: number;
}

const ridge = 1;

/**
 * Ridge regression (penalty 1) of `numbers` on rows of 0 and 1, `width` each, the explained customer being all ones. A row that differs
 * in d features weighs exp(−d / k²)^½ with k = ¾ √width.
 */
export function localLine(same: Uint8Array, width: number, numbers: Float64Array): LocalLine {
  const count = numbers.length;
  const nearness = new Float64Array(count);
  const means = new Float64Array(width);
  let total = 0;
  let mean = 0;
  for (let i = 0; i < count; i++) {
    let differs = width;
    for (let j = 0; j < width; j++) differs -= same[i * width + j] as number;
    const weight = Math.sqrt(exp(-differs / (0.5625 * width)));
    nearness[i] = weight;
    total += weight;
    mean += weight * (numbers[i] as number);
    for (let j = 0; j < width; j++) means[j] = (means[j] as number) + weight * (same[i * width + j] as number);
  }
  mean /= total;
  for (let j = 0; j < width; j++) means[j] = (means[j] as number) / total;
  const squares = new Float64Array(width * width);
  const right = new Float64Array(width);
  const centred = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const weight = nearness[i] as number;
    const moved = weight * ((numbers[i] as number) - mean);
    for (let j = 0; j < width; j++) centred[j] = (same[i * width + j] as number) - (means[j] as number);
    for (let j = 0; j < width; j++) {
      right[j] = (right[j] as number) + moved * (centred[j] as number);
      const weighted = weight * (centred[j] as number);
      for (let k = 0; k <= j; k++) {
        squares[j * width + k] = (squares[j * width + k] as number) + weighted * (centred[k] as number);
      }
    }
  }
  const weights = solve(factorise(squares, width, ridge, 0), right);
  const intercept = weights.reduce((sum, weight, j) => sum - weight * (means[j] as number), mean);
  let missed = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    let told = intercept;
    for (let j = 0; j < width; j++) told += (weights[j] as number) * (same[i * width + j] as number);
    const number = numbers[i] as number;
    missed += (nearness[i] as number) * (number - told) * (number - told);
    spread += (nearness[i] as number) * (number - mean) * (number - mean);
  }
  return { intercept, weights, fit: spread > 0 ? 1 - missed / spread : 1 };
}

function strongest(weights: Float64Array, most: number): readonly number[] {
  return Array.from(weights, (_, i) => i)
    .sort((a, b) => Math.abs(weights[b] as number) - Math.abs(weights[a] as number) || a - b)
    .slice(0, most);
}

function meanOverlap(sets: readonly (readonly number[])[]): number {
  let sum = 0;
  let pairs = 0;
  for (const [i, one] of sets.entries()) {
    for (const other of sets.slice(i + 1)) {
      const both = one.filter((each) => other.includes(each)).length;
      sum += both / (one.length + other.length - both);
      pairs++;
    }
  }
  return pairs === 0 ? 1 : sum / pairs;
}
