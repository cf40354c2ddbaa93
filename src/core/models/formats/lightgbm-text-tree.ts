import type { Tree } from '../boosting/boosting-model.ts';
import { categoricalBit, missingMask } from '../boosting/decision.ts';
import { type Field, type Fields, type Lines, countParts, need, partLine } from './lightgbm-text-fields.ts';
import { quote, readInteger, readLimit, readList, readReal, refuse } from './lightgbm-text-fields.ts';
import { checkLinks } from './lightgbm-text-links.ts';

/** LightGBM's own limit of num_leaves. */
const mostLeaves = 131_072;
const mostRows = 0x7fffffff;
/** Words of all category sets of a tree: codes up to 33 million. */
const mostWords = 1 << 20;
const keys = new Set(
  (
    'num_leaves num_cat split_feature split_gain threshold decision_type left_child right_child leaf_value leaf_weight ' +
    'leaf_count internal_value internal_weight internal_count cat_boundaries cat_threshold is_linear shrinkage'
  ).split(' '),
);
const linearKeys = new Set(['leaf_const', 'num_features', 'leaf_features', 'leaf_coeff']);
const trainConstant = 'Train it with linear_tree=false: the studio adds up constant leaves only.';

const int32 = (count: number) => new Int32Array(count);
const float64 = (count: number) => new Float64Array(count);

/**
 * The tree whose `Tree=` line was just read, up to its blank line: lengths, ranges and links checked before use, in
 * linear time.
 */
export function readTree(lines: Lines, featureCount: number, place: string): { tree: Tree; depth: number } {
  const { row } = lines;
  const fields = readFields(lines, place);
  const leafField = need(fields, 'num_leaves', place, row);
  const leafCount = readInteger(leafField.value, leafField, 1, mostLeaves);
  const innerCount = leafCount - 1;
  const present = (key: string): Field | undefined => {
    // LightGBM itself leaves some lists of a one-leaf tree empty.
    const field = fields.get(key);
    return field?.value === '' && leafCount === 1 ? undefined : field;
  };
  const integers = (key: string, low: number, high: number): Int32Array => {
    const read = (text: string, field: Field) => readInteger(text, field, low, high);
    return leafCount === 1 ? int32(0) : readList(need(fields, key, place, row), innerCount, int32, read);
  };
  const counts = (key: string, count: number): Int32Array => {
    const field = present(key);
    return field ? readList(field, count, int32, (text) => readInteger(text, field, 0, mostRows)) : int32(count);
  };
  const reals = (key: string, count: number): Float64Array => {
    const field = present(key);
    return field ? readList(field, count, float64, readReal) : float64(count);
  };
  const types = fields.has('decision_type') ? Uint8Array.from(integers('decision_type', 0, 11)) : undefined;
  const sets = readCategorySets(fields, innerCount, place, row);
  const shrinkage = fields.get('shrinkage');
  const tree: Tree = {
    leafCount,
    splitFeature: integers('split_feature', 0, featureCount - 1),
    threshold:
      leafCount === 1 ? float64(0) : readList(need(fields, 'threshold', place, row), innerCount, float64, readLimit),
    decisionType: types ?? new Uint8Array(innerCount),
    leftChild: integers('left_child', -leafCount, innerCount - 1),
    rightChild: integers('right_child', -leafCount, innerCount - 1),
    splitGain: reals('split_gain', innerCount),
    leafValue: readList(need(fields, 'leaf_value', place, row), leafCount, float64, readReal),
    leafWeight: reals('leaf_weight', leafCount),
    leafCountRows: counts('leaf_count', leafCount),
    internalValue: reals('internal_value', innerCount),
    internalWeight: reals('internal_weight', innerCount),
    internalCount: counts('internal_count', innerCount),
    ...sets,
    shrinkage: shrinkage ? readReal(shrinkage.value, shrinkage) : 1,
  };
  checkDecisions(tree, fields);
  return { tree, depth: checkLinks(tree, place, fields.get('left_child')?.row ?? row) };
}

/** The lines of one tree; a key that is not LightGBM's could change what the tree means. */
function readFields(lines: Lines, place: string): Fields {
  const fields = new Map<string, Field>();
  for (let line = lines.read(); line; line = lines.read()) {
    const { row } = lines;
    const { key, value } = partLine(line);
    if (linearKeys.has(key)) throw refuse(`${place} is a linear tree (${key})`, row, key, trainConstant);
    if (!keys.has(key)) throw refuse(`${place} has a line ${quote(key)} that is not LightGBM's`, row);
    if (value === undefined) throw refuse(`${place} has ${key} without "="`, row, key);
    if (fields.has(key)) throw refuse(`${place} has ${key} twice`, row, key);
    if (key === 'is_linear' && value !== '0')
      throw refuse(`${place} is a linear tree (is_linear=${value.slice(0, 8)})`, row, key, trainConstant);
    fields.set(key, { key, value, row });
  }
  return fields;
}

function readCategorySets(fields: Fields, innerCount: number, place: string, row: number) {
  const countField = need(fields, 'num_cat', place, row);
  const setCount = readInteger(countField.value, countField, 0, innerCount);
  if (setCount === 0) {
    const stray = fields.get('cat_boundaries') ?? fields.get('cat_threshold');
    if (stray) throw refuse(`${place} has ${stray.key}, but num_cat is 0`, stray.row, stray.key);
    return { catBoundaries: new Int32Array(0), catThreshold: new Uint32Array(0) };
  }
  const words = need(fields, 'cat_threshold', place, row);
  const wordCount = countParts(words);
  if (wordCount > mostWords) {
    const fix = 'Number the categories from 0 and train again.';
    throw refuse(
      `${place} has ${wordCount} words of category sets, at most ${mostWords} are read`,
      words.row,
      words.key,
      fix,
    );
  }
  const ends = need(fields, 'cat_boundaries', place, row);
  const readEnd = (text: string): number => readInteger(text, ends, 0, wordCount);
  const catBoundaries = readList(ends, setCount + 1, int32, readEnd);
  const rises = catBoundaries.every((end, set) => set === 0 || end > (catBoundaries[set - 1] as number));
  if (catBoundaries[0] !== 0 || catBoundaries[setCount] !== wordCount || !rises) {
    throw refuse(`${place} has cat_boundaries that do not rise from 0 to ${wordCount}`, ends.row, ends.key);
  }
  const readWord = (text: string): number => readInteger(text, words, 0, 0xffffffff);
  const catThreshold = readList(words, wordCount, (count) => new Uint32Array(count), readWord);
  return { catBoundaries, catThreshold };
}

function checkDecisions({ decisionType, threshold, catBoundaries }: Tree, fields: Fields): void {
  const setCount = Math.max(0, catBoundaries.length - 1);
  decisionType.forEach((type, node) => {
    if ((type & missingMask) === missingMask) {
      throw refuse(`node ${node} has decision_type ${type}`, fields.get('decision_type')?.row, 'decision_type');
    }
    const value = threshold[node] as number;
    if (type & categoricalBit && !(Number.isInteger(value) && value >= 0 && value < setCount)) {
      const what = `node ${node} asks for category set ${value} of ${setCount}`;
      throw refuse(what, fields.get('threshold')?.row, 'threshold');
    }
  });
}
