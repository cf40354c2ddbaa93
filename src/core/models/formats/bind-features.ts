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
export function bindFeatures(model: BoostingModel, frame: Pick<Frame, 'columns'>, file = 'model.txt'): BoostingModel {
  const exported = exportedNames(frame.columns);
  const byExport = new Map(frame.columns.map((column, index) => [exported[index] as string, column]));
  const byName = new Map(frame.columns.map((column) => [column.name, column]));
  const columns = model.features.map(({ name }) => byName.get(name) ?? byExport.get(name));
  const missing = model.features.filter((_, index) => !columns[index]).map(({ name }) => name);
  if (missing.length > 0) throw missingFeatures(missing, model.features.length, file);
  const features = model.features.map((feature, index) => {
    const column = columns[index] as Column;
    const trouble = kindTrouble(feature, column);
    if (trouble) throw unfit(feature, file, trouble);
    return { ...feature, name: column.name };
  });
  const taken = new Set<string>();
  for (const feature of features) {
    const { name } = feature;
    if (taken.has(name)) {
      throw unfit(feature, file, [`Two features of the model mean the column "${name}".`, 'Rename one of them.']);
    }
    taken.add(name);
  }
  return { ...model, features };
}

function missingFeatures(missing: readonly string[], of: number, file: string): StudioError {
  const list = missing.slice(0, shown).map((name) => `"${name.slice(0, 60)}"`);
  const more = missing.length > shown ? ` and ${missing.length - shown} more` : '';
  const isUnnamed = missing.every((name) => /^Column_\d+$/.test(name));
  const what = `Of the ${of} features in ${file}, ${missing.length} are not among this study's: ${list.join(', ')}${more}.`;
  return new StudioError('data.missing-column', what, {
    where: { file, column: missing[0] as string },
    fix: isUnnamed
      ? 'The model was trained on columns without names, and places are not guessed: save it with feature_name set.'
      : "Train it on the study's features (Features page, download), or build features of these names here.",
  });
}

type Trouble = readonly [what: string, fix: string];

function kindTrouble({ name, kind, levels = [] }: BoostingFeature, column: Column): Trouble | undefined {
  if (kind === 'number') {
    if (column.kind === 'number') return undefined;
    const what = `Feature "${name}" is a number to the model, "${column.name}" is of kind ${column.kind}.`;
    return [what, 'Train from a pandas table, whose model keeps categories by name, or give the codes as numbers.'];
  }
  if (column.kind === 'category') {
    const known = new Set(levels);
    if (column.levels.length === 0 || column.levels.some((level) => known.has(level))) return undefined;
    const [given, expected] = [column.levels, levels].map((each) => each.slice(0, 3).join(', '));
    const what = `No category of "${column.name}" (${given}) is known to the model (${expected}).`;
    return [what, 'Spell the categories as they were when the model was trained.'];
  }
  // pandas has categories that are numbers.
  if (column.kind === 'number' && levels.some((level) => String(Number(level)) === level)) return undefined;
  const what = `Feature "${name}" has categories, "${column.name}" is of kind ${column.kind}.`;
  return [what, 'Give the categories as they were when the model was trained.'];
}

function unfit({ name }: BoostingFeature, file: string, [what, fix]: Trouble): StudioError {
  return new StudioError('data.type', what, { where: { file, column: name }, fix });
}
