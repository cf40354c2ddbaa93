import type { Random } from '../core/shared/random.ts';

/** Spoils a model file in one to three ways that keep its shape, as a careless editor or a hostile one would. */
export function mutateModel(text: string, other: string, random: Random): Uint8Array {
  let lines = text.split('\n');
  // With them, hardly any change in a tree would get past the first check.
  if (random.next() < 0.6) lines = lines.filter((line) => !line.startsWith('tree_sizes='));
  const times = random.next() < 0.7 ? 1 : 2 + random.integer(2);
  for (let time = 0; time < times && lines.length > 0; time++) pick(changes, random)(lines, random, other);
  const bytes = new TextEncoder().encode(lines.join(random.next() < 0.05 ? '\r\n' : '\n'));
  return random.next() < 0.15 ? pick(byteChanges, random)(bytes, random) : bytes;
}

type Change = (lines: string[], random: Random, other: string) => void;

const numbers =
  '0 -0 1 -1 2 3 7 31 32 64 255 65536 131073 2147483647 2147483648 -2147483648 -2147483649 4294967295 4294967296 ' +
  '1000000000 99999999999999999999 1e3 1.5 0.5 -0.5 .5 5. 0x1F 0b1 1e308 -1e308 1.7976931348623157e308 1e309 1e999 ' +
  '1e-400 5e-324 1.0000000180025095e-35 -1.0000000180025095e-35 inf -inf Infinity nan -nan NaN +1 1_0 1,5 ١ 1e 1e+ -- ' +
  '\t1 1\t \u00a01 null undefined 007 1d 1f 0x';
const tokens = [...numbers.split(' '), '', ' ', '='];
const keys =
  'num_leaves num_cat split_feature split_gain threshold decision_type left_child right_child leaf_value leaf_weight ' +
  'leaf_count internal_value internal_weight internal_count cat_boundaries cat_threshold is_linear shrinkage Tree ' +
  'num_class num_tree_per_iteration label_index max_feature_idx objective feature_names feature_infos tree_sizes version';
const headWords = keys.split(' ');

const changes: readonly Change[] = [
  // Lines.
  (lines, random) => void lines.splice(random.integer(lines.length), 1),
  (lines, random) => {
    const from = random.integer(lines.length);
    lines.splice(random.integer(lines.length), 0, lines[from] as string);
  },
  (lines, random) => {
    const [a, b] = [random.integer(lines.length), random.integer(lines.length)];
    [lines[a], lines[b]] = [lines[b] as string, lines[a] as string];
  },
  (lines, random, other) => {
    const foreign = other.split('\n');
    const at = random.integer(lines.length);
    const key = (lines[at] as string).split('=')[0];
    lines[at] =
      foreign.find((line) => line.startsWith(`${key}=`)) ?? (foreign[random.integer(foreign.length)] as string);
  },
  (lines, random) =>
    void lines.splice(random.integer(lines.length), 0, pick(['', 'x', '=', 'x=', 'average_output'], random)),
  // Whole trees.
  (lines, random) => {
    const [from, to] = treeAt(lines, random);
    lines.splice(from, to - from);
  },
  (lines, random) => {
    const [from, to] = treeAt(lines, random);
    lines.splice(to, 0, ...lines.slice(from, to));
  },
  (lines, random) => void lines.splice(random.integer(lines.length)),
  // Values in a line.
  inList((parts, random) => void (parts[random.integer(parts.length)] = pick(tokens, random))),
  inList(
    (parts, random) => void (parts[random.integer(parts.length)] = pick(tokens, random)),
    ['leaf_value', 'threshold'],
  ),
  inList((parts, random) => void (parts[random.integer(parts.length)] = negated(pick(parts, random)))),
  inList((parts, random) => void parts.splice(random.integer(parts.length), 1)),
  inList((parts, random) => void parts.splice(random.integer(parts.length), 0, pick(parts, random))),
  inList((parts) => void parts.push(...parts)),
  inList((parts, random) => void parts.splice(random.integer(parts.length))),
  inList((parts, random) => {
    const [a, b] = [random.integer(parts.length), random.integer(parts.length)];
    [parts[a], parts[b]] = [parts[b] as string, parts[a] as string];
  }),
  inList((parts, random) => {
    const at = random.integer(parts.length);
    const text = parts[at] as string;
    const cut = random.integer(text.length + 1);
    parts[at] =
      text.slice(0, cut) + '0123456789-.e+ xn='.charAt(random.integer(18)) + text.slice(cut + random.integer(2));
  }),
  // Links, kinds of decision, category sets, counts, sizes.
  inList(rewire, ['left_child', 'right_child']),
  inList(rewire, ['left_child', 'right_child']),
  inList((parts, random) => void (parts[random.integer(parts.length)] = String(random.integer(16))), ['decision_type']),
  inList(
    (parts, random) => void (parts[random.integer(parts.length)] = String(random.integer(8))),
    ['cat_boundaries', 'split_feature'],
  ),
  inList(
    (parts, random) => void (parts[random.integer(parts.length)] = String(random.integer(2 ** 32))),
    ['cat_threshold'],
  ),
  inList(
    (parts, random) => void (parts[0] = pick(['0', '1', '2', '4', '1000000000', '-5'], random)),
    ['num_leaves', 'num_cat', 'max_feature_idx'],
  ),
  inList(
    (parts, random) => {
      const at = random.integer(parts.length);
      parts[at] = String(Number(parts[at]) + random.integer(5) - 2);
    },
    ['tree_sizes', 'Tree'],
  ),
  inList((parts, random) => void parts.splice(0, 9, pick(objectives, random)), ['objective']),
  // Keys and what has no key.
  (lines, random) => {
    const at = random.integer(lines.length);
    lines[at] = (lines[at] as string).replace(/^[^=]*/, pick(headWords, random));
  },
  (lines, random) => {
    const at = lines.findLastIndex((line) => line.startsWith('pandas_categorical:'));
    if (at >= 0) lines[at] = `pandas_categorical:${pick(lists, random)}`;
  },
];

