import { type Column, type Frame, createFrame, getColumn } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';

/**
 * Rows put together of one customer's and others' values: of feature f, row i has the value of `others` in row
 * picks(f)[i], or the customer's own where that is negative.
 */
export function mixedRows(
  names: readonly string[],
  features: Frame,
  row: number,
  others: Frame,
  rowCount: number,
  picks: (feature: number) => Int32Array,
): Frame {
  const columns = names.map((name, feature): Column => {
    const own = getColumn(features, name);
    const other = getColumn(others, name);
    const picked = picks(feature);
    const fill = <T extends Float64Array | Int32Array>(out: T, ownValue: number, values: T): T => {
      for (let i = 0; i < rowCount; i++) {
        const from = picked[i] as number;
        out[i] = from < 0 ? ownValue : (values[from] as number);
      }
      return out;
    };
    if (own.kind === 'number' && other.kind === 'number') {
      return { kind: 'number', name, values: fill(new Float64Array(rowCount), own.values[row]!, other.values) };
    }
    if (own.kind === 'category' && other.kind === 'category') {
      const levels = [...new Set([...own.levels, ...other.levels])];
      const codeOf = new Map(levels.map((level, code) => [level, code]));
      const recoded = other.codes.map((code) => (code < 0 ? -1 : (codeOf.get(other.levels[code]!) as number)));
      return { kind: 'category', name, levels, codes: fill(new Int32Array(rowCount), own.codes[row]!, recoded) };
    }
    if (own.kind === 'date' && other.kind === 'date') {
      return { kind: 'date', name, days: fill(new Float64Array(rowCount), own.days[row]!, other.days) };
    }
    throw new StudioError(
      'data.type',
      `Feature "${name}" is of kind ${own.kind} here and ${other.kind} in the background.`,
    );
  });
  return createFrame(columns, rowCount);
}
