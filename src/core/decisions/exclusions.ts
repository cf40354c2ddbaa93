import { type Column, type Frame, getColumn, textAt } from '../data/frame.ts';

/** Leaves out customers whose column has one of these values (categories, text) or lies in this range (numbers, dates). */
export interface Exclusion {
  readonly column: string;
  readonly values?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** 1 for each customer whom no exclusion names. Missing values are never named. Unknown columns: `data.missing-column`. */
export function eligibleRows(frame: Frame, exclusions: readonly Exclusion[]): Uint8Array {
  const eligible = new Uint8Array(frame.rowCount).fill(1);
  for (const exclusion of exclusions) {
    const named = namedBy(exclusion, getColumn(frame, exclusion.column));
    for (let row = 0; row < frame.rowCount; row++) if (named(row)) eligible[row] = 0;
  }
  return eligible;
}

function namedBy({ values, atLeast, atMost }: Exclusion, column: Column): (row: number) => boolean {
  const wanted = new Set(values ?? []);
  const inRange = (value: number): boolean =>
    (atLeast !== undefined || atMost !== undefined) &&
    value >= (atLeast ?? Number.NEGATIVE_INFINITY) &&
    value <= (atMost ?? Number.POSITIVE_INFINITY);
  switch (column.kind) {
    case 'category': {
      const named = column.levels.map((level) => wanted.has(level));
      return (row) => named[column.codes[row] as number] === true;
    }
    case 'text':
      return (row) => column.offsets[row] !== column.offsets[row + 1] && wanted.has(textAt(column, row));
    case 'date':
      return (row) => inRange(column.days[row] as number);
    case 'number':
      return (row) => {
        const value = column.values[row] as number;
        return inRange(value) || (wanted.size > 0 && wanted.has(String(value)));
      };
  }
}
