import { type Column, type Frame, findColumn, getColumn, takeRows } from '../../../data/frame.ts';
import { calibrate } from '../../../evaluation/calibration/calibrator.ts';
import { applyRecipeNow } from '../../../features/apply.ts';
import { scoreRows } from '../../../models/score-rows.ts';
import { propensityOf } from '../../../scoring/propensity.ts';
import { getDataset, getPrepared, type ScoredModel, type StudyHost, type StudyState } from '../state.ts';

/** Raw customers of these rows, with the columns that features are made of and the day of each. */
export interface RawRows {
  readonly frame: Frame;
  readonly asOf?: number | Float64Array;
}

export function rawRows(state: StudyState, rows: Uint32Array): RawRows {
  const { frame, asOf } = getDataset(state).table;
  const needed = new Set(getPrepared(state).recipe.features.flatMap(({ columns }) => columns));
  const kept = { ...frame, columns: frame.columns.filter(({ name }) => needed.has(name)) };
  return {
    frame: takeRows(kept, rows),
    ...(asOf === undefined
      ? {}
      : { asOf: typeof asOf === 'number' ? asOf : Float64Array.from(rows, (row) => asOf[row]!) }),
  };
}

export function featuresOf(state: StudyState, { frame, asOf }: RawRows): Frame {
  return applyRecipeNow(getPrepared(state).recipe, { frame, ...(asOf === undefined ? {} : { asOf }) });
}

/** The frame with one column holding these numbers: values, days, or codes of its levels (−1 and NaN are missing). */
export function withValues(frame: Frame, name: string, values: Float64Array): Frame {
  const change = (column: Column): Column => {
    switch (column.kind) {
      case 'number':
        return { ...column, values };
      case 'date':
        return { ...column, days: values };
      case 'category':
        return { ...column, codes: Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value)) };
      case 'text':
        return column;
    }
  };
  return { ...frame, columns: frame.columns.map((column) => (column.name === name ? change(column) : column)) };
}

/** A column as numbers: values, days, codes; NaN where missing. */
export function numbersOf(column: Column): Float64Array {
  switch (column.kind) {
    case 'number':
      return column.values;
    case 'date':
      return column.days;
    case 'category':
      return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code));
    case 'text':
      return new Float64Array(column.offsets.length - 1).fill(Number.NaN);
  }
}

/** A raw column that features are made of, or a feature; with raw columns first where both have the name. */
export function columnOf(state: StudyState, name: string): { readonly column: Column; readonly isRaw: boolean } {
  const { recipe, features } = getPrepared(state);
  const isRaw = recipe.features.some(({ columns }) => columns.includes(name));
  const raw = isRaw ? findColumn(getDataset(state).table.frame, name) : undefined;
  return raw ? { column: raw, isRaw } : { column: getColumn(features, name), isRaw: false };
}

/** The plain words of a raw column or a feature. */
export function wordsOf(state: StudyState, name: string): string {
  const raw = getDataset(state).table.schema.columns.find((column) => column.name === name)?.description;
  return raw || (getPrepared(state).recipe.features.find((feature) => feature.name === name)?.description ?? name);
}

/** Raw scores of any features, by the host's kernels. */
export async function rawScoresOf(host: StudyHost, { trained }: ScoredModel, features: Frame): Promise<Float64Array> {
  return scoreRows(trained.model, features, { kernels: await host.kernels });
}

export const probabilityOf = ({ calibrator }: ScoredModel, raw: Float64Array): Float64Array =>
  calibrate(calibrator, raw);

export const shownPropensity = ({ centre }: ScoredModel, raw: Float64Array): Float64Array => propensityOf(raw, centre);
