import { expect, test } from 'vitest';
import { referenceKernels } from '../kernels/kernels.ts';
import { snapshotDay, tinyBundle, tinyCustomers, tinyRecipe } from '../../testing/golden/bundle-fixture.ts';
import { type Frame, takeRows } from '../data/frame.ts';
import { applyRecipeNow } from '../features/apply.ts';
import { modelEntry } from '../models/catalogue.ts';
import { modelKinds } from '../models/model.ts';
import { meanAbsoluteShap } from './attribute-rows.ts';
import { explainRow, featureNames } from './explain.ts';
import { permutationShap } from './permutation-shap.ts';

const features = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(200, 6), asOf: snapshotDay });
const background = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(40, 7), asOf: snapshotDay });

test.each(modelKinds)('%s: base and attributions add up to the raw score, to 1e-9', (kind) => {
  const { model } = tinyBundle(kind);
  const raw = modelEntry(kind).rawScores(model, features);
  for (let row = 0; row < 60; row++) {
    const { baseValue, attributions, rawScore, residual } = explainRow(model, features, row, background);
    expect(rawScore).toBe(raw[row]);
    expect(residual).toBeLessThan(1e-9);
    const sum = attributions.reduce((total, { attribution }) => total + attribution, baseValue);
    expect(Math.abs(sum - rawScore)).toBeLessThan(1e-9);
    expect(attributions.map(({ feature }) => feature)).toEqual(featureNames(model));
  }
});

test('a linear model is explained by coefficient × (input − mean)', () => {
  const { model } = tinyBundle('logistic');
  if (model.kind !== 'logistic') throw new Error('fixture');
  const { encoding, coefficients, inputMeans, intercept } = model;
  const { baseValue, attributions } = explainRow(model, features, 3);
  const age = features.columns.find((column) => column.name === 'age');
  const column = encoding.columns[0];
  if (age?.kind !== 'number' || column?.kind !== 'number') throw new Error('fixture');
  const input = (age.values[3]! - column.mean) / column.scale;
  expect(attributions[0]!.attribution).toBeCloseTo(coefficients[0]! * (input - inputMeans[0]!), 12);
  expect(baseValue).toBeCloseTo(
    coefficients.reduce((sum, each, i) => sum + each * inputMeans[i]!, intercept),
    12,
  );
});

test('sampling agrees with the definition over all subsets, within 3 standard errors and a hair', async () => {
  const { model } = tinyBundle('neural');
  const names = featureNames(model);
  const rawScores = (frame: typeof features): Float64Array => modelEntry('neural').rawScores(model, frame);
  const sampled = await permutationShap(names, rawScores, features, 5, background, { walks: 4000, seed: 1 });
  const exact = shapleyByDefinition(5, rawScores);
  expect(sampled.expectedValue).toBeCloseTo(exact.base, 9);
  exact.phi.forEach((value, feature) => {
    expect(sampled.standardError[feature]).toBeLessThan(0.05);
    expect(Math.abs(sampled.phi[feature]! - value)).toBeLessThan(3 * sampled.standardError[feature]! + 1e-9);
  });
});

test('the same seed gives the same attributions, and every background row counts alike', () => {
  const { model } = tinyBundle('neural');
  expect(explainRow(model, features, 9, background)).toEqual(explainRow(model, features, 9, background));
  const raw = modelEntry('neural').rawScores(model, background);
  const mean = raw.reduce((sum, each) => sum + each, 0) / raw.length;
  expect(explainRow(model, features, 9, background).baseValue).toBeCloseTo(mean, 12);
});

test('raw columns can be the players too, days and levels among them: what they add up to is the score', async () => {
  const { model } = tinyBundle('boosting');
  const names = ['age', 'visits', 'region', 'joined'];
  const rawScores = (frame: Frame) =>
    modelEntry('boosting').rawScores(model, applyRecipeNow(tinyRecipe, { frame, asOf: snapshotDay }));
  const [customers, others] = [tinyCustomers(10, 6), tinyCustomers(40, 7)];
  const own = rawScores(customers);
  let moved = 0;
  for (let row = 0; row < 10; row++) {
    const told = await permutationShap(names, rawScores, customers, row, others, { walks: 40, seed: 1 });
    const sum = told.phi.reduce((total, each) => total + each, told.expectedValue);
    expect(Math.abs(sum - own[row]!)).toBeLessThan(1e-9);
    moved += Math.abs(told.phi[3]!);
  }
  expect(moved).toBeGreaterThan(0);
});

test('the network is not explained without customers to compare with', () => {
  expect(() => explainRow(tinyBundle('neural').model, features, 0)).toThrow(
    expect.objectContaining({ code: 'study.not-ready' }),
  );
});

test.each(modelKinds)('%s: the mean size of attributions, largest first', async (kind) => {
  const { model } = tinyBundle(kind);
  const importance = await meanAbsoluteShap(
    model,
    features,
    Uint32Array.of(0, 1, 2, 3),
    referenceKernels,
    undefined,
    background,
  );
  expect(importance.map(({ feature }) => feature).sort()).toEqual([...featureNames(model)].sort());
  importance.forEach((each, i) =>
    expect(each.importance).toBeLessThanOrEqual(importance[i - 1]?.importance ?? Number.POSITIVE_INFINITY),
  );
  if (kind === 'neural') return;
  const age = [0, 1, 2, 3].map((row) => explainRow(model, features, row).attributions[0]!.attribution);
  const expected = age.reduce((sum, each) => sum + Math.abs(each), 0) / 4;
  expect(importance.find(({ feature }) => feature === 'age')?.importance).toBeCloseTo(expected, 12);
});

/** Interventional Shapley values: absent features are taken from each background row in turn. */
function shapleyByDefinition(row: number, rawScores: (frame: typeof features) => Float64Array) {
  const n = background.columns.length;
  const count = background.rowCount;
  const values = Array.from({ length: 2 ** n }, (_, subset) => {
    const own = takeRows(features, new Uint32Array(count).fill(row));
    const columns = background.columns.map((column, i) => ((subset >> i) & 1 ? own.columns[i]! : column));
    return rawScores({ rowCount: count, columns }).reduce((sum, each) => sum + each, 0) / count;
  });
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const phi = background.columns.map((_, i) => {
    let sum = 0;
    for (let subset = 0; subset < 2 ** n; subset++) {
      if ((subset >> i) & 1) continue;
      const size = subset.toString(2).replaceAll('0', '').length;
      sum +=
        ((factorial(size) * factorial(n - size - 1)) / factorial(n)) * (values[subset | (1 << i)]! - values[subset]!);
    }
    return sum;
  });
  return { base: values[0]!, phi };
}
