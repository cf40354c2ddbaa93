import { type Column, columnLength } from '../../data/frame.ts';
import type { BatchScores } from './batch-model.ts';

/** Equal steps of the propensity score in which rows are counted: deciles are told to within one. */
export const stepCount = 1 << 12;
/** Rows kept of those with the highest scores. */
export const topCount = 100;

/** One of the rows with the highest scores. `row` counts records, from 1. */
export interface Prospect {
  readonly row: number;
  readonly id: string;
  readonly propensity: number;
  readonly probability: number;
  readonly band: number;
}

/** What a piece adds to the report on a batch. Plain data. */
export interface PieceSummary {
  /** Rows and expected conversions of Low, Medium and High. */
  readonly bandRows: Float64Array;
  readonly bandConversions: Float64Array;
  /** Rows and expected conversions by step of the score. */
  readonly stepRows: Float64Array;
  readonly stepConversions: Float64Array;
  readonly top: readonly Prospect[];
  /** By column read: cells without a value. */
  readonly missing: readonly number[];
}

/** Without calibrated probabilities the scores themselves are the expectation. */
export function summarise(
  scores: BatchScores,
  rows: ArrayLike<number>,
  idOf: (row: number) => string,
  columns: readonly Column[],
): PieceSummary {
  const { propensity, band, probability = propensity } = scores;
  const summary = emptySummary(columns.length);
  for (let row = 0; row < propensity.length; row++) {
    const chance = probability[row] as number;
    const step = Math.min(stepCount - 1, Math.floor((propensity[row] as number) * stepCount));
    add(summary.bandRows, band[row] as number, 1);
    add(summary.bandConversions, band[row] as number, chance);
    add(summary.stepRows, step, 1);
    add(summary.stepConversions, step, chance);
  }
  const top = highest(propensity).map((row) => ({
    row: rows[row] as number,
    id: idOf(row),
    propensity: propensity[row] as number,
    probability: probability[row] as number,
    band: band[row] as number,
  }));
  return { ...summary, top, missing: columns.map(missingIn) };
}

export function emptySummary(columnCount: number): PieceSummary {
  return {
    bandRows: new Float64Array(3),
    bandConversions: new Float64Array(3),
    stepRows: new Float64Array(stepCount),
    stepConversions: new Float64Array(stepCount),
    top: [],
    missing: new Array<number>(columnCount).fill(0),
  };
}

/** Both together; `later`'s rows come after `earlierRecords` records. */
export function addSummary(earlier: PieceSummary, later: PieceSummary, earlierRecords: number): PieceSummary {
  const sum = (one: Float64Array, other: Float64Array) => one.map((value, i) => value + (other[i] as number));
  const moved = later.top.map((each) => ({ ...each, row: each.row + earlierRecords }));
  return {
    bandRows: sum(earlier.bandRows, later.bandRows),
    bandConversions: sum(earlier.bandConversions, later.bandConversions),
    stepRows: sum(earlier.stepRows, later.stepRows),
    stepConversions: sum(earlier.stepConversions, later.stepConversions),
    top: [...earlier.top, ...moved].sort((a, b) => b.propensity - a.propensity || a.row - b.row).slice(0, topCount),
    missing: earlier.missing.map((count, i) => count + (later.missing[i] ?? 0)),
  };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}

/** Rows of the highest scores, first come first among equals. */
function highest(propensity: Float64Array): number[] {
  const floor = Float64Array.from(propensity).sort()[Math.max(0, propensity.length - topCount)] ?? 0;
  const above: number[] = [];
  const level: number[] = [];
  for (let row = 0; row < propensity.length; row++) {
    if ((propensity[row] as number) > floor) above.push(row);
    else if (propensity[row] === floor && level.length < topCount) level.push(row);
  }
  above.sort((a, b) => (propensity[b] as number) - (propensity[a] as number) || a - b);
  return [...above, ...level].slice(0, topCount);
}

function missingIn(column: Column): number {
  let count = 0;
  const length = columnLength(column);
  for (let row = 0; row < length; row++) {
    if (column.kind === 'number') count += Number.isNaN(column.values[row]) ? 1 : 0;
    else if (column.kind === 'date') count += Number.isNaN(column.days[row]) ? 1 : 0;
    else if (column.kind === 'category') count += (column.codes[row] as number) < 0 ? 1 : 0;
    else count += column.offsets[row] === column.offsets[row + 1] ? 1 : 0;
  }
  return count;
}
