import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel } from '../boosting/boosting-model.ts';
import { missingPlaceholder } from './lightgbm-text.ts';
import type { Fields } from './lightgbm-text-fields.ts';
import { readFields, refuse, split } from './lightgbm-text-fields.ts';
import { readTree } from './lightgbm-text-tree.ts';

/**
 * Reads a binary model in LightGBM's text format (v3 and v4), ours or LightGBM's own, as one reads a stranger's file:
 * every number and every link is checked, in linear time. A category column keeps its levels only where the file was
 * written with a placeholder for missing first; else its codes are read as numbers, as LightGBM itself does.
 * Throws `model.format`.
 */
export function readLightgbmText(text: string): BoostingModel {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines[0] !== 'tree') throw refuse('the first line is not "tree"', 1);
  const firstTree = lines.findIndex((line) => line.startsWith('Tree='));
  const header = readFields(lines, 1, firstTree < 0 ? lines.length : firstTree);
  checkHeader(header);
  const names = split(header.get('feature_names'));
  const infos = split(header.get('feature_infos'));
  const count = Number(header.get('max_feature_idx')) + 1;
  if (!(count >= 1) || names.length !== count || infos.length !== count) {
    throw refuse(`max_feature_idx says ${count} features; ${names.length} names and ${infos.length} infos follow`);
  }
  const trees = [];
  let at = firstTree < 0 ? lines.length : firstTree;
  while (at < lines.length && lines[at] !== 'end of trees') {
    if (lines[at] === '') {
      at++;
      continue;
    }
    if (lines[at] !== `Tree=${trees.length}`) throw refuse(`expected Tree=${trees.length}`, at + 1);
    let end = at + 1;
    while (end < lines.length && lines[end] !== '') end++;
    trees.push(readTree(readFields(lines, at + 1, end), count, `tree ${trees.length}`));
    at = end;
  }
  const features = readFeatures(names, infos, lines);
  return { kind: 'boosting', features, trees, parameters: {} };
}

function checkHeader(header: Fields): void {
  if (header.get('num_class') !== '1') throw refuse('it is not a model of two classes (num_class=1)');
  if ((header.get('num_tree_per_iteration') ?? '1') !== '1') throw refuse('num_tree_per_iteration is not 1');
  if (header.has('average_output')) throw refuse('random forests (average_output) are not supported');
  const objective = header.get('objective') ?? 'binary sigmoid:1';
  if (objective !== 'binary sigmoid:1' && objective !== 'cross_entropy') {
    throw refuse(`the objective "${objective.slice(0, 60)}" is not "binary sigmoid:1"`);
  }
}

function readFeatures(names: readonly string[], infos: readonly string[], lines: readonly string[]): BoostingFeature[] {
  const categories = readPandasCategories(lines);
  const positions = infos.flatMap((info, index) => (info.startsWith('-1') ? [index] : []));
  const levelsAt = new Map<number, readonly string[]>();
  // Unused category columns have the info "none": only a full match says which list belongs to which column.
  if (categories.length === positions.length) {
    positions.forEach((position, i) => {
      const [first, ...levels] = categories[i] as readonly unknown[];
      const named = levels.every((level) => typeof level === 'string');
      if (typeof first === 'string' && first.startsWith(missingPlaceholder) && named) levelsAt.set(position, levels);
    });
  }
  return names.map((name, index) => {
    const levels = levelsAt.get(index);
    const info = infos[index] as string;
    return levels ? { name, kind: 'category', levels, info } : { name, kind: 'number', info };
  });
}

function readPandasCategories(lines: readonly string[]): readonly (readonly unknown[])[] {
  const prefix = 'pandas_categorical:';
  const line = lines.findLast((each) => each !== '');
  if (!line?.startsWith(prefix)) return [];
  try {
    const lists: unknown = JSON.parse(line.slice(prefix.length));
    return Array.isArray(lists) ? lists.map((list: unknown) => (Array.isArray(list) ? list : [])) : [];
  } catch (cause) {
    throw new StudioError('model.format', 'The pandas_categorical line of model.txt is not JSON.', { cause });
  }
}