const objectives = [
  'binary',
  'binary sigmoid:0',
  'binary sigmoid:-1',
  'binary sigmoid:nan',
  'binary sigmoid:2',
  'binary sigmoid:1e300',
  'cross_entropy',
  'regression',
  'multiclass num_class:3',
  'lambdarank',
  '',
];
const lists = [
  'null',
  '[]',
  '[[]]',
  '[["a"]]',
  '[["a"],["a","a"]]',
  '[[1,2],[null]]',
  '[["__missing__","a"],["__missing__"]]',
  '{}',
  '[[1e400],[1]]',
  '[[[1]],[2]]',
  '[["__proto__","constructor"],[true,false]]',
  '[',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
];

const byteChanges: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.integer(1 + Math.min(bytes.length, 200))),
  (bytes, random) => {
    const spoiled = bytes.slice();
    if (spoiled.length > 0) spoiled[random.integer(spoiled.length)] = random.integer(256);
    return spoiled;
  },
  (bytes) => Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]),
];

/** A change of the parts of a `key=a b c` line; of one of these keys, where given. */
function inList(change: (parts: string[], random: Random) => void, only?: readonly string[]): Change {
  return (lines, random) => {
    const wanted = lines.flatMap((line, at) => {
      const equals = line.indexOf('=');
      return equals > 0 && (!only || only.includes(line.slice(0, equals))) ? [at] : [];
    });
    if (wanted.length === 0) return;
    const at = pick(wanted, random);
    const line = lines[at] as string;
    const equals = line.indexOf('=');
    const parts = line.slice(equals + 1).split(' ');
    change(parts, random);
    lines[at] = `${line.slice(0, equals)}=${parts.join(' ')}`;
  };
}

/** A link to any node or leaf, or just beyond. */
function rewire(parts: string[], random: Random): void {
  const reach = parts.length + 2;
  parts[random.integer(parts.length)] = String(random.integer(2 * reach + 1) - reach);
}

function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

/** From one `Tree=` line to the next. */
function treeAt(lines: readonly string[], random: Random): readonly [number, number] {
  const starts = lines.flatMap((line, at) => (line.startsWith('Tree=') ? [at] : []));
  if (starts.length === 0) return [0, 0];
  const tree = random.integer(starts.length);
  const end = lines.indexOf('end of trees');
  return [starts[tree] as number, starts[tree + 1] ?? (end < 0 ? lines.length : end)];
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.integer(list.length)] as T;
}
