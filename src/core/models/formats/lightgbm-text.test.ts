import { expect, test } from 'vitest';
import golden from '../../../testing/golden/boosting.json' with { type: 'json' };
import { createFrame } from '../../data/frame.ts';
import { boostingRawScores } from '../boosting/raw-scores.ts';
import { readLightgbmText } from './lightgbm-text-reader.ts';
import { exportedNames, writeLightgbmText } from './lightgbm-text.ts';

const probe = createFrame(
  golden.probe.map((values, index) => ({
    kind: 'number',
    name: `Column_${index}`,
    values: Float64Array.from(values, (value) =>
      value === 'nan' ? Number.NaN : Number(String(value).replace('inf', 'Infinity')),
    ),
  })),
);

test("LightGBM's own model gives LightGBM's raw scores, bit for bit, on exact thresholds, zeros, infinities and odd categories", () => {
  const scores = boostingRawScores(readLightgbmText(golden.model), probe);
  expect(scores).toEqual(Float64Array.from(golden.probeScores));
});

test('a model written and read again gives the same scores and the same text', () => {
  const text = writeLightgbmText(readLightgbmText(golden.model));
  const again = readLightgbmText(text);
  expect(boostingRawScores(again, probe)).toEqual(Float64Array.from(golden.probeScores));
  expect(writeLightgbmText(again)).toBe(text);
});

test('tree_sizes are the bytes from one Tree= line to the next', () => {
  const text = writeLightgbmText(readLightgbmText(golden.model));
  const sizes = /tree_sizes=(.*)/.exec(text)?.[1]?.split(' ').map(Number) ?? [];
  let at = text.indexOf('Tree=0');
  for (const [index, size] of sizes.entries()) {
    expect(text.slice(at).startsWith(`Tree=${index}\n`)).toBe(true);
    at += size;
  }
  expect(text.slice(at).startsWith('end of trees')).toBe(true);
});

test('Windows line endings are read', () => {
  const model = readLightgbmText(golden.model.replaceAll('\n', '\r\n'));
  expect(boostingRawScores(model, probe)).toEqual(Float64Array.from(golden.probeScores));
});

test('exported names hold nothing that LightGBM refuses, and no name twice', () => {
  const feature = { kind: 'number', info: 'none' } as const;
  const names = ['a b', 'a_b', 'x:[1],{2}"', 'größe=1', ''].map((name) => ({ ...feature, name }));
  expect(exportedNames(names)).toEqual(['a_b', 'a_b_2', 'x__1___2__', 'größe=1', '_']);
});

test('rules that name features are written by place, and nothing that LightGBM does not know', () => {
  const model = readLightgbmText(golden.model);
  const [first, second, third] = model.features.map(({ name }) => name);
  const parameters = {
    grow_policy: 'depthwise',
    n_estimators: 8,
    monotone_constraints: `${second}: -1, ${first}: 1`,
    interaction_constraints: `[${third}, ${first}], [${second}]`,
  };
  const text = writeLightgbmText({ ...model, parameters });
  expect(text).toContain('[monotone_constraints: 1,-1,0,0,0,0,0]\n');
  expect(text).toContain('[interaction_constraints: [2,0],[1]]\n');
  expect(text).not.toMatch(/grow_policy|n_estimators/);
  const again = readLightgbmText(text);
  expect(again.parameters).toMatchObject({ num_iterations: 8, interaction_constraints: '[2,0],[1]' });
  expect(writeLightgbmText(again)).toBe(text);
});

const tree0 = golden.model.slice(golden.model.indexOf('Tree=0'), golden.model.indexOf('Tree=1'));

test.each([
  ['another first line', (text: string) => text.replace('tree\n', 'forest\n')],
  ['more than two classes', (text: string) => text.replace('num_class=1', 'num_class=3')],
  ['another objective', (text: string) => text.replace('binary sigmoid:1', 'regression')],
  ['a feature beyond the last', (text: string) => text.replace(/split_feature=\d+/, 'split_feature=7')],
  ['a child that is its own parent', (text: string) => text.replace(/left_child=\d+/, 'left_child=0')],
  ['a leaf with two parents', (text: string) => text.replace(/(left_child=.*) -\d+/, '$1 -1')],
  ['a leaf that is not finite', (text: string) => text.replace(/leaf_value=\S+/, 'leaf_value=inf')],
  ['a number that is none', (text: string) => text.replace(/threshold=\S+/, 'threshold=0x10')],
  ['a missing row of the tree', (text: string) => text.replace(/right_child=.*\n/, '')],
  ['a category set beyond the last', (text: string) => text.replace(/cat_boundaries=\S+/, 'cat_boundaries=5')],
  ['a tree out of order', (text: string) => text.replace('Tree=1', 'Tree=2')],
  ['a key twice', (text: string) => text.replace(tree0, `${tree0.trimEnd()}\nnum_leaves=15\n\n`)],
])('a file with %s is refused', (_, spoil) => {
  const spoiled = spoil(golden.model);
  expect(spoiled).not.toBe(golden.model);
  expect(() => readLightgbmText(spoiled)).toThrow(expect.objectContaining({ code: 'model.format' }));
});
