import { type Column, type Frame, findColumn } from '../../../data/frame.ts';
import type { ColumnSchema } from '../../../data/schema.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { Changes } from '../../explanation-contract.ts';
import { getDataset, getPrepared, type StudyState } from '../state.ts';
import { numbersOf, type RawRows, withValues } from './changed-rows.ts';
import { parseDay } from '../../../data/dates.ts';

/** A raw column that features are made of and that can be given another value. */
export interface CustomerColumnState {
  readonly schema: ColumnSchema;
  readonly column: Column;
  /** Over training customers. */
  readonly min: number;
  readonly max: number;
  /** Null where the schema calls nothing changeable, and so does not say. */
  readonly changeable: boolean | null;
}

export function customerColumnStates(state: StudyState): CustomerColumnState[] {
  const { frame, schema } = getDataset(state).table;
  const { recipe, splits } = getPrepared(state);
  const says = schema.columns.some(({ changeable }) => changeable !== undefined);
  const needed = new Set(recipe.features.flatMap(({ columns }) => columns));
  return schema.columns.flatMap((each) => {
    const column = needed.has(each.name) ? findColumn(frame, each.name) : undefined;
    if (!column || column.kind === 'text') return [];
    const values = numbersOf(column);
    let [min, max] = [Infinity, -Infinity];
    for (const row of splits.train) {
      min = Math.min(min, Number.isNaN(values[row]!) ? min : values[row]!);
      max = Math.max(max, Number.isNaN(values[row]!) ? max : values[row]!);
    }
    return [{ schema: each, column, min, max, changeable: says ? each.changeable === true : null }];
  });
}

/** The day of a customer's snapshot, where there is one. */
export function dayOf(state: StudyState, row: number): number | undefined {
  const { asOf } = getDataset(state).table;
  return typeof asOf === 'object' ? asOf[row] : asOf;
}

/** The one customer of `from` once for each set of changes, changed by it. */
export function changeCustomers(from: RawRows, sets: readonly Changes[]): RawRows {
  const count = sets.length;
  let frame: Frame = {
    rowCount: count,
    columns: from.frame.columns.map((column) => repeated(column, count)),
  };
  for (const column of frame.columns) {
    if (!sets.some((changes) => Object.hasOwn(changes, column.name))) continue;
    const numbers = Float64Array.from(numbersOf(column));
    sets.forEach((changes, i) => {
      const value = changes[column.name];
      if (value !== undefined) numbers[i] = numberOf(column, value);
    });
    frame = withValues(frame, column.name, numbers);
  }
  const { asOf } = from;
  return {
    frame,
    ...(asOf === undefined ? {} : { asOf: typeof asOf === 'number' ? asOf : new Float64Array(count).fill(asOf[0]!) }),
  };
}

function repeated(column: Column, count: number): Column {
  switch (column.kind) {
    case 'number':
      return { ...column, values: new Float64Array(count).fill(column.values[0]!) };
    case 'date':
      return { ...column, days: new Float64Array(count).fill(column.days[0]!) };
    case 'category':
      return { ...column, codes: new Int32Array(count).fill(column.codes[0]!) };
    case 'text':
      return { ...column, bytes: new Uint8Array(), offsets: new Uint32Array(count + 1) };
  }
}

function numberOf(column: Column, value: number | string | null): number {
  if (value === null) return Number.NaN;
  if (column.kind === 'category') {
    const code = column.levels.indexOf(String(value));
    if (code >= 0) return code;
    throw new StudioError('request.invalid', `Column "${column.name}" has no level "${value}".`, {
      where: { column: column.name },
      fix: `Choose one of: ${column.levels.slice(0, 12).join(', ')}.`,
    });
  }
  const number = typeof value === 'number' ? value : column.kind === 'date' ? parseDay(value) : Number(value);
  if (Number.isFinite(number)) return number;
  throw new StudioError('request.invalid', `Column "${column.name}": "${value}" is no ${column.kind}.`, {
    where: { column: column.name },
    fix: column.kind === 'date' ? 'Write the day as YYYY-MM-DD.' : 'Write a number.',
  });
}
