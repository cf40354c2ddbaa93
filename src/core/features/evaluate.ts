import type { CategoryColumn, Column, DateColumn, Frame, NumberColumn } from '../data/frame.ts';
import { getColumn } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';
import { log1p } from '../shared/exact-math.ts';
import type { Comparison, DatePart, Expression, LevelTable } from './expression.ts';

/** What expressions are evaluated over: raw columns and the snapshot day (one, or one per row). */
export interface FeatureInput {
  readonly frame: Frame;
  readonly asOf?: number | Float64Array;
}

/** Rows are evaluated in blocks of at most this many: the intermediate values stay in the processor's cache. */
export const blockRows = 1024;

/** Runs expressions over one input. Every operator works row by row, so that any cut into blocks gives the same bits. */
export interface Evaluator {
  /** Writes the values of rows from … from + out.length - 1. `out` holds at most `blockRows` numbers. */
  evaluate(expression: Expression, from: number, out: Float64Array): void;
}

/** `featureValues` gives the values of an earlier feature for the same rows. */
export type FeatureValues = (name: string, from: number, count: number) => Float64Array;

export function createEvaluator(input: FeatureInput, featureValues: FeatureValues): Evaluator {
  const spare: Float64Array[] = [];
  const codeMaps = new Map<Expression, Float64Array>();

  const borrow = (count: number): Float64Array =>
    (spare.pop() ?? new Float64Array(Math.min(blockRows, input.frame.rowCount))).subarray(0, count);
  const giveBack = (buffer: Float64Array): void => {
    spare.push(new Float64Array(buffer.buffer));
  };

  /** Evaluates `node` into a borrowed buffer, hands it to `use`, and takes it back. */
  const withValues = (node: Expression, from: number, count: number, use: (values: Float64Array) => void): void => {
    const values = borrow(count);
    evaluate(node, from, values);
    use(values);
    giveBack(values);
  };

  /** A table from the column's own codes to this node's numbers; made once per node. */
  const codeMap = (node: Expression, column: CategoryColumn, make: (level: string) => number): Float64Array => {
    const known = codeMaps.get(node);
    if (known) return known;
    const map = Float64Array.from(column.levels, make);
    codeMaps.set(node, map);
    return map;
  };

  const mapLevels = (
    node: Expression,
    name: string,
    from: number,
    out: Float64Array,
    make: (level: string) => number,
  ): void => {
    const column = columnOf(input.frame, name, 'category');
    const map = codeMap(node, column, make);
    for (let i = 0; i < out.length; i++) {
      const code = column.codes[from + i] as number;
      out[i] = code < 0 ? Number.NaN : (map[code] as number);
    }
  };

  const evaluate = (node: Expression, from: number, out: Float64Array): void => {
    const count = out.length;
    switch (node.op) {
      case 'constant':
        out.fill(node.value);
        return;
      case 'column': {
        const { values } = columnOf(input.frame, node.name, 'number');
        for (let i = 0; i < count; i++) out[i] = finite(values[from + i] as number);
        return;
      }
      case 'feature':
        out.set(featureValues(node.name, from, count));
        return;
      case 'log1p':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = finite(log1p(out[i] as number));
        return;
      case 'squareRoot':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = finite(Math.sqrt(out[i] as number));
        return;
      case 'absolute':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = Math.abs(out[i] as number);
        return;
      case 'not':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = 1 - asTruth(out[i] as number);
        return;
      case 'isMissing':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = Number.isNaN(out[i]) ? 1 : 0;
        return;
      case 'subtract':
        evaluate(node.left, from, out);
        withValues(node.right, from, count, (right) => {
          for (let i = 0; i < count; i++) out[i] = finite((out[i] as number) - (right[i] as number));
        });
        return;
      case 'divide':
        evaluate(node.left, from, out);
        withValues(node.right, from, count, (right) => {
          for (let i = 0; i < count; i++) out[i] = finite((out[i] as number) / (right[i] as number));
        });
        return;
      case 'compare':
        evaluate(node.left, from, out);
        withValues(node.right, from, count, (right) => {
          for (let i = 0; i < count; i++) out[i] = compare(node.by, out[i] as number, right[i] as number);
        });
        return;
      case 'add':
      case 'multiply':
      case 'minimum':
      case 'maximum':
      case 'and':
      case 'or':
        foldOperands(node, from, out);
        return;
      case 'mean':
        meanOfPresent(node.of, from, out);
        return;
      case 'clip':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = Math.min(Math.max(out[i] as number, node.low), node.high);
        return;
      case 'if':
        chooseBranch(node, from, out);
        return;
      case 'fillMissing':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) if (Number.isNaN(out[i])) out[i] = node.value;
        return;
      case 'bin':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++)
          out[i] = Number.isNaN(out[i]) ? Number.NaN : countAtMost(node.edges, out[i] as number);
        return;
      case 'percentile':
        evaluate(node.of, from, out);
        for (let i = 0; i < count; i++) out[i] = percentileOf(node.quantiles, out[i] as number);
        return;
      case 'daysBefore': {
        const { days } = columnOf(input.frame, node.column, 'date');
        const { asOf } = input;
        if (asOf === undefined) throw noSnapshotDay(node.column);
        for (let i = 0; i < count; i++) {
          const day = typeof asOf === 'number' ? asOf : (asOf[from + i] as number);
          out[i] = finite(day - (days[from + i] as number));
        }
        return;
      }
      case 'datePart': {
        const { days } = columnOf(input.frame, node.column, 'date');
        for (let i = 0; i < count; i++) out[i] = datePartOf(days[from + i] as number, node.part);
        return;
      }
      case 'category':
        mapLevels(node, node.column, from, out, (level) => codeInTable(node.table, level));
        return;
      case 'isLevel':
        mapLevels(node, node.column, from, out, (level) => (node.levels.includes(level) ? 1 : 0));
        return;
      case 'levelValue':
        mapLevels(node, node.column, from, out, (level) => node.values[node.levels.indexOf(level)] ?? Number.NaN);
        return;
    }
  };

  const foldOperands = (
    node: Extract<Expression, { of: readonly Expression[] }>,
    from: number,
    out: Float64Array,
  ): void => {
    const count = out.length;
    evaluate(node.of[0] as Expression, from, out);
    for (const operand of node.of.slice(1)) {
      withValues(operand, from, count, (values) => {
        for (let i = 0; i < count; i++) {
          const a = out[i] as number;
          const b = values[i] as number;
          if (node.op === 'add') out[i] = finite(a + b);
          else if (node.op === 'multiply') out[i] = finite(a * b);
          else if (node.op === 'minimum') out[i] = Math.min(a, b);
          else if (node.op === 'maximum') out[i] = Math.max(a, b);
          else if (node.op === 'and') out[i] = a === 0 || b === 0 ? 0 : asTruth(a) * asTruth(b);
          else out[i] = a > 0 || b > 0 ? 1 : asTruth(a) + asTruth(b);
        }
      });
    }
  };

  const meanOfPresent = (operands: readonly Expression[], from: number, out: Float64Array): void => {
    const count = out.length;
    const present = borrow(count);
    present.fill(0);
    out.fill(0);
    for (const operand of operands) {
      withValues(operand, from, count, (values) => {
        for (let i = 0; i < count; i++) {
          const value = values[i] as number;
          if (Number.isNaN(value)) continue;
          out[i] = (out[i] as number) + value;
          present[i] = (present[i] as number) + 1;
        }
      });
    }
    for (let i = 0; i < count; i++) out[i] = finite((out[i] as number) / (present[i] as number));
    giveBack(present);
  };

  const chooseBranch = (node: Extract<Expression, { op: 'if' }>, from: number, out: Float64Array): void => {
    const count = out.length;
    evaluate(node.otherwise, from, out);
    withValues(node.when, from, count, (when) => {
      withValues(node.then, from, count, (chosen) => {
        for (let i = 0; i < count; i++) if ((when[i] as number) > 0) out[i] = chosen[i] as number;
      });
    });
  };

  return { evaluate };
}

