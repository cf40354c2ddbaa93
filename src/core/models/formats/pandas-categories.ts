import type { BoostingFeature } from '../boosting/boosting-model.ts';
import type { ParameterValue } from '../parameters.ts';
import { quote, refuse } from './lightgbm-text-fields.ts';

/** First category of every exported category column: its code 0 stands for missing and unseen values. */
export const missingPlaceholder = '__missing__';

const field = 'pandas_categorical';
const codesInstead =
  'Train with all category columns unordered, or remove the pandas_categorical line if the columns hold codes.';

/** The text of a feature's levels, in the order of their codes. */
export type Levels = Pick<BoostingFeature, 'levels' | 'firstCode'>;

/**
 * The category columns of a model trained on a pandas table, and their categories as text (numbers as JavaScript writes
 * them, True and False). One list per category column, in column order.
 */
export function readPandasCategories(
  text: string,
  row: number,
  infos: readonly string[],
  categoricalFeature: ParameterValue | undefined,
): ReadonlyMap<number, Levels> {
  const lists = parseLists(text, row);
  if (lists.length === 0) return new Map();
  const fromInfos = infos.flatMap((info, index) => (isCategoryInfo(info) ? [index] : []));
  // A column of one category has the info "none": only the parameter names it.
  const fromParameter = readIndices(categoricalFeature, infos.length);
  const positions = [fromParameter, fromInfos].find((each) => each.length === lists.length);
  if (!positions) {
    const what = `pandas_categorical has ${lists.length} lists for ${fromInfos.length} category columns`;
    throw refuse(what, row, field, codesInstead);
  }
  const levels = lists.map((list) => levelsOf(list, row));
  const isOurs = lists.every(([first]) => typeof first === 'string' && first.startsWith(missingPlaceholder));
  return new Map(
    positions.map((position, i): [number, Levels] => {
      const own = levels[i] as readonly string[];
      return [position, isOurs ? { levels: own.slice(1) } : { levels: own, firstCode: 0 }];
    }),
  );
}

function parseLists(text: string, row: number): readonly (readonly unknown[])[] {
  let lists: unknown;
  try {
    lists = JSON.parse(text);
  } catch {
    throw refuse('pandas_categorical is not JSON', row, field);
  }
  if (lists === null) return [];
  if (!Array.isArray(lists) || !lists.every(Array.isArray))
    throw refuse('pandas_categorical is no list of lists', row, field);
  return lists;
}

function isCategoryInfo(info: string): boolean {
  return info !== 'none' && !info.startsWith('[');
}

function readIndices(value: ParameterValue | undefined, featureCount: number): readonly number[] {
  const text = String(value ?? '');
  if (!/^\d{1,8}(?:,\d{1,8})*$/.test(text)) return [];
  const indices = text.split(',').map(Number);
  const rises = indices.every((index, i) => index < featureCount && (i === 0 || index > (indices[i - 1] as number)));
  return rises ? indices : [];
}

function levelsOf(list: readonly unknown[], row: number): readonly string[] {
  const levels = list.map((value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    throw refuse(`pandas_categorical holds ${quote(JSON.stringify(value))}, no text, number or truth`, row, field);
  });
  const seen = new Set(levels);
  if (seen.size < levels.length) {
    const twice = levels.find((level, i) => levels.indexOf(level) < i) ?? '';
    throw refuse(`pandas_categorical holds ${quote(twice)} twice in one column`, row, field);
  }
  return levels;
}
