import { expect, test } from 'vitest';
import { snapshotDay, tinyBundle, tinyCustomers, tinyRecipe, tinySchema } from '../../testing/golden/bundle-fixture.ts';
import { createFrame } from '../data/frame.ts';
import type { TableSchema } from '../data/schema.ts';
import { applyRecipeNow } from '../features/apply.ts';
import { type Explanation, explainRow } from './explain.ts';
import { byRawColumn } from './raw-columns.ts';
import { reasonsOf } from './reasons.ts';
import { inUnit } from './units.ts';

const { calibrator } = tinyBundle('boosting');
const scale = { centre: 0, calibrator };
const customer = createFrame([
  { kind: 'number', name: 'age', values: Float64Array.of(35) },
  { kind: 'number', name: 'visits', values: Float64Array.of(Number.NaN) },
  { kind: 'category', name: 'region', codes: Int32Array.of(1), levels: ['north', 'south', 'west'] },
  { kind: 'date', name: 'joined', days: Float64Array.of(snapshotDay - 12) },
]);
const at = { frame: customer, row: 0, asOf: snapshotDay };
const about = { recipe: tinyRecipe, schema: tinySchema };

const parts = (age: number, visits: number, region: number, tenure: number): Explanation => ({
  baseValue: 0,
  rawScore: age + visits + region + tenure,
  residual: 0,
  attributions: Object.entries({ age, log_visits: visits, region, tenure }).map(([feature, attribution]) => ({
    feature,
    attribution,
  })),
});

test("reasons are told with the customer's own values, largest first", () => {
  const reasons = reasonsOf(parts(0.4, -0.2, 0.01, 0.9), scale, about, at);
  expect(reasons.map(({ words }) => words)).toEqual([
    'First purchase 12 days ago: adds 11.4 points to the estimate.',
    'Age (35 years): adds 5.1 points to the estimate.',
    'Visits (not known): takes 2.5 points from the estimate.',
    'Region (south): adds 0.13 points to the estimate.',
  ]);
  expect(reasons.map(({ direction }) => direction)).toEqual(['for', 'for', 'against', 'for']);
});

test('what a reason adds is its share of the way to the conversion probability', () => {
  const features = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(30, 6), asOf: snapshotDay });
  for (const kind of ['boosting', 'logistic'] as const) {
    const explanation = explainRow(tinyBundle(kind).model, features, 7);
    const raw = { frame: tinyCustomers(30, 6), row: 7, asOf: snapshotDay };
    const reasons = reasonsOf(explanation, scale, about, raw, 10);
    const { base, value } = inUnit(explanation, 'probability', scale);
    const sum = reasons.reduce((total, { contribution }) => total + contribution, base);
    expect(Math.abs(sum - value)).toBeLessThan(1e-9);
  }
});

test('at most so many for and so many against; what adds nothing is no reason', () => {
  const reasons = reasonsOf(parts(0.4, -0.2, 0, 0.9), scale, about, at, 1);
  expect(reasons.map(({ column }) => column)).toEqual(['joined', 'visits']);
  expect(reasonsOf(parts(0, 0, 0, 0), scale, about, at)).toEqual([]);
});

test('a column is changeable where the schema says so, fixed where it says so of others, and else not said', () => {
  const told = (schema: TableSchema) =>
    Object.fromEntries(
      reasonsOf(parts(0.4, -0.2, 0.01, 0.9), scale, { recipe: tinyRecipe, schema }, at).map((reason) => [
        reason.column,
        reason.changeable,
      ]),
    );
  expect(told(tinySchema)).toEqual({ joined: null, age: null, visits: null, region: null });
  const columns = tinySchema.columns.map((column) =>
    column.name === 'visits' ? { ...column, changeable: true } : column,
  );
  expect(told({ ...tinySchema, columns })).toEqual({ joined: false, age: false, visits: true, region: false });
});

test('a feature of two columns is a reason of both, by halves', () => {
  const recipe = {
    ...tinyRecipe,
    features: tinyRecipe.features.map((feature) =>
      feature.name === 'age' ? { ...feature, columns: ['age', 'joined'] } : feature,
    ),
  };
  const explanation = parts(0.4, -0.2, 0.01, 0.9);
  const reasons = reasonsOf(explanation, scale, { ...about, recipe }, at);
  const sums = byRawColumn(
    inUnit(explanation, 'probability', scale).attributions,
    recipe.features.map(({ columns }) => columns),
    'split',
  );
  for (const { columns, attribution } of sums) {
    expect(reasons.find(({ column }) => column === columns[0])?.contribution).toBeCloseTo(attribution, 11);
  }
});
