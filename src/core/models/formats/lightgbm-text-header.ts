import type { BoostingObjective } from '../boosting/boosting-model.ts';
import { type Field, type Fields, type Lines, countParts, need, partLine } from './lightgbm-text-fields.ts';
import { quote, readInteger, readReal, refuse } from './lightgbm-text-fields.ts';

/** LightGBM writes eleven lines; some tools add their own. */
const mostLines = 1000;
const mostFeatures = 10_000_000;
const oneBinary = 'Train one model of a yes/no label: objective=binary (or cross_entropy).';
const info = /^(?:none|\[[-+.\w]{1,40}:[-+.\w]{1,40}\]|-?\d+(?::-?\d+)*)$/;

export interface Header {
  readonly objective: BoostingObjective;
  readonly averageOutput: boolean;
  readonly names: readonly string[];
  readonly infos: readonly string[];
  /** Bytes of each tree with its blank lines, counted with LF ends; absent where the file does not say. */
  readonly treeSizes: Field | undefined;
  /** The line that ended the header: `Tree=0`, or `end of trees`. */
  readonly end: string | undefined;
}

/** The lines before the first tree, as strict as LightGBM: what decides the scores must be there and be understood. */
export function readHeader(lines: Lines): Header {
  const first = lines.read();
  if (first !== 'tree') throw refuse(`it begins with ${quote(first ?? '')}, not with "tree"`, 1);
  const { fields, end } = readFields(lines);
  const version = fields.get('version');
  if (version && !/^v[234]$/.test(version.value)) {
    const fix = 'Save it with LightGBM 2.2 to 4.x.';
    throw refuse(`its version is ${quote(version.value)}; v2, v3 and v4 are known`, version.row, 'version', fix);
  }
  checkClasses(fields);
  need(fields, 'label_index', 'the header', 1);
  const last = need(fields, 'max_feature_idx', 'the header', 1);
  const count = readInteger(last.value, last, 0, mostFeatures) + 1;
  return {
    objective: readObjective(fields),
    averageOutput: fields.has('average_output'),
    names: readNames(fields, count),
    infos: readInfos(fields, count),
    treeSizes: fields.get('tree_sizes'),
    end,
  };
}

function readFields(lines: Lines): { fields: Fields; end: string | undefined } {
  const fields = new Map<string, Field>();
  let line = lines.read();
  for (; line !== undefined && !line.startsWith('Tree=') && line !== 'end of trees'; line = lines.read()) {
    if (line === '') continue;
    const { row } = lines;
    if (row > mostLines) throw refuse(`no tree begins within ${mostLines} lines`, row);
    const { key, value } = partLine(line);
    // A bare word is a switch: average_output is the only one that is known.
    if ((value === undefined) !== (key === 'average_output')) throw refuse(`the line ${quote(line)} is unknown`, row);
    if (fields.has(key)) throw refuse(`${quote(key)} stands twice in the header`, row, key);
    fields.set(key, { key, value: value ?? '', row });
  }
  return { fields, end: line };
}

function checkClasses(fields: Fields): void {
  const classes = need(fields, 'num_class', 'the header', 1);
  const perRound = fields.get('num_tree_per_iteration');
  for (const field of perRound ? [classes, perRound] : [classes]) {
    const { value, row, key } = field;
    if (value !== '1')
      throw refuse(`it is a model of several classes (${key}=${value.slice(0, 12)})`, row, key, oneBinary);
  }
}

function readObjective(fields: Fields): BoostingObjective {
  const field = fields.get('objective');
  if (!field) {
    const fix = 'If its raw scores are log-odds, add the line objective=binary sigmoid:1 after max_feature_idx.';
    throw refuse('it names no objective, so that its scores may mean anything', 1, 'objective', fix);
  }
  const { value, row, key } = field;
  // LightGBM 2.1 and before said xentropy.
  if (value === 'cross_entropy' || value === 'xentropy') return { name: 'cross_entropy', sigmoid: 1 };
  const sigmoidText = value.startsWith('binary sigmoid:') ? value.slice('binary sigmoid:'.length) : undefined;
  if (sigmoidText === undefined) throw refuse(`its objective is ${quote(value)}`, row, key, oneBinary);
  const sigmoid = readReal(sigmoidText, field);
  if (!(sigmoid > 0)) throw refuse(`its sigmoid is ${sigmoid}, not above 0`, row, key, oneBinary);
  return { name: 'binary', sigmoid };
}

function readNames(fields: Fields, count: number): readonly string[] {
  const names = readWords(fields, 'feature_names', count);
  const { row, key } = need(fields, 'feature_names', 'the header', 1);
  const empty = names.indexOf('');
  if (empty >= 0) throw refuse(`feature ${empty} has no name`, row, key);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw refuse(`the feature ${quote(name)} stands twice`, row, key);
    seen.add(name);
  }
  return names;
}

function readInfos(fields: Fields, count: number): readonly string[] {
  const infos = readWords(fields, 'feature_infos', count);
  const odd = infos.find((each) => !info.test(each));
  if (odd !== undefined) {
    throw refuse(`feature_infos holds ${quote(odd)}`, fields.get('feature_infos')?.row, 'feature_infos');
  }
  return infos;
}

function readWords(fields: Fields, name: string, count: number): readonly string[] {
  const field = need(fields, name, 'the header', 1);
  const found = countParts(field);
  if (found !== count) throw refuse(`${name} has ${found} words for ${count} features`, field.row, name);
  return field.value.split(' ');
}
