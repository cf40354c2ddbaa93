import { expect, test } from 'vitest';
import { tinyBundle, tinyCustomers, tinyRecipe, snapshotDay } from '../../testing/golden/bundle-fixture.ts';
import { createFrame } from '../data/frame.ts';
import { applyRecipeNow } from '../features/apply.ts';
import { createBundle, writeBundle } from './bundle.ts';
import { canonicalJson } from './canonical-json.ts';
import { explainingJson, readExplaining } from './explaining.ts';
import { JsonReader } from './json-reader.ts';
import { readBundle } from './read-bundle.ts';
import { reasonsFor } from './reasons-for.ts';

const background = createFrame([
  { kind: 'number', name: 'age', values: Float64Array.of(31.5, Number.NaN) },
  { kind: 'category', name: 'region', codes: Int32Array.of(1, -1), levels: ['north', 'south', 'west'] },
]);
const stability = { refits: 10, columns: [{ column: 'age', share: 0.9 }] };
const parse = (value: unknown) =>
  readExplaining(JsonReader.parse(new TextEncoder().encode(canonicalJson(value)), 'explanation.json'));

test('what reasons need is read back as it was written, missing cells missing', () => {
  const read = parse(explainingJson({ background, stability }));
  expect(read.stability).toEqual(stability);
  const [age, region] = read.background?.columns ?? [];
  expect(age).toEqual(background.columns[0]);
  expect(region).toEqual({ kind: 'category', name: 'region', codes: Int32Array.of(0, -1), levels: ['south'] });
  expect(parse(explainingJson({}))).toEqual({});
});

test.each([
  ['a share above 1', { stability: { refits: 3, columns: [{ column: 'age', share: 1.2 }] } }],
  ['no refits', { stability: { refits: 0, columns: [] } }],
  [
    'columns of different length',
    {
      background: [
        { name: 'a', kind: 'number', cells: [1, 2] },
        { name: 'b', kind: 'number', cells: [1] },
      ],
    },
  ],
  ['no rows', { background: [{ name: 'a', kind: 'number', cells: [] }] }],
  ['more rows than anybody needs', { background: [{ name: 'a', kind: 'number', cells: new Array(1001).fill(0) }] }],
  ['a text among numbers', { background: [{ name: 'a', kind: 'number', cells: ['1'] }] }],
  ['a date', { background: [{ name: 'a', kind: 'date', cells: [1] }] }],
])('refused is %s', (_, value) => {
  expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'bundle.format' }));
});

const customers = () => {
  const frame = tinyCustomers(5, 3);
  return { frame, features: applyRecipeNow(tinyRecipe, { frame, asOf: snapshotDay }), asOf: snapshotDay };
};

test("a network's bundle without typical customers scores, and says why it has no reasons", () => {
  expect(() => reasonsFor(tinyBundle('neural'), customers(), 0)).toThrow(
    expect.objectContaining({ code: 'study.not-ready' }),
  );
});

test('a bundle that carries them gives the same reasons before and after it is saved, with their stability', () => {
  const { manifest, golden: _, ...parts } = tinyBundle('neural');
  const typical = applyRecipeNow(tinyRecipe, { frame: tinyCustomers(8, 9), asOf: snapshotDay });
  const bundle = createBundle(manifest, { ...parts, explaining: { background: typical, stability } });
  const read = readBundle(writeBundle(bundle));
  let aged = 0;
  for (let row = 0; row < 5; row++) {
    const reasons = reasonsFor(bundle, customers(), row);
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasonsFor(read, customers(), row)).toEqual(reasons);
    for (const { column, stability: share } of reasons) expect(share).toBe(column === 'age' ? 0.9 : null);
    aged += reasons.filter(({ column }) => column === 'age').length;
  }
  expect(aged).toBeGreaterThan(0);
});

test('a date that counts from each row’s own day is told from it', () => {
  const { frame, features } = customers();
  const joined = frame.columns.find(({ name }) => name === 'joined');
  const row = joined?.kind === 'date' ? joined.days.findIndex((day) => day < snapshotDay) : -1;
  const words = (asOf: number) =>
    reasonsFor(tinyBundle('logistic'), { frame, features, asOf: new Float64Array(5).fill(asOf) }, row, 9)
      .find(({ column }) => column === 'joined')
      ?.words.split(':')[0];
  const [early, late] = [words(snapshotDay), words(snapshotDay + 10)];
  expect(early).toMatch(/\d days ago$/);
  expect(late).not.toBe(early);
});
