import { expect, test } from 'vitest';
import { type Column, createFrame } from '../../data/frame.ts';
import type { BoostingFeature, BoostingModel, Tree } from '../boosting/boosting-model.ts';
import { boostingRawScores } from '../boosting/raw-scores.ts';
import { bindFeatures } from './bind-features.ts';

const number = (name: string, values: readonly number[] = [1]): Column => ({
  kind: 'number',
  name,
  values: Float64Array.from(values),
});
const category = (name: string, levels: readonly string[], codes: readonly number[] = [0]): Column => ({
  kind: 'category',
  name,
  levels,
  codes: Int32Array.from(codes),
});
const asNumber = (name: string): BoostingFeature => ({ name, kind: 'number', info: 'none' });
const asCategory = (name: string, levels: readonly string[]): BoostingFeature => ({
  name,
  kind: 'category',
  levels,
  firstCode: 0,
  info: 'none',
});
const model = (...features: readonly BoostingFeature[]): BoostingModel => ({
  kind: 'boosting',
  features,
  trees: [],
  parameters: {},
});
const namesOf = (bound: BoostingModel) => bound.features.map(({ name }) => name);

test('features are met by name in any order, or by the name an export gives the column', () => {
  const frame = createFrame([number('age in years'), number('spend'), number('other')]);
  expect(namesOf(bindFeatures(model(asNumber('spend'), asNumber('age_in_years')), frame))).toEqual([
    'spend',
    'age in years',
  ]);
});

test('a column of the very name comes before one that only exports to it', () => {
  const frame = createFrame([number('a b'), number('a_b')]);
  expect(namesOf(bindFeatures(model(asNumber('a_b')), frame))).toEqual(['a_b']);
});

test('every missing feature is named, with what to do; columns without names are not guessed by place', () => {
  const frame = createFrame([number('a'), number('b')]);
  expect(() => bindFeatures(model(asNumber('a'), asNumber('x'), asNumber('y')), frame, 'theirs.txt')).toThrow(
    expect.objectContaining({
      code: 'data.missing-column',
      message: 'Of the 3 features in theirs.txt, 2 are not among this study\'s: "x", "y".',
      where: { file: 'theirs.txt', column: 'x' },
    }),
  );
  expect(() => bindFeatures(model(asNumber('Column_0'), asNumber('Column_1')), frame)).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('places are not guessed') }),
  );
});

test.each([
  ['a number to the model, a category here', asNumber('x'), category('x', ['a'])],
  ['a category to the model, a number here', asCategory('x', ['a', 'b']), number('x')],
  ['categories of which none is known', asCategory('x', ['a', 'b']), category('x', ['A', 'B'])],
])('refused with the column and a fix: %s', (_, feature, column) => {
  expect(() => bindFeatures(model(feature), createFrame([column]))).toThrow(
    expect.objectContaining({
      code: 'data.type',
      where: { file: 'model.txt', column: 'x' },
      fix: expect.stringMatching(/\.$/),
    }),
  );
});

test('two features that would read one column are refused', () => {
  const frame = createFrame([number('a b')]);
  expect(() => bindFeatures(model(asNumber('a b'), asNumber('a_b')), frame)).toThrow(/Two features/);
});

test("pandas's categories are met by value, not by place: text, numbers as numbers or as text, unseen and missing", () => {
  const features = [asCategory('plan', ['free', 'pro']), asCategory('size', ['10', '20'])];
  // Left with +1 where plan is "pro" (code 1); +4 where size is 20 (code 1).
  const trees = [splitOn(0, 1), splitOn(1, 4)];
  const plan = category('plan', ['pro', 'new', 'free'], [0, 1, 2, -1]);
  const scores = (size: Column) => {
    const frame = createFrame([size, plan]);
    return Array.from(boostingRawScores(bindFeatures({ ...model(...features), trees }, frame), frame));
  };
  expect(scores(number('size', [20, 20, 10, Number.NaN]))).toEqual([5, 4, 0, 0]);
  expect(scores(category('size', ['20', '10'], [0, 0, 1, -1]))).toEqual([5, 4, 0, 0]);
});

/** Category code 1 goes left, to `value`; all else, missing and unseen too, right to 0. */
function splitOn(feature: number, value: number): Tree {
  return {
    leafCount: 2,
    splitFeature: Int32Array.of(feature),
    threshold: Float64Array.of(0),
    decisionType: Uint8Array.of(1),
    leftChild: Int32Array.of(-1),
    rightChild: Int32Array.of(-2),
    splitGain: Float64Array.of(1),
    leafValue: Float64Array.of(value, 0),
    leafWeight: Float64Array.of(1, 1),
    leafCountRows: Int32Array.of(1, 1),
    internalValue: Float64Array.of(0),
    internalWeight: Float64Array.of(2),
    internalCount: Int32Array.of(2),
    catBoundaries: Int32Array.of(0, 1),
    catThreshold: Uint32Array.of(2),
    shrinkage: 1,
  };
}
