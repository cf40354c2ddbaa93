import type { Column, Frame } from './frame.ts';
import { cellAt, formatDay } from './frame.ts';
import type { ColumnKind } from './schema.ts';
import { groupCodes } from './split-groups.ts';

/** What a column holds, in figures and in one sentence. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly missingShare: number;
  readonly distinct: number;
  /** At most one distinct value. */
  readonly constant: boolean;
  /** Names rows rather than describes them: its values hardly repeat and they are words or whole numbers. */
  readonly idLike: boolean;
  /** Words with more than 100 distinct values. */
  readonly highCardinality: boolean;
  /** Numbers; dates in days since 1970-01-01. */
  readonly min?: number;
  readonly mean?: number;
  readonly max?: number;
  /** "12 to 310, mean 61.2, 3 % missing". */
  readonly summary: string;
  /** At most 12 equal-width bins, or the most frequent values. */
  readonly histogram: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  readonly count: number;
}

const binCount = 12;

/** The facts of every column, in order. */
export function profileFrame(frame: Frame): ColumnFacts[] {
  return frame.columns.map((column) => profileColumn(column, frame.rowCount));
}

export function profileColumn(column: Column, rowCount: number): ColumnFacts {
  const codes = groupCodes(column);
  let missing = 0;
  let highest = -1;
  for (const code of codes) {
    if (code < 0) missing++;
    else if (code > highest) highest = code;
  }
  const counts = new Uint32Array(highest + 1);
  const firstRow = new Uint32Array(highest + 1);
  for (let row = codes.length - 1; row >= 0; row--) {
    const code = codes[row] as number;
    if (code < 0) continue;
    counts[code] = (counts[code] as number) + 1;
    firstRow[code] = row;
  }
  const distinct = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const filled = rowCount - missing;
  const missingShare = rowCount ? missing / rowCount : 0;
  const isWords = column.kind === 'text' || column.kind === 'category';
  const base = {
    name: column.name,
    kind: column.kind,
    missingShare,
    distinct,
    constant: distinct <= 1,
    idLike: filled >= 20 && distinct > 0.95 * filled && column.kind !== 'date' && (isWords || isWhole(column)),
    highCardinality: isWords && distinct > 100,
  };
  const missingWords = missing ? `, ${percent(missingShare)} missing` : '';
  if (filled === 0) return { ...base, summary: 'empty', histogram: [] };
  if (column.kind === 'number' || column.kind === 'date') {
    const values = column.kind === 'number' ? column.values : column.days;
    const show = column.kind === 'number' ? shortNumber : (days: number) => formatDay(Math.floor(days));
    const range = rangeOf(values, filled);
    const mean = column.kind === 'number' ? `, mean ${shortNumber(range.mean)}` : '';
    const summary =
      distinct === 1
        ? `always ${show(range.min)}${missingWords}`
        : `${show(range.min)} to ${show(range.max)}${mean}${missingWords}`;
    return {
      ...base,
      ...range,
      summary,
      histogram: distinct <= binCount ? valueBars(values, show) : bins(values, range.min, range.max, show),
    };
  }
  const order = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const bars = order
    .slice(0, binCount)
    .map((code) => ({ label: String(cellAt(column, firstRow[code] as number)), count: counts[code] as number }));
  const most = bars[0] as Bar;
  const summary = `${distinct} ${distinct === 1 ? 'value' : 'values'}${distinct === filled && distinct > 1 ? ', all different' : `, most often ${most.label} (${percent(most.count / filled)})`}${missingWords}`;
  return { ...base, summary, histogram: bars };
}

function isWhole(column: Column): boolean {
  return column.kind === 'number' && column.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
}

function rangeOf(values: Float64Array, filled: number): { min: number; mean: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let mean = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    mean += value / filled;
  }
  return { min, mean, max };
}

/** One bar per value, in order of size. */
function valueBars(values: Float64Array, show: (value: number) => string): Bar[] {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => a[0] - b[0]).map(([value, count]) => ({ label: show(value), count }));
}

function bins(values: Float64Array, min: number, max: number, show: (value: number) => string): Bar[] {
  const counts = new Uint32Array(binCount);
  // Halved, so that the width of a range as wide as the doubles themselves is still a number.
  const width = (max / 2 - min / 2) / (binCount / 2);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = Math.min(binCount - 1, Math.floor(value / width - min / width));
    counts[Math.max(0, bin)] = (counts[Math.max(0, bin)] as number) + 1;
  }
  return Array.from(counts, (count, bin) => ({
    label: `${show(min + bin * width)} – ${show(bin === binCount - 1 ? max : min + (bin + 1) * width)}`,
    count,
  }));
}

/** Three significant digits, plain where that is short. */
function shortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return 'under 0.1 %';
  return `${hundredths < 10 ? Number(hundredths.toFixed(1)) : Math.round(hundredths)} %`;
}
