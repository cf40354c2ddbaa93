import { expect, test } from 'vitest';
import { createFrame } from '../data/frame.ts';
import { typicalCustomers } from './typical-customers.ts';

const rows = Uint32Array.from({ length: 320 }, (_, row) => row);
const scores = Float64Array.from(rows, (row) => (row * 7) % 320);
const features = createFrame([
  { kind: 'number', name: 'x', values: Float64Array.from(scores) },
  // Missing for the lower half, and for one in ten of the others.
  {
    kind: 'number',
    name: 'y',
    values: Float64Array.from(scores, (score) => (score < 160 || score % 10 === 0 ? Number.NaN : 4)),
  },
  {
    kind: 'category',
    name: 'z',
    levels: ['a', 'b'],
    codes: Int32Array.from(scores, (score) => (score % 3 === 0 ? -1 : score < 200 ? 0 : 1)),
  },
]);

test('customers in order of their score, ten at a time, each group its average', () => {
  const typical = typicalCustomers(features, rows, scores);
  expect(typical.rowCount).toBe(32);
  const [x, y, z] = typical.columns;
  if (x?.kind !== 'number' || y?.kind !== 'number' || z?.kind !== 'category') throw new Error('kinds');
  expect([...x.values]).toEqual(Array.from({ length: 32 }, (_, group) => 10 * group + 4.5));
  expect([...y.values]).toEqual(Array.from({ length: 32 }, (_, group) => (group < 16 ? Number.NaN : 4)));
  expect([...z.codes]).toEqual(Array.from({ length: 32 }, (_, group) => (group < 20 ? 0 : 1)));
});

test('never fewer than five customers in one, unless there are no more', () => {
  expect(typicalCustomers(features, rows.subarray(0, 23), scores).rowCount).toBe(4);
  expect(typicalCustomers(features, rows.subarray(0, 3), scores).rowCount).toBe(1);
});

test('only the rows given count', () => {
  const [x] = typicalCustomers(features, Uint32Array.of(5, 5, 5, 5, 5), scores).columns;
  expect(x?.kind === 'number' && [...x.values]).toEqual([35]);
});
