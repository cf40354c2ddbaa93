import { StudioError } from '../shared/errors.ts';
import { createRandom } from '../shared/random.ts';
import type { Labels } from './schema.ts';

export interface SplitOptions {
  readonly labels: Labels;
  readonly seed: number;
  /** Shares of the labelled rows; they add up to 1. */
  readonly fractions: { readonly train: number; readonly validation: number; readonly test: number };
  /** One code per row: rows of one code stay on one side. -1 stands alone. */
  readonly groups?: Int32Array;
  /** One day per row: trains on the oldest rows and tests on the newest. Rows without a day count as oldest. */
  readonly days?: Float64Array;
}

/** Row numbers, ascending. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** Rows whose label is not known: to be scored, never to learn from or to measure on. */
  readonly unlabelled: Uint32Array;
}

/**
 * Deals the labelled rows into train, validation and test: stratified by label at random, or in order of time. Refuses
 * as `data.split` what leaves a part with fewer than two conversions or two others.
 */
export function splitRows(options: SplitOptions): Split {
  const { labels, fractions, days } = options;
  const sum = fractions.train + fractions.validation + fractions.test;
  if (!(Math.abs(sum - 1) < 1e-9 && Math.min(fractions.train, fractions.validation, fractions.test) > 0)) {
    throw new StudioError(
      'data.split',
      `The shares of train, validation and test are ${fractions.train}, ${fractions.validation} and ${fractions.test}.`,
      {
        fix: 'Choose three shares above 0 that add up to 1, for example 0.6, 0.2 and 0.2.',
      },
    );
  }
  const units = groupUnits(labels, options.groups);
  const parts: readonly number[][] = days
    ? dealInTime(units, days, fractions)
    : dealStratified(units, fractions, options.seed);
  const unlabelled: number[] = [];
  for (let row = 0; row < labels.length; row++) if ((labels[row] as number) < 0) unlabelled.push(row);
  const [train, validation, test] = parts.map((rows) => Uint32Array.from(rows).sort()) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const split = { train, validation, test, unlabelled: Uint32Array.from(unlabelled) };
  refuseThinParts(split, labels);
  return split;
}

/** The fold of each labelled row, 0 … folds-1, stratified; rows of one group share a fold. Unlabelled rows get 255. */
export function stratifiedFolds(labels: Labels, folds: number, seed: number, groups?: Int32Array): Uint8Array {
  const units = groupUnits(labels, groups);
  const random = createRandom(seed);
  const fold = new Uint8Array(labels.length).fill(255);
  let next = 0;
  for (const positive of [true, false]) {
    const stratum = units.filter((unit) => unit.positive === positive);
    if (stratum.length < folds) {
      const what = positive ? 'conversions' : 'customers who did not convert';
      throw new StudioError(
        'data.split',
        `${folds} folds need at least ${folds} ${what}; there are ${stratum.length}.`,
        {
          fix: 'Use fewer folds or a table with more customers.',
        },
      );
    }
    random.shuffle(stratum);
    for (const unit of stratum) {
      for (const row of unit.rows) fold[row] = next;
      next = (next + 1) % folds;
    }
  }
  return fold;
}

/** Labelled rows that must stay together. Positive if any of them converted. */
interface Unit {
  rows: number[];
  positive: boolean;
}

function groupUnits(labels: Labels, groups: Int32Array | undefined): Unit[] {
  const units: Unit[] = [];
  const byGroup = new Map<number, Unit>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (label < 0) continue;
    const group = groups ? (groups[row] as number) : -1;
    const known = group < 0 ? undefined : byGroup.get(group);
    if (known) {
      known.rows.push(row);
      known.positive ||= label === 1;
      continue;
    }
    const unit = { rows: [row], positive: label === 1 };
    units.push(unit);
    if (group >= 0) byGroup.set(group, unit);
  }
  return units;
}

type Fractions = SplitOptions['fractions'];

function dealStratified(units: readonly Unit[], fractions: Fractions, seed: number): number[][] {
  const random = createRandom(seed);
  const parts: number[][] = [[], [], []];
  for (const positive of [true, false]) {
    const stratum = units.filter((unit) => unit.positive === positive);
    random.shuffle(stratum);
    const rowCount = stratum.reduce((sum, unit) => sum + unit.rows.length, 0);
    const borders = [
      Math.round(rowCount * fractions.train),
      Math.round(rowCount * (fractions.train + fractions.validation)),
      rowCount,
    ];
    let part = 0;
    let dealt = 0;
    for (const unit of stratum) {
      while (dealt >= (borders[part] as number)) part++;
      for (const row of unit.rows) parts[part]?.push(row);
      dealt += unit.rows.length;
    }
  }
  return parts;
}

/** Units in order of their latest day; rows of one day stay together. */
function dealInTime(units: readonly Unit[], days: Float64Array, fractions: Fractions): number[][] {
  const dated = units.map((unit) => {
    let day = Number.NEGATIVE_INFINITY;
    for (const row of unit.rows) if ((days[row] as number) > day) day = Math.floor(days[row] as number);
    return { unit, day };
  });
  dated.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const rowCount = units.reduce((sum, unit) => sum + unit.rows.length, 0);
  const borders = [rowCount * fractions.train, rowCount * (fractions.train + fractions.validation)];
  const parts: number[][] = [[], [], []];
  let part = 0;
  let dealt = 0;
  let previous = Number.NaN;
  for (const { unit, day } of dated) {
    while (part < 2 && dealt >= (borders[part] as number) && day !== previous) part++;
    for (const row of unit.rows) parts[part]?.push(row);
    dealt += unit.rows.length;
    previous = day;
  }
  return parts;
}

function refuseThinParts(split: Split, labels: Labels): void {
  const named = { train: split.train, validation: split.validation, test: split.test };
  for (const [name, rows] of Object.entries(named)) {
    let positives = 0;
    for (const row of rows) if (labels[row] === 1) positives++;
    if (positives >= 2 && rows.length - positives >= 2) continue;
    throw new StudioError(
      'data.split',
      `The ${name} part would hold ${positives} conversions among ${rows.length} labelled customers; it needs at least 2 conversions and 2 others.`,
      {
        fix: 'Use a table with more labelled customers of both kinds, or change the shares of the split.',
      },
    );
  }
}
