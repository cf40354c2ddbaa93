import { expect, test } from 'vitest';
import { makeCustomers } from '../data/customers/make-customers.ts';
import { type EngagementColumns, overallEngagement } from '../data/customers/scenarios/overall-engagement.ts';
import type { Column, Frame } from '../data/frame.ts';
import { cellAt, createFrame, createTextColumn, getColumn, takeRows } from '../data/frame.ts';
import type { Table } from '../data/table.ts';
import { applyRecipe, applyRecipeNow } from './apply.ts';
import { fitRecipe } from './fit.ts';
import { readRecipe } from './read-recipe.ts';

const customers = await makeCustomers({ scenario: 'ecommerce', customers: 5000, seed: 11 });
const train = Uint32Array.from({ length: 3000 }, (_, i) => i);
const recipe = fitRecipe(customers, train);
const input = { frame: customers.frame, asOf: customers.asOf as number };
const features = await applyRecipe(recipe, input);

function bytesOf(frame: Frame): string {
  return frame.columns
    .map((column) => {
      const data =
        column.kind === 'number' ? column.values : column.kind === 'category' ? column.codes : new Uint8Array(0);
      return `${column.name}:${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
    })
    .join('\n');
}

test('the default scenario gives at least 60 features in families, each described', () => {
  expect(recipe.features.length).toBeGreaterThanOrEqual(60);
  const families = new Set(recipe.features.map((feature) => feature.family));
  for (const family of ['RFM', 'Engagement', 'Behaviour', 'Interactions', 'Bins', 'Raw'])
    expect(families).toContain(family);
  for (const feature of recipe.features) {
    expect(feature.description.length).toBeGreaterThan(2);
    expect(feature.columns.length).toBeGreaterThan(0);
  }
});

test.each(['saas-upgrade', 'bank-loan', 'campaign-response'])('%s gives at least 40 features', async (scenario) => {
  const table = await makeCustomers({ scenario, customers: 2000, seed: 3 });
  const fitted = fitRecipe(
    table,
    Uint32Array.from({ length: 1200 }, (_, i) => i),
  );
  expect(fitted.features.length).toBeGreaterThanOrEqual(40);
  expect(new Set(fitted.features.map((feature) => feature.name)).size).toBe(fitted.features.length);
});

test('features over all channels say so and name the columns of each', () => {
  for (const name of ['overall_engagement', 'engagement_x_recency', 'engagement_level']) {
    const feature = recipe.features.find((each) => each.name === name);
    expect(feature?.description.toLowerCase()).toContain('overall engagement');
    expect(feature?.columns).toEqual(
      expect.arrayContaining(['email_open_rate', 'website_visits_30d', 'has_app', 'social_interactions_30d']),
    );
  }
});

test('overall engagement is what the default scenario means by it', () => {
  const measured = (getColumn(features, 'overall_engagement') as { values: Float64Array }).values;
  const columns = customers.frame.columns.filter((column) => column.kind === 'number' || column.kind === 'category');
  const difference = measured.reduce((sum, value, row) => {
    const customer = Object.fromEntries(
      columns.map((column) => [column.name, column.kind === 'number' ? column.values[row] : column.codes[row]]),
    );
    return sum + Math.abs(value - overallEngagement(customer as unknown as EngagementColumns));
  }, 0);
  expect(difference / measured.length).toBeLessThan(0.02);
});

test('no two features hold the same values', () => {
  const seen = new Map<string, string>();
  for (const column of features.columns) {
    const values =
      column.kind === 'number' ? column.values : Float64Array.from((column as { codes: Int32Array }).codes);
    const key = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
    expect(seen.get(key), column.name).toBeUndefined();
    seen.set(key, column.name);
  }
});

test('ids, labels, sensitive columns and contacts are never features', () => {
  const used = new Set(recipe.features.flatMap((feature) => feature.columns));
  for (const column of customers.schema.columns) {
    if (column.role !== 'feature' && column.role !== 'date') expect(used).not.toContain(column.name);
  }
});

test('rows outside the training part change nothing in the recipe', () => {
  const swap = Uint32Array.from({ length: 5000 }, (_, i) => (i < 3000 ? i : 3000));
  const other: Table = { ...customers, frame: takeRows(customers.frame, swap) };
  expect(JSON.stringify(fitRecipe(other, train))).toBe(JSON.stringify(recipe));
});

test('rows of the training part do change it', () => {
  const first = fitRecipe(
    customers,
    Uint32Array.from({ length: 3000 }, (_, i) => i + 2000),
  );
  expect(JSON.stringify(first)).not.toBe(JSON.stringify(recipe));
});

test('one row at a time gives the same bytes as all at once', () => {
  for (const row of [0, 1, 1023, 1024, 2047, 4999]) {
    const alone = applyRecipeNow(recipe, { ...input, frame: takeRows(customers.frame, [row]) });
    expect(bytesOf(alone)).toBe(bytesOf(takeRows(features, [row])));
  }
});

test('chunks of any length give the same bytes as all at once', () => {
  for (const [from, to] of [
    [0, 5000],
    [17, 1500],
    [999, 4000],
  ] as const) {
    const rows = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    const chunk = applyRecipeNow(recipe, { ...input, frame: takeRows(customers.frame, rows) });
    expect(bytesOf(chunk)).toBe(bytesOf(takeRows(features, rows)));
  }
});

test('a snapshot day per row counts each date from its own day', () => {
  const days = new Float64Array(5000).fill(customers.asOf as number);
  days[7] = (days[7] as number) + 10;
  const later = applyRecipeNow(recipe, { frame: customers.frame, asOf: days });
  const tenure = (frame: Frame, row: number) =>
    cellAt(frame.columns.find((c) => c.name === 'tenure_days') as Column, row);
  expect(tenure(later, 7)).toBe((tenure(features, 7) as number) + 10);
  expect(tenure(later, 8)).toBe(tenure(features, 8));
});

test('a recipe survives JSON with all its results', () => {
  const again = readRecipe(JSON.parse(JSON.stringify(recipe)));
  expect(again).toEqual(recipe);
  expect(bytesOf(applyRecipeNow(again, input))).toBe(bytesOf(features));
});

test('excluded columns feed no feature', () => {
  const without = fitRecipe(customers, train, { exclude: ['website_visits_30d'] });
  expect(without.features.flatMap((feature) => feature.columns)).not.toContain('website_visits_30d');
  expect(without.features.length).toBeLessThan(recipe.features.length);
});

const own: Table = {
  schema: {
    name: 'own',
    columns: [
      { name: 'key', description: 'Key', kind: 'text', role: 'id' },
      { name: 'amount', description: 'Amount', kind: 'number', role: 'feature' },
      { name: 'city', description: 'City', kind: 'category', role: 'feature' },
      { name: 'opened_at', description: 'Opened', kind: 'date', role: 'date' },
    ],
  },
  frame: createFrame([
    createTextColumn(
      'key',
      Array.from({ length: 200 }, (_, i) => `k${i}`),
    ),
    {
      kind: 'number',
      name: 'amount',
      values: Float64Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? 100_000 : i % 7)),
    },
    {
      kind: 'category',
      name: 'city',
      codes: Int32Array.from({ length: 200 }, (_, i) => (i % 40 === 0 ? 2 : i % 41 === 0 ? 3 : i % 2)),
      levels: ['A', 'B', 'C', 'D'],
    },
    { kind: 'date', name: 'opened_at', days: Float64Array.from({ length: 200 }, (_, i) => 20_000 + i) },
  ]),
  asOf: 20_300,
};
const ownTrain = Uint32Array.from({ length: 200 }, (_, i) => i);

test('a table of its own kind gives numbers, logarithms where skewed, ages, parts and categories', () => {
  const names = fitRecipe(own, ownTrain).features.map((feature) => feature.name);
  expect(names).toEqual(['amount', 'log_amount', 'city', 'days_since_opened', 'opened_month', 'opened_weekday']);
});

test('rare levels stand together, an unseen level is missing', () => {
  const fitted = fitRecipe(own, ownTrain);
  const city = fitted.features.find((feature) => feature.name === 'city');
  expect(city?.levels).toEqual(['A', 'B', 'other']);
  const frame = createFrame([
    { kind: 'number', name: 'amount', values: Float64Array.of(1, 2, 3, 4) },
    { kind: 'category', name: 'city', codes: Int32Array.of(0, 1, 2, -1), levels: ['D', 'B', 'Paris'] },
    { kind: 'date', name: 'opened_at', days: Float64Array.of(1, 2, 3, 4) },
  ]);
  const column = applyRecipeNow(fitted, { frame, asOf: 20_300 }).columns.find((each) => each.name === 'city') as Column;
  expect([0, 1, 2, 3].map((row) => cellAt(column, row))).toEqual(['other', 'B', null, null]);
});

test('a table that lacks a column of the recipe is refused by its name', () => {
  const frame = { ...own.frame, columns: own.frame.columns.filter((column) => column.name !== 'city') };
  expect(() => applyRecipeNow(fitRecipe(own, ownTrain), { frame, asOf: 20_300 })).toThrow(/"city"/);
});

test('a column with no values at all is missing in every feature and breaks nothing', () => {
  const values = new Float64Array(200).fill(Number.NaN);
  const frame = {
    ...own.frame,
    columns: own.frame.columns.map((c) => (c.name === 'amount' ? { ...c, kind: 'number' as const, values } : c)),
  };
  const table = { ...own, frame } as Table;
  const made = applyRecipeNow(fitRecipe(table, ownTrain), { frame, asOf: 20_300 });
  expect(cellAt(made.columns.find((c) => c.name === 'amount') as Column, 0)).toBeNull();
});

test.each([
  ['an unknown operator', { op: 'eval', of: { op: 'constant', value: 1 } }],
  ['a number that is not finite', { op: 'constant', value: null }],
  ['descending edges', { op: 'bin', of: { op: 'column', name: 'a' }, edges: [2, 1] }],
  ['an operator inherited from Object', { op: 'constructor' }],
  ['no operands', { op: 'add', of: [] }],
  ['a later feature', { op: 'feature', name: 'f' }],
])('a recipe with %s is refused', (_, expression) => {
  const feature = { name: 'f', description: '', family: '', unit: '', kind: 'number', columns: [], expression };
  expect(() => readRecipe({ version: 1, features: [feature] })).toThrow(
    expect.objectContaining({ code: 'recipe.invalid' }),
  );
});

test('a recipe nested a hundred thousand deep is refused without a stack overflow', () => {
  let expression: unknown = { op: 'column', name: 'a' };
  for (let i = 0; i < 100_000; i++) expression = { op: 'not', of: expression };
  const feature = { name: 'f', description: '', family: '', unit: '', kind: 'number', columns: [], expression };
  expect(() => readRecipe({ version: 1, features: [feature] })).toThrow(
    expect.objectContaining({ code: 'recipe.invalid' }),
  );
});
