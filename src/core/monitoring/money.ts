import type { CategoryColumn, Column, Frame, NumberColumn } from '../data/frame.ts';
import { type Economics, profitOf } from '../decisions/economics.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { createRandom, type Random } from '../shared/random.ts';
import { argsort, variance } from '../shared/statistics.ts';
import type { ReferenceFeature } from './binning.ts';

/** What the model says of customers. */
export interface ModelScores {
  readonly propensity: ArrayLike<number>;
  readonly probability: ArrayLike<number>;
}

/** What moved customers mean in money, in the study's currency. Assumes that customers who look alike behave as before. */
export interface MoneyDrift {
  /** Expected profit of contacting everyone at or above the cut, for as many customers as the window has. */
  readonly reference: number;
  readonly now: number;
  readonly change: number;
  /** 95 % band of the change: other customers drawn from the same crowds would give so much. */
  readonly low: number;
  readonly high: number;
  /** What each feature alone brought: the profit now, minus the profit had it stayed as it was. Largest first. */
  readonly features: readonly { readonly feature: string; readonly change: number }[];
  /** What the features did together and those not listed. */
  readonly together: number;
}

export interface MoneyInput {
  readonly economics: Economics;
  readonly cut: number;
  readonly reference: ModelScores;
  /** Customers whom the reference's scores stand for. */
  readonly referenceRows: number;
  readonly features: Frame;
  readonly scores: ModelScores;
  readonly score: (features: Frame) => Promise<ModelScores>;
  /** Features to re-score with, as the reference had them. */
  readonly moved: readonly ReferenceFeature[];
  readonly seed: number;
  readonly checkpoint?: Checkpoint;
}

/** Expected profit at the cut, window against reference at equal size, and what of it each moved feature brought. */
export async function moneyDrift(input: MoneyInput): Promise<MoneyDrift> {
  const { economics, cut, features, scores, checkpoint = noCheckpoint } = input;
  const rowCount = features.rowCount;
  const reference = expectedProfit(input.reference, cut, economics) * rowCount;
  const now = expectedProfit(scores, cut, economics) * rowCount;
  const brought: { feature: string; change: number }[] = [];
  for (const [i, feature] of input.moved.entries()) {
    await checkpoint({ fraction: i / input.moved.length, stage: `Weighing ${feature.name} in money` });
    const restored = restore(features, feature, createRandom(input.seed, i));
    const without = expectedProfit(await input.score(restored), cut, economics) * rowCount;
    brought.push({ feature: feature.name, change: now - without });
  }
  brought.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const change = now - reference;
  const variances =
    profitVariance(scores, cut, economics) / rowCount +
    profitVariance(input.reference, cut, economics) / input.referenceRows;
  const reach = 1.96 * rowCount * Math.sqrt(variances);
  return {
    reference,
    now,
    change,
    low: change - reach,
    high: change + reach,
    features: brought,
    together: change - brought.reduce((sum, each) => sum + each.change, 0),
  };
}

/** Per customer. */
export function expectedProfit({ propensity, probability }: ModelScores, cut: number, economics: Economics): number {
  let contacts = 0;
  let conversions = 0;
  for (let row = 0; row < propensity.length; row++) {
    if ((propensity[row] as number) < cut) continue;
    contacts++;
    conversions += probability[row] as number;
  }
  return propensity.length === 0 ? 0 : profitOf(economics, conversions, contacts) / propensity.length;
}

/** Between customers, of what each is expected to bring. */
function profitVariance({ propensity, probability }: ModelScores, cut: number, economics: Economics): number {
  const each = Float64Array.from({ length: propensity.length }, (_, row) =>
    (propensity[row] as number) >= cut ? profitOf(economics, probability[row] as number, 1) : 0,
  );
  return each.length === 0 ? 0 : variance(each);
}

/** The same customers with one feature distributed as in the reference; who ranks high in it still does. */
export function restore(features: Frame, feature: ReferenceFeature, random: Random): Frame {
  const columns = features.columns.map((column): Column => {
    if (column.name !== feature.name) return column;
    if (feature.kind === 'number' && column.kind === 'number') {
      const { sketch, counts } = feature;
      const quantiles = sketch?.quantiles ?? [];
      const missing = (counts.at(-1) as number) / Math.max(1, sum(counts));
      return quantiles.length === 0 ? column : restoreNumber(column, quantiles, missing, random);
    }
    if (feature.kind === 'category' && column.kind === 'category') {
      return restoreCategory(column, feature.levels, feature.counts, random);
    }
    return column;
  });
  return { rowCount: features.rowCount, columns };
}

/** Ranks are kept, ties broken by lot; customers missing beyond the reference's share get a place by lot. */
function restoreNumber(
  { name, values }: NumberColumn,
  quantiles: readonly number[],
  missing: number,
  random: Random,
): NumberColumn {
  const lots = random.shuffle(Uint32Array.from(values, (_, row) => row));
  // A stable order of shuffled rows: equal values come in the order of the lots.
  const order = argsort(Float64Array.from(lots, (row) => values[row] as number)).map((at) => lots[at] as number);
  const present = order.filter((row) => values[row] === values[row]);
  const restored = new Float64Array(values.length).fill(Number.NaN);
  const at = (share: number): number =>
    quantiles[Math.min(quantiles.length - 1, Math.floor(share * quantiles.length))] as number;
  present.forEach((row, rank) => {
    restored[row] = at((rank + 0.5) / present.length);
  });
  const surplus = values.length - present.length - Math.round(missing * values.length);
  for (const row of order.subarray(present.length, present.length + Math.max(0, surplus))) {
    restored[row] = at(random.next());
  }
  return { kind: 'number', name, values: restored };
}

/** Customers of levels that have become too common, drawn by lot, go to those that have become too rare. */
function restoreCategory(
  { name, codes, levels }: CategoryColumn,
  known: readonly string[],
  counts: readonly number[],
  random: Random,
): CategoryColumn {
  const all = [...new Set([...levels, ...known])];
  const total = Math.max(1, sum(counts));
  // Unseen levels are wanted by nobody; the last place is for missing.
  const wanted = [...all.map((level) => counts[known.indexOf(level)] ?? 0), counts.at(-1) as number].map((count) =>
    Math.round((count / total) * codes.length),
  );
  const restored = codes.slice();
  const spare: number[] = [];
  const have = new Array<number>(wanted.length).fill(0);
  for (const row of random.shuffle(Uint32Array.from(codes, (_, i) => i))) {
    const place = (codes[row] as number) < 0 ? all.length : (codes[row] as number);
    if ((have[place] as number) < (wanted[place] as number)) have[place] = (have[place] as number) + 1;
    else spare.push(row);
  }
  for (let place = 0; place < wanted.length; place++) {
    for (let left = (wanted[place] as number) - (have[place] as number); left > 0; left--) {
      const row = spare.pop();
      if (row === undefined) break;
      restored[row] = place === all.length ? -1 : place;
    }
  }
  return { kind: 'category', name, codes: restored, levels: all };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