type ColumnOfKind = { number: NumberColumn; category: CategoryColumn; date: DateColumn };

function columnOf<K extends keyof ColumnOfKind>(frame: Frame, name: string, kind: K): ColumnOfKind[K] {
  const column: Column = getColumn(frame, name);
  if (column.kind === kind) return column as ColumnOfKind[K];
  throw new StudioError('data.type', `Column "${name}" is of kind ${column.kind}, the recipe expects ${kind}.`, {
    where: { column: name },
    fix: `Give "${name}" as a ${kind}.`,
  });
}

function noSnapshotDay(column: string): StudioError {
  return new StudioError('data.date', `The age of "${column}" cannot be told: the table names no snapshot day.`, {
    where: { column },
    fix: 'Give the day the table was taken (as_of, --as-of), as YYYY-MM-DD.',
  });
}

/** A result as features have it: NaN where it is not finite. */
export function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}

/** 1, 0 or NaN of a number used as a truth. */
export function asTruth(value: number): number {
  return Number.isNaN(value) ? value : value > 0 ? 1 : 0;
}

/** 1, 0, or NaN where an operand is missing. */
export function compare(by: Comparison, left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  switch (by) {
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '=':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
  }
}

/** How many of the ascending numbers are at most `value`. */
export function countAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending numbers are below `value`. */
function countBelow(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rank of a value among evenly spaced quantiles, 0 to 1; see the operator. */
export function percentileOf(quantiles: readonly number[], value: number): number {
  if (Number.isNaN(value) || quantiles.length < 2) return Number.NaN;
  const last = quantiles.length - 1;
  if (value < (quantiles[0] as number)) return 0;
  if (value > (quantiles[last] as number)) return 1;
  const below = countBelow(quantiles, value);
  const atMost = countAtMost(quantiles, value);
  // Tied with quantiles below … atMost - 1: their middle. Otherwise between atMost - 1 and atMost.
  if (below < atMost) return (below + atMost - 1) / 2 / last;
  const left = quantiles[atMost - 1] as number;
  const right = quantiles[atMost] as number;
  return (atMost - 1 + (value - left) / (right - left)) / last;
}

/** Code of a level; the last one for rare levels, NaN for unseen ones. */
export function codeInTable(table: LevelTable, level: string): number {
  const code = table.levels.indexOf(level);
  if (code >= 0) return code;
  return table.rare.includes(level) ? table.levels.length - 1 : Number.NaN;
}

/** Parts of a day count since 1970-01-01 (a Thursday), proleptic Gregorian: H. Hinnant, "chrono-compatible date algorithms". */
export function datePartOf(days: number, part: DatePart): number {
  if (!(Math.abs(days) < 1e8)) return Number.NaN;
  const day = Math.floor(days);
  if (part === 'hour') return Math.floor((days - day) * 24 + 1e-6);
  if (part === 'weekday') return ((((day + 3) % 7) + 7) % 7) + 1;
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  if (part === 'dayOfMonth') return dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  if (part === 'month') return month;
  return yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
}
