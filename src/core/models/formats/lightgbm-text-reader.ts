import type { BoostingFeature, BoostingModel, Tree } from '../boosting/boosting-model.ts';
import type { Field } from './lightgbm-text-fields.ts';
import { Lines, quote, readInteger, readList, refuse } from './lightgbm-text-fields.ts';
import { type Header, readHeader } from './lightgbm-text-header.ts';
import { readSections } from './lightgbm-text-sections.ts';
import { readTree } from './lightgbm-text-tree.ts';
import { type Levels, readPandasCategories } from './pandas-categories.ts';

const mostBytes = 256 * 1024 * 1024;
const mostTrees = 100_000;
/** Decisions that one row may need in all trees together: some ten milliseconds. */
const mostDecisions = 1_000_000;
/** The largest score, far from overflow. */
const mostScore = 1e300;
const fewer = 'Train with fewer or smaller trees.';
const sizesFix = 'Save the model again with LightGBM, or remove the tree_sizes line after editing by hand.';

/** `readLightgbmText` of a file: UTF-8, at most 256 MiB. */
export function readLightgbmFile(bytes: Uint8Array): BoostingModel {
  if (bytes.length > mostBytes) {
    throw refuse(
      `it has ${Math.ceil(bytes.length / 2 ** 20)} MiB, at most ${mostBytes / 2 ** 20} are read`,
      1,
      '',
      fewer,
    );
  }
  const text = new TextDecoder().decode(bytes);
  const broken = text.indexOf('\ufffd');
  if (broken >= 0) {
    let row = 1;
    for (let at = text.indexOf('\n'); at >= 0 && at < broken; at = text.indexOf('\n', at + 1)) row++;
    throw refuse('it is not UTF-8', row, undefined, 'Save it as UTF-8, feature names and categories included.');
  }
  return readLightgbmText(text);
}

/**
 * Reads a binary model in LightGBM's text format (v2 of LightGBM 2.2 to v4), ours or LightGBM's own, as one reads a
 * stranger's file: every number and link is checked before use, in linear time, and nothing is allocated by a count
 * that the file only claims. What it accepts scores finite and is what LightGBM 4 makes of it.
 *
 * Columns trained by pandas as categories keep their values as levels, and are met by value; a column whose categories
 * are codes is a number column of such codes. Throws `model.format` with line, field and fix.
 */
export function readLightgbmText(text: string): BoostingModel {
  const lines = new Lines(text);
  const header = readHeader(lines);
  const trees = readTrees(lines, header);
  const { parameters, pandasCategorical } = readSections(lines);
  const levels = pandasCategorical
    ? readPandasCategories(
        pandasCategorical.text,
        pandasCategorical.row,
        header.infos,
        Object.hasOwn(parameters, 'categorical_feature') ? parameters['categorical_feature'] : undefined,
      )
    : new Map<number, Levels>();
  const features = header.names.map((name, index): BoostingFeature => {
    const info = header.infos[index] as string;
    const own = levels.get(index);
    return own ? { name, kind: 'category', ...own, info } : { name, kind: 'number', info };
  });
  const isPandas = features.some(({ firstCode }) => firstCode === 0);
  return {
    kind: 'boosting',
    features,
    trees,
    parameters,
    ...(header.objective.name === 'binary' && header.objective.sigmoid === 1 ? {} : { objective: header.objective }),
    ...(header.averageOutput ? { averageOutput: true } : {}),
    ...(pandasCategorical && isPandas ? { pandasCategorical: pandasCategorical.text } : {}),
  };
}

function readTrees(lines: Lines, { names, objective, treeSizes, end }: Header): Tree[] {
  const trees: Tree[] = [];
  const starts: number[] = [];
  let decisions = 0;
  let largest = 0;
  let line = end;
  for (; line !== 'end of trees'; line = nextLine(lines)) {
    if (line === undefined) {
      throw refuse(`"end of trees" is missing after ${trees.length} trees: the file is cut off`, lines.row);
    }
    if (line !== `Tree=${trees.length}`) {
      throw refuse(`${quote(line)} stands where Tree=${trees.length} or "end of trees" should`, lines.row, 'Tree');
    }
    if (trees.length >= mostTrees) throw refuse(`it has more than ${mostTrees} trees`, lines.row, 'Tree', fewer);
    const { row } = lines;
    starts.push(lines.place);
    const { tree, depth } = readTree(lines, names.length, `tree ${trees.length}`);
    trees.push(tree);
    decisions += depth;
    largest += tree.leafValue.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (decisions > mostDecisions) {
      throw refuse(`a row needs more than ${mostDecisions} decisions to be scored`, row, 'Tree', fewer);
    }
    if (!(largest * Math.max(1, objective.sigmoid) <= mostScore)) {
      throw refuse('its leaf values can add up to more than any number', row, 'leaf_value');
    }
  }
  if (trees.length === 0) throw refuse('it has no tree', lines.row, 'Tree');
  starts.push(lines.place);
  if (treeSizes) checkSizes(treeSizes, starts);
  return trees;
}

function nextLine(lines: Lines): string | undefined {
  let line = lines.read();
  while (line === '') line = lines.read();
  return line;
}

/** LightGBM cuts the file by these figures before it looks, and dies on a wrong one. */
function checkSizes(field: Field, starts: readonly number[]): void {
  const { key, row } = field;
  const sizes = readList(
    field,
    starts.length - 1,
    (count) => new Float64Array(count),
    (text) => readInteger(text, field, 0, mostBytes),
  );
  sizes.forEach((size, tree) => {
    const found = (starts[tree + 1] as number) - (starts[tree] as number);
    if (size !== found)
      throw refuse(`tree_sizes gives tree ${tree} ${size} bytes, it has ${found}`, row, key, sizesFix);
  });
}
