import type { Column, Frame } from '../../data/frame.ts';
import { getColumn } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel } from './boosting-model.ts';

/** A feature as the trees read it: numbers (NaN is missing), or a category's number (see `firstCode` and `statistic`) by code + 1. */
export type ModelColumn =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'category'; readonly codes: Int32Array; readonly numbers: Float64Array };

/** The model's features in a frame, whatever the order of its columns and levels. */
export function columnReaders(model: BoostingModel, features: Frame): ModelColumn[] {
  return model.features.map((feature, index) => {
    // Most frames hold the model's columns in its order: no search through all names for each.
    const expected = features.columns[index];
    return readColumn(feature, expected?.name === feature.name ? expected : getColumn(features, feature.name));
  });
}

function readColumn(feature: BoostingFeature, column: Column): ModelColumn {
  if (column.kind === 'number' && feature.firstCode === 0) {
    // pandas has categories that are numbers.
    const codeOf = new Map(feature.levels?.map((level, code) => [level, code]));
    return { kind: 'number', values: column.values.map((value) => codeOf.get(String(value)) ?? Number.NaN) };
  }
  if (column.kind !== feature.kind) {
    const found = `Feature "${feature.name}" is of kind ${column.kind}, the model expects ${feature.kind}.`;
    throw new StudioError('data.type', found, { where: { column: feature.name } });
  }
  if (column.kind === 'number') return column;
  if (column.kind !== 'category') throw new StudioError('internal', `"${feature.name}" has an unknown kind.`);
  return { kind: 'category', codes: column.codes, numbers: numbersOf(feature, column.levels) };
}

interface KnownLevels {
  readonly levels: readonly string[];
  readonly numbers: Float64Array;
}

/** Customers who come one by one bring the same list of levels: its numbers are kept for the next. */
const known = new WeakMap<BoostingFeature, KnownLevels>();

function numbersOf(feature: BoostingFeature, levels: readonly string[]): Float64Array {
  const last = known.get(feature);
  if (last?.levels === levels) return last.numbers;
  const { firstCode = 1, statistic } = feature;
  const none = firstCode === 0 ? Number.NaN : 0;
  const numberOf = new Map(
    (feature.levels ?? []).map((level, index) => [level, statistic?.levels[index] ?? index + firstCode]),
  );
  const numbers = new Float64Array(levels.length + 1).fill(statistic?.missing ?? none);
  levels.forEach((level, code) => {
    numbers[code + 1] = numberOf.get(level) ?? statistic?.unseen ?? none;
  });
  known.set(feature, { levels, numbers });
  return numbers;
}

/** Model inputs of rows[from … to), one row after the other. */
export function readRows(columns: readonly ModelColumn[], from: number, to: number, out: Float64Array): void {
  const width = columns.length;
  for (let feature = 0; feature < width; feature++) {
    const column = columns[feature] as ModelColumn;
    if (column.kind === 'number') {
      const { values } = column;
      for (let row = from, at = feature; row < to; row++, at += width) out[at] = values[row] as number;
    } else {
      const { codes, numbers } = column;
      for (let row = from, at = feature; row < to; row++, at += width) {
        out[at] = numbers[(codes[row] as number) + 1] as number;
      }
    }
  }
}
