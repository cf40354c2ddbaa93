import { expect, test } from 'vitest';
import { snapshotDay, tinyBundle, tinyCustomers } from '../../testing/golden/bundle-fixture.ts';
import { cellAt, createFrame, sliceRows, takeRows } from '../data/frame.ts';
import { modelKinds } from '../models/model.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createScorer } from './scorer.ts';

const scorer = createScorer(tinyBundle('boosting'));
const customer = { id: 'C7', age: 35, visits: 12, region: 'south', joined: '2023-01-31' };

test.each(modelKinds)('%s: a customer alone, in a request and in a table has the same bits', async (kind) => {
  const one = createScorer(tinyBundle(kind));
  const table = tinyCustomers(200, 3);
  const records = Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, cellAt(column, row)])),
  );
  const scores = await one.scoreFrame(table);
  const { results, findings } = one.scoreCustomers(records);
  expect(findings).toEqual([]);
  expect(results.map((result) => result?.propensity_score)).toEqual([...scores.propensity]);
  expect(results.map((result) => result?.conversion_probability)).toEqual([...scores.probability]);
  expect(results.map((result) => result?.confidence)).toEqual([...scores.confidence]);
  const alone = await one.scoreFrame(sliceRows(table, 17, 18));
  expect(alone.raw[0]).toBe(scores.raw[17]);
  expect(scores.propensity[17]).toBe(sigmoid(scores.raw[17]!));
});

test('the answer has the documented fields', () => {
  const [result] = scorer.scoreCustomers([customer]).results;
  expect(Object.keys(result!)).toEqual([
    'customer_id',
    'propensity_score',
    'risk_category',
    'confidence',
    'conversion_probability',
    'conversion_probability_low',
    'conversion_probability_high',
    'decile',
    'model_version',
    'as_of',
  ]);
  expect(result).toMatchObject({
    customer_id: 'C7',
    model_version: scorer.bundle.manifest.modelVersion,
    as_of: '2024-06-30',
  });
});

test('score and probability rank alike, and bands follow the cut-offs', async () => {
  const logistic = createScorer(tinyBundle('logistic'));
  const { propensity, probability, band } = await logistic.scoreFrame(tinyCustomers(400, 8));
  const byScore = [...propensity.keys()].sort((a, b) => propensity[a]! - propensity[b]! || a - b);
  const byProbability = [...propensity.keys()].sort((a, b) => probability[a]! - probability[b]! || a - b);
  expect(byProbability).toEqual(byScore);
  propensity.forEach((score, row) => expect(band[row]).toBe(score >= 0.7 ? 2 : score >= 0.4 ? 1 : 0));
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['a required field that is absent', { ...customer, age: undefined }, '/age', 'refused'],
  ['a required field that is null', { ...customer, age: null }, '/age', 'refused'],
  ['a number as text', { ...customer, age: '35' }, '/age', 'refused'],
  ['a truth value for a number', { ...customer, age: true }, '/age', 'refused'],
  ['a fraction where whole numbers are', { ...customer, age: 35.5 }, '/age', 'refused'],
  ['an object for a number', { ...customer, visits: {} }, '/visits', 'refused'],
  ['a number for a category', { ...customer, region: 3 }, '/region', 'refused'],
  ['a day no calendar has', { ...customer, joined: '2023-02-30' }, '/joined', 'refused'],
  ['a date in another form', { ...customer, joined: '31/01/2023' }, '/joined', 'refused'],
  ['a bad snapshot day', { ...customer, as_of: 'today' }, '/as_of', 'refused'],
  ['a category never seen', { ...customer, region: 'east' }, '/region', 'note'],
  ['a value out of range', { ...customer, age: 130 }, '/age', 'note'],
  ['an unknown field', { ...customer, shoe_size: 44 }, '/shoe_size', 'note'],
  ['an unknown field with a slash', { ...customer, 'a/b~c': 1 }, '/a~1b~0c', 'note'],
  ['a field called constructor', { ...customer, constructor: 1 }, '/constructor', 'note'],
  ['a date after the snapshot day', { ...customer, joined: '2024-07-01' }, '/joined', 'note'],
])('%s is found at its place', (_, record, pointer, level) => {
  const { results, findings } = scorer.scoreCustomers([record]);
  expect(findings).toMatchObject([{ record: 0, pointer, level }]);
  expect(results[0] === undefined).toBe(level === 'refused');
});

test.each([[null], [3], ['x'], [[]], [[customer]]])('%j is no customer', (record) => {
  const { results, findings } = scorer.scoreCustomers([record, customer]);
  expect(findings).toMatchObject([{ record: 0, pointer: '', level: 'refused' }]);
  expect(results[0]).toBeUndefined();
  expect(results[1]?.customer_id).toBe('C7');
});

test('an empty customer hears of every required field; optional ones may be absent', () => {
  expect(scorer.scoreCustomers([{}]).findings.map((finding) => finding.pointer)).toEqual(['/age']);
  expect(scorer.scoreCustomers([{ age: 40 }]).results[0]).toMatchObject({ customer_id: null });
});

test('an unseen category scores as a missing one', () => {
  const { results } = scorer.scoreCustomers([
    { ...customer, region: 'east' },
    { ...customer, region: null },
  ]);
  expect(results[0]).toEqual(results[1]);
});

test("a customer's own snapshot day counts, and the answer says which it was", () => {
  const recent = { ...customer, visits: 2 };
  const { results } = scorer.scoreCustomers([recent, { ...recent, as_of: '2029-01-01' }], { asOf: snapshotDay - 1 });
  expect(results.map((result) => result?.as_of)).toEqual(['2024-06-29', '2029-01-01']);
  expect(results[0]?.propensity_score).not.toBe(results[1]?.propensity_score);
});

test('a table with columns in another order, levels in another order and extra columns scores the same', async () => {
  const table = tinyCustomers(100, 4);
  const [id, age, visits, region, joined] = table.columns;
  if (region?.kind !== 'category') throw new Error('fixture');
  const levels = ['west', 'unheard of', 'north', 'south'];
  const codes = region.codes.map((code) => (code < 0 ? -1 : levels.indexOf(region.levels[code]!)));
  const other = createFrame([
    joined!,
    { ...region, codes, levels },
    { ...visits!, name: 'extra' } as typeof age & object,
    visits!,
    id!,
    age!,
  ]);
  expect((await scorer.scoreFrame(other)).raw).toEqual((await scorer.scoreFrame(table)).raw);
});

test('a table in chunks scores as one', async () => {
  const table = takeRows(
    tinyCustomers(500, 2),
    Uint32Array.from({ length: 70_000 }, (_, i) => (i * 7) % 500),
  );
  const { raw } = await scorer.scoreFrame(table);
  const { raw: few } = await scorer.scoreFrame(tinyCustomers(500, 2));
  expect(raw.every((value, i) => value === few[(i * 7) % 500])).toBe(true);
});

test('a table without rows gives no scores', async () => {
  expect((await scorer.scoreFrame(tinyCustomers(0))).raw).toHaveLength(0);
});
