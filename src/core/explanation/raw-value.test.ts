import { expect, test } from 'vitest';
import type { Column } from '../data/frame.ts';
import type { ColumnSchema } from '../data/schema.ts';
import { rawValueWords } from './raw-value.ts';

const schema = (more: Partial<ColumnSchema>): ColumnSchema => ({
  name: 'x',
  description: 'Visits',
  kind: 'number',
  role: 'feature',
  ...more,
});
const numbers = (...values: number[]): Column => ({ kind: 'number', name: 'x', values: Float64Array.from(values) });
const words = (more: Partial<ColumnSchema>, column: Column, row = 0) =>
  rawValueWords(schema(more), column, row, 20_000);

test('numbers say their unit, shares are per cent, counts stand alone', () => {
  expect(words({ unit: 'EUR' }, numbers(310))).toBe('310 EUR');
  expect(words({ unit: 'share' }, numbers(0.6234567))).toBe('62.35 %');
  expect(words({ unit: 'count' }, numbers(-3))).toBe('−3');
  expect(words({}, numbers(123_456))).toBe('123456');
});

test('a day is told from the snapshot day, whatever its hour, and as a date where there is none', () => {
  const days: Column = {
    kind: 'date',
    name: 'x',
    days: Float64Array.of(19_988.9, 20_000.2, 19_999, 20_002, Number.NaN),
  };
  const told = [0, 1, 2, 3, 4].map((row) => words({ kind: 'date' }, days, row));
  expect(told).toEqual(['12 days ago', 'on the snapshot day', '1 day ago', 'in 2 days', 'not known']);
  expect(rawValueWords(schema({ kind: 'date' }), days, 2, undefined)).toBe('2024-10-03');
});

test('what is missing is not known', () => {
  expect(words({ unit: 'share' }, numbers(Number.NaN))).toBe('not known');
  const category: Column = { kind: 'category', name: 'x', codes: Int32Array.of(-1, 1), levels: ['web', 'shop'] };
  expect([0, 1].map((row) => words({ kind: 'category' }, category, row))).toEqual(['not known', 'shop']);
});
