import { type CategoryColumn, type Column, type Frame, getColumn, type NumberColumn, takeRows } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';
import { createRandom, type Random } from '../shared/random.ts';
import { argsort } from '../shared/statistics.ts';

/** What goes wrong. `column` names a raw column; `concept` makes outcomes follow it less. */
export type DriftKind =
  | { readonly kind: 'covariate'; readonly column: string }
  | { readonly kind: 'prior' }
  | { readonly kind: 'concept' }
  | { readonly kind: 'broken'; readonly column: string }
  | { readonly kind: 'unit'; readonly column: string }
  | { readonly kind: 'new-category'; readonly column: string }
  | { readonly kind: 'missing'; readonly column: string };

/** How it comes: all at once, growing to the full over `over` windows, or up and down with a period of `over` windows. */
export interface DriftCourse {
  readonly shape: 'sudden' | 'gradual' | 'seasonal';
  /** First window, from 0, in which anything differs. */
  readonly from: number;
  readonly over: number;
  /** Full strength, 0 to 1. */
  readonly strength: number;
}

/** Customers whose outcome is known, to draw windows from. */
export interface CustomerPool {
  readonly frame: Frame;
  readonly labels: Int8Array;
}

/** Strength in this window, 0 to 1. */
export function strengthAt({ shape, from, over, strength }: DriftCourse, window: number): number {
  if (window < from) return 0;
  switch (shape) {
    case 'sudden':
      return strength;
    case 'gradual':
      return strength * Math.min(1, (window - from + 1) / over);
    case 'seasonal': {
      // A triangle: 0 at the start of each period, full in its middle.
      const place = ((window - from + 1) % over) / over;
      return strength * (1 - Math.abs(2 * place - 1));
    }
  }
}

/** One window of this many customers, drawn from the pool with replacement, with drift of this strength in it. */
export function simulateWindow(
  pool: CustomerPool,
  rowCount: number,
  drift: DriftKind | undefined,
  strength: number,
  seed: number,
): CustomerPool {
  const random = createRandom(seed);
  const rows = drawRows(pool, rowCount, drift, strength, random);
  const window = {
    frame: takeRows(pool.frame, rows),
    labels: Int8Array.from(rows, (row) => pool.labels[row] as number),
  };
  if (drift === undefined || strength === 0) return window;
  switch (drift.kind) {
    case 'covariate':
    case 'prior':
      return window;
    case 'concept':
      return { ...window, labels: forgetful(window.labels, strength, random) };
    case 'broken':
      return withColumn(window, drift.column, (column) => constant(column, strength, random));
    case 'unit':
      return withColumn(window, drift.column, (column) => inHundredths(column, strength, random));
    case 'new-category':
      return withColumn(window, drift.column, (column) => renamed(column, strength, random));
    case 'missing':
      return withColumn(window, drift.column, (column) => emptied(column, strength, random));
  }
}

/** Covariate and prior drift draw other customers; how a customer of given columns behaves (or given outcome looks) stays. */
function drawRows(
  { frame, labels }: CustomerPool,
  rowCount: number,
  drift: DriftKind | undefined,
  strength: number,
  random: Random,
): Uint32Array {
  const weights = new Float64Array(frame.rowCount).fill(1);
  if (drift?.kind === 'covariate' && strength > 0) {
    // Customers high in the column come up to twenty times as often as those low in it.
    ranksOf(getColumn(frame, drift.column)).forEach((rank, row) => {
      weights[row] = 1 + 19 * strength * rank;
    });
  }
  if (drift?.kind === 'prior' && strength > 0) {
    labels.forEach((label, row) => {
      if (label === 1) weights[row] = 1 + 2 * strength;
    });
  }
  let total = 0;
  const through = weights.map((weight) => (total += weight));
  return Uint32Array.from({ length: rowCount }, () => {
    const at = random.next() * total;
    let from = 0;
    let to = through.length - 1;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((through[middle] as number) <= at) from = middle + 1;
      else to = middle;
    }
    return from;
  });
}

/** A share of outcomes is dealt anew: the rate stays, what the columns say of them goes. */
function forgetful(labels: Int8Array, strength: number, random: Random): Int8Array {
  const dealt = random.shuffle(Uint32Array.from(labels.keys())).subarray(0, Math.round(strength * labels.length));
  const values = random.shuffle(Int8Array.from(dealt, (row) => labels[row] as number));
  const changed = labels.slice();
  dealt.forEach((row, i) => {
    changed[row] = values[i] as number;
  });
  return changed;
}

function withColumn(window: CustomerPool, name: string, change: (column: Column) => Column): CustomerPool {
  const wanted = getColumn(window.frame, name);
  const columns = window.frame.columns.map((column) => (column === wanted ? change(column) : column));
  return { ...window, frame: { rowCount: window.frame.rowCount, columns } };
}

function constant(column: Column, strength: number, random: Random): Column {
  if (column.kind === 'category')
    return { ...column, codes: column.codes.map((code) => (random.next() < strength ? 0 : code)) };
  return mapNumber(column, (value) => (random.next() < strength ? 0 : value));
}

function inHundredths(column: Column, strength: number, random: Random): Column {
  return mapNumber(column, (value) => (random.next() < strength ? value * 100 : value));
}

function emptied(column: Column, strength: number, random: Random): Column {
  if (column.kind === 'category')
    return { ...column, codes: column.codes.map((code) => (random.next() < strength ? -1 : code)) };
  return mapNumber(column, (value) => (random.next() < strength ? Number.NaN : value));
}

function renamed(column: Column, strength: number, random: Random): CategoryColumn {
  if (column.kind !== 'category') throw unfit(column, 'categories');
  const codes = column.codes.map((code) => (random.next() < strength ? column.levels.length : code));
  return { ...column, levels: [...column.levels, 'a new one'], codes };
}

function mapNumber(column: Column, of: (value: number) => number): NumberColumn {
  if (column.kind !== 'number') throw unfit(column, 'numbers');
  return { ...column, values: column.values.map(of) };
}

/** Rank of each row, 0 to 1. */
function ranksOf(column: Column): Float64Array {
  const values =
    column.kind === 'number' ? column.values : column.kind === 'category' ? Float64Array.from(column.codes) : undefined;
  if (!values) throw unfit(column, 'numbers or categories');
  const ranks = new Float64Array(values.length);
  argsort(values).forEach((row, rank) => {
    ranks[row] = rank / values.length;
  });
  return ranks;
}

function unfit({ name, kind }: Column, expected: string): StudioError {
  return new StudioError('data.type', `"${name}" is ${kind}, expected ${expected}.`, { where: { column: name } });
}
