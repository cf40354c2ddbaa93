import type { Frame } from '../../data/frame.ts';
import { getColumn } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel } from './boosting-model.ts';

/** One feature of one row as the trees read it: a number (NaN is missing), or a category's number (see `firstCode`). */
export type ReadValue = (row: number) => number;

/** How to read each of the model's features out of a frame, whatever the order of its columns and levels. */
export function columnReaders(model: BoostingModel, features: Frame): ReadValue[] {
  return model.features.map((feature) => columnReader(feature, features));
}

function columnReader(feature: BoostingFeature, features: Frame): ReadValue {
  const column = getColumn(features, feature.name);
  if (column.kind !== feature.kind) {
    const found = `Feature "${feature.name}" is of kind ${column.kind}, the model expects ${feature.kind}.`;
    throw new StudioError('data.type', found, { where: { column: feature.name } });
  }
  if (column.kind === 'number') {
    const { values } = column;
    return (row) => values[row] as number;
  }
  if (column.kind !== 'category') throw new StudioError('internal', `"${feature.name}" has an unknown kind.`);
  const { codes } = column;
  const { firstCode = 1 } = feature;
  const none = firstCode === 0 ? Number.NaN : 0;
  const codeOf = new Map((feature.levels ?? []).map((level, index) => [level, index + firstCode]));
  const numbers = column.levels.map((level) => codeOf.get(level) ?? none);
  return (row) => {
    const code = codes[row] as number;
    return code < 0 ? none : (numbers[code] as number);
  };
}

/** Model inputs of rows[from … to), one row after the other. */
export function readRows(readers: readonly ReadValue[], from: number, to: number, out: Float64Array): void {
  const width = readers.length;
  readers.forEach((read, feature) => {
    for (let row = from, at = feature; row < to; row++, at += width) out[at] = read(row);
  });
}
