import type { Column, Frame } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel } from '../boosting/boosting-model.ts';
import { exportedNames } from './lightgbm-text.ts';

const shown = 8;

/**
 * A foreign model with its features named as the frame's columns are. A feature is met by its name, or by the name that
 * an export gives it (blanks and punctuation become "_"); never by its place. Categories are met by value, so a feature
 * trained by pandas needs a category column (or a number column, where its categories are numbers), any other feature a
 * number column. Throws `data.missing-column` naming every feature that is not there, and `data.type`.
 */
export function bindFeatures(model: BoostingModel, frame: Frame): BoostingModel {
  const exported = exportedNames(frame.columns);
  const byExport = new Map(frame.columns.map((column, index) => [exported[index] as string, column]));
  const byName = new Map(frame.columns.map((column) => [column.name, column]));
  const columns = model.features.map(({ name }) => byName.get(name) ?? byExport.get(name));
  const missing = model.features.filter((_, index) => !columns[index]).map(({ name }) => name);
  if (missing.length > 0) throw missingFeatures(missing, model.features.length);
  const features = model.features.map((feature, index) => {
    const column = columns[index] as Column;
    checkKind(feature, column);
    return { ...feature, name: column.name };
  });
  const taken = new Set<string>();
  for (const feature of features) {
    const { name } = feature;
    if (taken.has(name)) throw unfit(feature, `Two features of the model mean the column "${name}".`, 'Rename one.');
    taken.add(name);
  }
  return { ...model, features };
}

function missingFeatures(missing: readonly string[], of: number): StudioError {
  const list = missing.slice(0, shown).map((name) => `"${name.slice(0, 60)}"`);
  const more = missing.length > shown ? ` and ${missing.length - shown} more` : '';
  const isUnnamed = missing.every((name) => /^Column_\d+$/.test(name));
  const what = `Of the model's ${of} features, ${missing.length} are not among this study's: ${list.join(', ')}${more}.`;
  return new StudioError('data.missing-column', what, {
    where: { column: missing[0] as string },
    fix: isUnnamed
      ? 'The model was trained on columns without names, and places are not guessed: save it with feature_name set.'
      : 'Build features of these names, or train the model on the features exported from this study.',
  });
}

function checkKind(feature: BoostingFeature, column: Column): void {
  const { name, kind, levels = [] } = feature;
  if (kind === 'number') {
    if (column.kind === 'number') return;
    const what = `Feature "${name}" is a number to the model, "${column.name}" is of kind ${column.kind}.`;
    const fix = 'Train from a pandas table, whose model keeps the categories by name, or give the codes as numbers.';
    throw unfit(feature, what, fix);
  }
  const known = new Set(levels);
  if (column.kind === 'category') {
    if (column.levels.length === 0 || column.levels.some((level) => known.has(level))) return;
    const found = column.levels.slice(0, 3).join(', ');
    const what = `None of the categories of "${column.name}" (${found}) is known to the model (${levels.slice(0, 3).join(', ')}).`;
    throw unfit(feature, what, 'Spell the categories as they were when the model was trained.');
  }
  if (column.kind === 'number' && levels.some((level) => String(Number(level)) === level)) return;
  const what = `Feature "${name}" has categories, "${column.name}" is of kind ${column.kind}.`;
  throw unfit(feature, what, 'Give the categories as they were when the model was trained.');
}

function unfit({ name }: BoostingFeature, what: string, fix: string): StudioError {
  return new StudioError('data.type', what, { where: { column: name }, fix });
}
