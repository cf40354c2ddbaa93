import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { StudioError } from '../../shared/errors.ts';
import { readLightgbmFile, readLightgbmText } from './lightgbm-text-reader.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../testing/golden/lightgbm-text.json', import.meta.url), 'utf8'),
) as { readonly accepted: readonly { readonly name: string; readonly model: string }[] };

/** Two number columns and one of category codes; tree 1 splits on it. Without sizes, so that each case is its own. */
const plain = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=2
objective=binary sigmoid:1
feature_names=age spend plan
feature_infos=[1:90] none -1:1:2:40

Tree=0
num_leaves=4
num_cat=0
split_feature=0 1 0
split_gain=3 2 1
threshold=30.5 inf 60.5
decision_type=2 8 10
left_child=1 -1 -3
right_child=2 -2 -4
leaf_value=0.5 -0.25 0.125 1
leaf_weight=1 2 3 4
leaf_count=10 20 30 40
internal_value=0 0 0
internal_weight=9 3 6
internal_count=100 30 70
is_linear=0
shrinkage=1


Tree=1
num_leaves=3
num_cat=2
split_feature=2 2
split_gain=2 1
threshold=0 1
decision_type=1 9
left_child=-1 -2
right_child=1 -3
leaf_value=0.1 0.2 -0.3
leaf_weight=1 1 1
leaf_count=5 6 7
internal_value=0 0
internal_weight=3 2
internal_count=18 13
cat_boundaries=0 1 3
cat_threshold=6 1 256
is_linear=0
shrinkage=0.1


end of trees

feature_importances:
age=2

parameters:
[boosting: gbdt]
[data: ]
[categorical_feature: 2]

end of parameters

