import type { ColumnKind } from '../schema.ts';
import { classifyDate } from '../dates.ts';
import { classifyNumber } from '../numbers.ts';
import type { CellBatch } from './cells.ts';
import { isMissing, trimEnd, trimStart } from './cells.ts';

/** How many cells of a column are of which class. */
export interface Tally {
  missing: number;
  number: number;
  identifier: number;
  overflow: number;
  date: number;
  impossibleDate: number;
  /** Among the dates: those that only one order of day and month can read, and those that both can. */
  dayFirst: number;
  monthFirst: number;
  eitherOrder: number;
  other: number;
}

export function createTally(): Tally {
  return {
    missing: 0,
    number: 0,
    identifier: 0,
    overflow: 0,
    date: 0,
    impossibleDate: 0,
    dayFirst: 0,
    monthFirst: 0,
    eitherOrder: 0,
    other: 0,
  };
}

/** What a reader must know about a column before it stores it. */
export interface ColumnPlan {
  readonly kind: 'number' | 'date' | 'text';
  readonly dayFirst: boolean;
}

/** At most this share of a column's cells may fail its type and be taken as missing; beyond it the column is text. */
const toleratedShare = 0.02;

/**
 * The plan that a tally asks for. Identifiers make a column text: a number would not give them back. A day that no
 * calendar has and a number too large are single bad cells and change no type.
 */
export function planColumn(tally: Tally, dayFirstHabit: boolean): ColumnPlan {
  const dayFirst = tally.dayFirst > tally.monthFirst || (tally.dayFirst === tally.monthFirst && dayFirstHabit);
  const filled = tally.number + tally.identifier + tally.overflow + tally.date + tally.impossibleDate + tally.other;
  const tolerated = filled * toleratedShare;
  if (tally.identifier === 0 && filled - tally.number - tally.overflow <= tolerated)
    return { kind: 'number', dayFirst };
  const wrongOrder = dayFirst ? tally.monthFirst : tally.dayFirst;
  if (filled - tally.date - tally.impossibleDate + wrongOrder <= tolerated) return { kind: 'date', dayFirst };
  return { kind: 'text', dayFirst };
}

/** The plan of a column whose kind is known beforehand (a scoring file read with its model's schema). */
export function planOfKind(kind: ColumnKind, tally: Tally, dayFirstHabit: boolean): ColumnPlan {
  const { dayFirst } = planColumn(tally, dayFirstHabit);
  return { kind: kind === 'category' ? 'text' : kind, dayFirst };
}

export function tallyCell(tally: Tally, bytes: Uint8Array, from: number, to: number, decimal: number): void {
  if (isMissing(bytes, from, to)) {
    tally.missing++;
    return;
  }
  const number = classifyNumber(bytes, from, to, decimal);
  if (number !== 'none') {
    tally[number]++;
    return;
  }
  const date = classifyDate(bytes, from, to);
  if (date.class === 'none') tally.other++;
  else if (date.class === 'impossible') tally.impossibleDate++;
  else {
    tally.date++;
    if (date.order === 'day-first') tally.dayFirst++;
    else if (date.order === 'month-first') tally.monthFirst++;
    else if (date.order === 'either') tally.eitherOrder++;
  }
}

/** A tally per column of a sample's cells. */
export function tallyBatch(batch: CellBatch, decimal: number): Tally[] {
  return Array.from({ length: batch.width }, (_, column) => {
    const tally = createTally();
    for (let row = 0; row < batch.rowCount; row++) {
      const cell = row * batch.width + column;
      const from = trimStart(batch.bytes, batch.starts[cell] as number, batch.ends[cell] as number);
      tallyCell(tally, batch.bytes, from, trimEnd(batch.bytes, from, batch.ends[cell] as number), decimal);
    }
    return tally;
  });
}

const POINT = 46;
const COMMA = 44;

/** The decimal mark of the file: a comma where it is not the delimiter and more sampled cells are numbers with it. */
export function chooseDecimal(batch: CellBatch, delimiter: number): number {
  if (delimiter === COMMA) return POINT;
  const numbers = (decimal: number) => tallyBatch(batch, decimal).reduce((sum, tally) => sum + tally.number, 0);
  return numbers(COMMA) > numbers(POINT) ? COMMA : POINT;
}
