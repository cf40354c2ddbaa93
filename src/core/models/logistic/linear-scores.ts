import type { Frame } from '../../data/frame.ts';
import { getColumn } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { EncodedColumn, Encoding } from '../encoding.ts';

/**
 * Intercept + Σ coefficient × input of the chosen rows (all by default). Every row is summed alone, from the intercept
 * through the columns in the encoding's order, so the bits do not depend on which rows come together.
 */
export function linearScores(
  encoding: Encoding,
  intercept: number,
  coefficients: Float64Array,
  features: Frame,
  rows: Uint32Array = allRows(features.rowCount),
): Float64Array {
  const scores = new Float64Array(rows.length).fill(intercept);
  for (const column of encoding.columns) addColumn(scores, column, coefficients, features, rows);
  return scores;
}

function addColumn(
  scores: Float64Array,
  encoded: EncodedColumn,
  coefficients: Float64Array,
  features: Frame,
  rows: Uint32Array,
): void {
  const column = getColumn(features, encoded.name);
  const { slot } = encoded;
  if (encoded.kind === 'number' && column.kind === 'number') {
    const { mean, scale } = encoded;
    const coefficient = coefficients[slot] as number;
    const whenMissing = encoded.missingIndicator ? (coefficients[slot + 1] as number) : 0;
    for (let i = 0; i < rows.length; i++) {
      const value = column.values[rows[i] as number] as number;
      scores[i] = (scores[i] as number) + (value === value ? ((value - mean) / scale) * coefficient : whenMissing);
    }
    return;
  }
  if (encoded.kind === 'category' && column.kind === 'category') {
    const ofLevel = Float64Array.from(column.levels, (level) => {
      const place = encoded.levels.indexOf(level);
      return place < 0 ? 0 : (coefficients[slot + place] as number);
    });
    for (let i = 0; i < rows.length; i++) {
      const code = column.codes[rows[i] as number] as number;
      if (code >= 0) scores[i] = (scores[i] as number) + (ofLevel[code] as number);
    }
    return;
  }
  throw new StudioError(
    'data.type',
    `Feature "${encoded.name}" is of kind ${column.kind}, the model expects ${encoded.kind}.`,
    {
      where: { column: encoded.name },
    },
  );
}

function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