pandas_categorical:null
`;

const [start, middle, end] = ['Tree=0', 'Tree=1', 'end of trees'].map((line) => plain.indexOf(line)) as [
  number,
  number,
  number,
];
const sizes = [middle - start, end - middle];

test('the file that all cases spoil is fine as it is', () => {
  const { trees, features, parameters } = readLightgbmText(plain);
  expect(trees).toHaveLength(2);
  expect(features.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['age number', 'spend number', 'plan number']);
  expect(parameters).toEqual({ boosting: 'gbdt', categorical_feature: 2 });
});

type Case = readonly [name: string, from: string | RegExp, to: string, row: number, field?: string];

const cases: readonly Case[] = [
  // MOD-01: links.
  ['a node that is its own child', 'left_child=1 -1 -3', 'left_child=0 -1 -3', 18, 'left_child'],
  ['the root as a child', 'right_child=2 -2 -4', 'right_child=2 0 -4', 18, 'left_child'],
  [
    'a cycle apart from the root',
    'left_child=1 -1 -3\nright_child=2 -2 -4',
    'left_child=-1 2 1\nright_child=-2 -3 -4',
    18,
  ],
  ['a node with two parents', 'right_child=2 -2 -4', 'right_child=2 2 -4', 18],
  ['a leaf with two parents', 'left_child=1 -1 -3', 'left_child=1 -1 -4', 18],
  ['nodes that nothing leads to', 'left_child=1 -1 -3', 'left_child=-1 -1 -3', 18],
  // MOD-02: integers.
  ['a child beyond the last node', 'left_child=1 -1 -3', 'left_child=3 -1 -3', 18, 'left_child'],
  ['a child beyond the last leaf', 'left_child=1 -1 -3', 'left_child=1 -1 -5', 18, 'left_child'],
  ['a child of 2147483648', 'left_child=1 -1', 'left_child=2147483648 -1', 18, 'left_child'],
  ['a child of -2147483648', 'left_child=1 -1', 'left_child=-2147483648 -1', 18, 'left_child'],
  ['a child of 4294967297, which 32 bits cut to 1', 'left_child=1 -1', 'left_child=4294967297 -1', 18],
  ['a child of 1e0', 'left_child=1 -1', 'left_child=1e0 -1', 18, 'left_child'],
  ['a child of 0x1', 'left_child=1 -1', 'left_child=0x1 -1', 18, 'left_child'],
  ['a child of 1.0', 'left_child=1 -1', 'left_child=1.0 -1', 18, 'left_child'],
  ['a child of +1', 'left_child=1 -1', 'left_child=+1 -1', 18, 'left_child'],
  ['a child in Arabic digits', 'left_child=1 -1', 'left_child=١ -1', 18, 'left_child'],
  ['a child that is empty', 'left_child=1 -1 -3', 'left_child=1  -3', 18, 'left_child'],
  ['a tab between children', 'left_child=1 -1 -3', 'left_child=1\t-1 -3', 18, 'left_child'],
  // MOD-03: features.
  ['a split on feature -1', 'split_feature=0 1 0', 'split_feature=-1 1 0', 14, 'split_feature'],
  ['a split beyond the last feature', 'split_feature=0 1 0', 'split_feature=0 3 0', 14, 'split_feature'],
  ['a max_feature_idx that names too few', 'max_feature_idx=2', 'max_feature_idx=1', 8, 'feature_names'],
  ['a max_feature_idx of 2147483647', 'max_feature_idx=2', 'max_feature_idx=2147483647', 6, 'max_feature_idx'],
  ['a max_feature_idx of -1', 'max_feature_idx=2', 'max_feature_idx=-1', 6, 'max_feature_idx'],
  ['no max_feature_idx', 'max_feature_idx=2\n', '', 1, 'max_feature_idx'],
  // MOD-04: lengths.
  ['a list too long', 'threshold=30.5 inf 60.5', 'threshold=30.5 inf 60.5 1', 16, 'threshold'],
  ['a list too short', 'threshold=30.5 inf 60.5', 'threshold=30.5 inf', 16, 'threshold'],
  ['an empty list', 'right_child=2 -2 -4', 'right_child=', 19, 'right_child'],
  ['a list that ends in a blank', 'leaf_value=0.5 -0.25 0.125 1', 'leaf_value=0.5 -0.25 0.125 1 ', 20, 'leaf_value'],
  ['a missing list', 'right_child=2 -2 -4\n', '', 11, 'right_child'],
  ['no leaf values', 'leaf_value=0.5 -0.25 0.125 1\n', '', 11, 'leaf_value'],
  ['no num_leaves', 'num_leaves=4\n', '', 11, 'num_leaves'],
  ['no num_cat', 'num_cat=0\n', '', 11, 'num_cat'],
  ['num_leaves=0', 'num_leaves=4', 'num_leaves=0', 12, 'num_leaves'],
  ['num_leaves=1 with lists of four', 'num_leaves=4', 'num_leaves=1', 15, 'split_gain'],
  ['num_leaves=-5', 'num_leaves=4', 'num_leaves=-5', 12, 'num_leaves'],
  ['num_leaves=131072 with lists of four', 'num_leaves=4', 'num_leaves=131072', 17],
  ['num_leaves=1000000000', 'num_leaves=4', 'num_leaves=1000000000', 12, 'num_leaves'],
  ['counts of other length', 'leaf_count=10 20 30 40', 'leaf_count=10 20 30', 22, 'leaf_count'],
  ['a negative count', 'leaf_count=10 20', 'leaf_count=-10 20', 22, 'leaf_count'],
  // MOD-05: categories.
  ['cat_boundaries that do not begin at 0', 'cat_boundaries=0 1 3', 'cat_boundaries=1 2 3', 45, 'cat_boundaries'],
  ['cat_boundaries that fall', 'cat_boundaries=0 1 3', 'cat_boundaries=0 3 3', 45, 'cat_boundaries'],
  ['cat_boundaries that end early', 'cat_boundaries=0 1 3', 'cat_boundaries=0 1 2', 45, 'cat_boundaries'],
  ['cat_boundaries beyond the words', 'cat_boundaries=0 1 3', 'cat_boundaries=0 1 4', 45, 'cat_boundaries'],
  ['a word of 4294967296', 'cat_threshold=6 1 256', 'cat_threshold=6 1 4294967296', 46, 'cat_threshold'],
  ['a negative word', 'cat_threshold=6 1 256', 'cat_threshold=6 -1 256', 46, 'cat_threshold'],
  ['category sets without words', 'cat_threshold=6 1 256\n', '', 30, 'cat_threshold'],
  ['a set beyond num_cat', 'threshold=0 1', 'threshold=0 2', 35, 'threshold'],
  ['a set of -1', 'threshold=0 1', 'threshold=-1 1', 35, 'threshold'],
  ['a set of 0.5', 'threshold=0 1', 'threshold=0.5 1', 35, 'threshold'],
  ['a category split where num_cat is 0', 'decision_type=2 8 10', 'decision_type=2 8 1', 16, 'threshold'],
  ['num_cat=0 with category sets', 'num_cat=2', 'num_cat=0', 45, 'cat_boundaries'],
  ['more category sets than nodes', 'num_cat=2', 'num_cat=1000000000', 32, 'num_cat'],
  // MOD-06: kinds of decision, linear trees.
  ['missing type 12', 'decision_type=2 8 10', 'decision_type=2 12 10', 17, 'decision_type'],
  ['an unknown bit of decision_type', 'decision_type=2 8 10', 'decision_type=2 16 10', 17, 'decision_type'],
  ['decision_type=-1', 'decision_type=2 8 10', 'decision_type=2 -1 10', 17, 'decision_type'],
  ['is_linear=1', 'is_linear=0', 'is_linear=1', 26, 'is_linear'],
  ['coefficients of linear leaves', 'is_linear=0', 'leaf_const=0 0 0 0\nis_linear=0', 26, 'leaf_const'],
  ['a line of a tree that is not known', 'is_linear=0', 'leaf_function=1\nis_linear=0', 26],
  // MOD-07: values.
  ['a leaf of nan', 'leaf_value=0.5', 'leaf_value=nan', 20, 'leaf_value'],
  ['a leaf of inf', 'leaf_value=0.5', 'leaf_value=inf', 20, 'leaf_value'],
  ['a leaf beyond the largest double', 'leaf_value=0.5', 'leaf_value=1e309', 20, 'leaf_value'],
  ['leaves that add up to infinity', /leaf_value=\S+/g, 'leaf_value=1e308', 11, 'leaf_value'],
  ['leaves that the sigmoid makes infinite', 'sigmoid:1', 'sigmoid:1e301', 11, 'leaf_value'],
  ['a threshold of nan', 'threshold=30.5', 'threshold=nan', 16, 'threshold'],
  ['a threshold beyond the largest double', 'threshold=30.5', 'threshold=1e309', 16, 'threshold'],
  ['a threshold with a decimal comma', 'threshold=30.5', 'threshold=30,5', 16, 'threshold'],
  ['a threshold in hexadecimal', 'threshold=30.5', 'threshold=0x1p4', 16, 'threshold'],
  ['a gain of inf', 'split_gain=3', 'split_gain=inf', 15, 'split_gain'],
  ['a shrinkage of nan', 'shrinkage=1\n', 'shrinkage=nan\n', 27, 'shrinkage'],
  // MOD-08: the frame of the file.
  ['nothing in it', /[^]*/, '', 1],
  ['another first line', /^tree/, 'forest', 1],
  ['a blank before the first line', /^/, '\n', 1],
  ['no end of trees', 'end of trees', '', 53],
  ['an end after the header', /\nTree=0[^]*/, '', 10],
  ['an end within a tree', /leaf_value=0\.1[^]*/, '', 30],
  ['an end within the parameters', /end of parameters[^]*/, '', 61],
  ['no tree at all', /Tree=0[^]*end of trees/, 'end of trees', 11, 'Tree'],
  ['a tree twice', 'Tree=1', 'Tree=0', 30, 'Tree'],
  ['a tree left out', 'Tree=1', 'Tree=2', 30, 'Tree'],
  ['trees from 1', 'Tree=0', 'Tree=1', 11, 'Tree'],
  ['a blank line within a tree', 'leaf_weight=1 2', '\nleaf_weight=1 2', 22, 'Tree'],
  ['a key of a tree twice', 'num_leaves=4', 'num_leaves=4\nnum_leaves=4', 13, 'num_leaves'],
  ['a key of the header twice', 'num_class=1', 'num_class=1\nnum_class=1', 4, 'num_class'],
  ['a line of a tree without "="', 'leaf_weight=1 2 3 4', 'leaf_weight', 21, 'leaf_weight'],
  ['a line of the header without "="', 'label_index=0', 'label_index', 5],
  ['average_output with a value', 'label_index=0', 'label_index=0\naverage_output=1', 6],
  ['a parameter that is none', '[boosting: gbdt]', 'boosting: gbdt', 57],
  ['a parameter twice', '[boosting: gbdt]', '[boosting: gbdt]\n[boosting: dart]', 58, 'boosting'],
  ['a constraint that names a feature', '[data: ]', '[monotone_constraints: age: 1]', 58, 'monotone_constraints'],
  ['tree_sizes of another length', 'version=v4', 'version=v4\ntree_sizes=500', 3, 'tree_sizes'],
  [
    'tree_sizes that are wrong by one',
    'version=v4',
    `version=v4\ntree_sizes=${sizes[0]} ${(sizes[1] as number) + 1}`,
    3,
    'tree_sizes',
  ],
  ['tree_sizes below nothing', 'version=v4', 'version=v4\ntree_sizes=-1 2', 3, 'tree_sizes'],
  ['a version yet to come', 'version=v4', 'version=v5', 2, 'version'],
  // MOD-09: objectives.
  ['no objective', 'objective=binary sigmoid:1\n', '', 1, 'objective'],
  ['an objective without sigmoid', 'binary sigmoid:1', 'binary', 7, 'objective'],
  ['sigmoid:0', 'sigmoid:1', 'sigmoid:0', 7, 'objective'],
  ['sigmoid:-1', 'sigmoid:1', 'sigmoid:-1', 7, 'objective'],
  ['sigmoid:nan', 'sigmoid:1', 'sigmoid:nan', 7, 'objective'],
  ['the objective regression', 'binary sigmoid:1', 'regression', 7, 'objective'],
  ['the objective lambdarank', 'binary sigmoid:1', 'lambdarank', 7, 'objective'],
  ['three classes', 'num_class=1', 'num_class=3', 3, 'num_class'],
  ['two trees a round', 'num_tree_per_iteration=1', 'num_tree_per_iteration=2', 4, 'num_tree_per_iteration'],
  // MOD-10: names.
  ['a name twice', 'feature_names=age spend plan', 'feature_names=age age plan', 8, 'feature_names'],
  ['a blank in a name', 'feature_names=age spend plan', 'feature_names=age spend plan b', 8, 'feature_names'],
  ['an empty name', 'feature_names=age spend plan', 'feature_names=age  plan', 8, 'feature_names'],
  ['too few names', 'feature_names=age spend plan', 'feature_names=age spend', 8, 'feature_names'],
  ['an info that is none', 'feature_infos=[1:90]', 'feature_infos=[1:90', 9, 'feature_infos'],
  ['an info with a second "=", which LightGBM refuses', '[1:90]', '[1:9=0]', 9, 'feature_infos'],
  ['too many infos', 'feature_infos=[1:90]', 'feature_infos=none [1:90]', 9, 'feature_infos'],
  // MOD-11: categories of pandas.
  ['pandas categories that are no JSON', ':null', ':[["a",]]', 63, 'pandas_categorical'],
  ['pandas categories in an object', ':null', ':{"2":["a"]}', 63, 'pandas_categorical'],
  ['pandas categories for more columns', ':null', ':[["a"],["b"]]', 63, 'pandas_categorical'],
  ['a pandas category twice', ':null', ':[["a","a"]]', 63, 'pandas_categorical'],
  ['a pandas category that is a list', ':null', ':[[["a"]]]', 63, 'pandas_categorical'],
  ['a pandas category beyond whole doubles', ':null', ':[[9007199254740993]]', 63, 'pandas_categorical'],
  ['pandas categories 100,000 deep', ':null', `:${'['.repeat(100_000)}`, 63, 'pandas_categorical'],
];

for (const [name, from, to, row, field] of cases) {
  test(`refused, with code, place and fix: ${name}`, () => {
    const spoiled = plain.replace(from, to);
    expect(spoiled).not.toBe(plain);
    const refusal = refusalOf(spoiled);
    expect(refusal).toMatchObject({
      code: 'model.format',
      fix: expect.stringMatching(/\.$/),
      where: { file: 'model.txt' },
    });
    expect(refusal.where?.row).toBe(row);
    if (field) expect(refusal.where?.field).toBe(field);
  });
}

function refusalOf(text: string): StudioError {
  try {
    readLightgbmText(text);
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const taken: readonly (readonly [string, string | RegExp, string])[] = [
  ['tree_sizes that are right', 'version=v4', `version=v4\ntree_sizes=${sizes.join(' ')}`],
  ['a header line of another tool', 'version=v4', 'version=v4\nps_schema=abc'],
  ['no version, importances, parameters or pandas line', /(?:version=v4\n)|feature_importances[^]*/g, ''],
  ['no line of informational numbers', /(?:split_gain|leaf_w|leaf_c|internal_|is_lin|shrink|num_tree).*\n/g, ''],
  ['no decision_type: all plain numbers', 'decision_type=2 8 10\n', ''],
  ['a threshold of -inf', 'threshold=30.5', 'threshold=-inf'],
  ['the smallest and the largest double', 'threshold=30.5 inf', 'threshold=5e-324 -1.7976931348623157e308'],
  ['the category columns by pandas, one list', ':null', ':[["a","__proto__"]]'],
];

test.each(taken)('taken, as LightGBM takes it: %s', (_, from, to) => {
  const changed = plain.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'g'), to);
  expect(changed).not.toBe(plain);
  expect(readLightgbmText(changed).trees).toHaveLength(2);
});

const many = 3_000_000;

test.each([
  ['a line of blanks where two numbers belong', 'leaf_value=0.5', `leaf_value=${' '.repeat(many)}`],
  ['a list of three million', 'leaf_value=0.5', `leaf_value=${'1 '.repeat(many)}`],
  ['a number of three million digits', 'leaf_value=0.5', `leaf_value=${'1'.repeat(many)}x`],
  ['three million blank lines', 'Tree=0', `${'\n'.repeat(many)}Tree=9`],
  ['a header without an end', 'version=v4', 'a=1\n'.repeat(many)],
  ['a category set of three million words', 'cat_threshold=6 1 256', `cat_threshold=${'0 '.repeat(many)}x`],
  ['three million feature names', 'feature_names=', `feature_names=${'x '.repeat(many)}`],
  ['an info of three million codes', 'none -1:', `none ${'1:'.repeat(many)}x:`],
  ['three million parameters', '[data: ]', '[]\n'.repeat(many)],
  ['a parameter that never closes', '[data: ]', `[data: ${'] '.repeat(many)}x`],
])('refused without taking long or much memory: %s', (_, from, to) => {
  expect(() => readLightgbmText(plain.replace(from, () => to))).toThrow(
    expect.objectContaining({ code: 'model.format' }),
  );
});

test('refused by what it would cost to score (MOD-24): too many trees, too deep a tree, too many decisions', () => {
  const leaf = (index: number) => `Tree=${index}\nnum_leaves=1\nnum_cat=0\nleaf_value=1\n\n\n`;
  const [head, tail] = [plain.slice(0, plain.indexOf('Tree=0')), '\n\nend of trees\n'];
  const trees = Array.from({ length: 100_001 }, (_, index) => leaf(index)).join('');
  expect(() => readLightgbmText(`${head}${trees}end of trees\n`)).toThrow(/more than 100000 trees/);
  expect(() => readLightgbmText(`${head}${chain(3000, 0)}${tail}`)).toThrow(/3000 splits deep/);
  const chains = Array.from({ length: 501 }, (_, index) => chain(2000, index)).join('\n\n\n');
  expect(() => readLightgbmText(`${head}${chains}${tail}`)).toThrow(/more than 1000000 decisions/);
});

test('bytes that are not UTF-8 are refused with their line; a byte-order mark is not in the way', () => {
  const bytes = new TextEncoder().encode(plain);
  expect(readLightgbmFile(Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes])).trees).toHaveLength(2);
  bytes[plain.indexOf('spend')] = 0xe4;
  expect(() => readLightgbmFile(bytes)).toThrow(
    expect.objectContaining({ code: 'model.format', where: { file: 'model.txt', row: 8 }, fix: expect.any(String) }),
  );
});

test('a file cut off anywhere before its parameters end is refused or says nothing else', () => {
  for (const { model } of golden.accepted.slice(0, 8)) {
    const whole = readLightgbmText(model).trees.length;
    const end = model.indexOf('end of parameters');
    for (let at = 0; at < end; at += 23) {
      let trees = whole;
      try {
        trees = readLightgbmText(model.slice(0, at)).trees.length;
      } catch (error) {
        expect(error).toMatchObject({ code: 'model.format' });
      }
      expect(trees).toBe(whole);
    }
  }
});

/** A tree as deep as it can be: every split has a leaf and the next split. */
function chain(depth: number, index: number): string {
  const list = (value: (node: number) => number, count = depth) =>
    Array.from({ length: count }, (_, i) => value(i)).join(' ');
  return [
    `Tree=${index}`,
    `num_leaves=${depth + 1}`,
    'num_cat=0',
    `split_feature=${list(() => 0)}`,
    `threshold=${list((node) => node)}`,
    `left_child=${list((node) => -node - 1)}`,
    `right_child=${list((node) => (node < depth - 1 ? node + 1 : -depth - 1))}`,
    `leaf_value=${list(() => 0, depth + 1)}`,
  ].join('\n');
}
