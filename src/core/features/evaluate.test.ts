import { expect, test } from 'vitest';
import { createFrame } from '../data/frame.ts';
import { createEvaluator } from './evaluate.ts';
import type { Expression } from './expression.ts';

const nan = Number.NaN;
const frame = createFrame([
  { kind: 'number', name: 'a', values: Float64Array.of(1, 4, nan, -3, 0) },
  { kind: 'number', name: 'b', values: Float64Array.of(2, 0, 5, 1, nan) },
  { kind: 'category', name: 'tier', codes: Int32Array.of(0, 1, 2, -1, 1), levels: ['low', 'high', 'odd'] },
  // 1970-01-01 Thursday, 2000-02-29 Tuesday 06:00, 2024-12-31 Tuesday, missing, 1969-12-31 Wednesday.
  { kind: 'date', name: 'day', days: Float64Array.of(0, 11_016.25, 20_088, nan, -1) },
]);

function values(expression: Expression, asOf: number | undefined = 20_100): number[] {
  const out = new Float64Array(frame.rowCount);
  createEvaluator({ frame, ...(asOf === undefined ? {} : { asOf }) }, () => new Float64Array(0)).evaluate(
    expression,
    0,
    out,
  );
  return [...out];
}

const a: Expression = { op: 'column', name: 'a' };
const b: Expression = { op: 'column', name: 'b' };
const constant = (value: number): Expression => ({ op: 'constant', value });

test('arithmetic with a missing operand is missing, and so is a division by zero', () => {
  expect(values({ op: 'add', of: [a, b] })).toEqual([3, 4, nan, -2, nan]);
  expect(values({ op: 'divide', left: a, right: b })).toEqual([0.5, nan, nan, -3, nan]);
  expect(values({ op: 'subtract', left: a, right: b })).toEqual([-1, 4, nan, -4, nan]);
  expect(values({ op: 'multiply', of: [a, b, constant(2)] })).toEqual([4, 0, nan, -6, nan]);
});

test('a mean is over the operands that are there', () => {
  expect(values({ op: 'mean', of: [a, b] })).toEqual([1.5, 2, 5, -1, 0]);
});

test('roots and logarithms of negative numbers are missing', () => {
  expect(values({ op: 'squareRoot', of: a })).toEqual([1, 2, nan, nan, 0]);
  expect(values({ op: 'log1p', of: a })[3]).toBeNaN();
  expect(values({ op: 'log1p', of: a })[4]).toBe(0);
});

test('truth is three-valued as in SQL', () => {
  const positive: Expression = { op: 'compare', by: '>', left: a, right: constant(0) };
  const large: Expression = { op: 'compare', by: '>=', left: b, right: constant(2) };
  expect(values(positive)).toEqual([1, 1, nan, 0, 0]);
  expect(values({ op: 'and', of: [positive, large] })).toEqual([1, 0, nan, 0, 0]);
  expect(values({ op: 'or', of: [positive, large] })).toEqual([1, 1, 1, 0, nan]);
  expect(values({ op: 'not', of: positive })).toEqual([0, 0, nan, 1, 1]);
});

test('an unknown condition takes the other branch', () => {
  const when: Expression = { op: 'compare', by: '>', left: a, right: constant(0) };
  expect(values({ op: 'if', when, then: constant(10), otherwise: b })).toEqual([10, 10, 5, 1, nan]);
});

test('a value on an edge belongs to the bin above it', () => {
  expect(values({ op: 'bin', of: a, edges: [0, 1, 4] })).toEqual([2, 3, nan, 0, 1]);
});

test('a percentile interpolates between quantiles and takes the middle of ties', () => {
  const rank = (value: number, quantiles: number[]) => values({ op: 'percentile', of: constant(value), quantiles })[0];
  expect(rank(5, [0, 10, 20])).toBe(0.25);
  expect(rank(-1, [0, 10, 20])).toBe(0);
  expect(rank(21, [0, 10, 20])).toBe(1);
  expect(rank(0, [0, 0, 0, 6, 8])).toBe(0.25);
  expect(rank(3, [0, 0, 0, 6, 8])).toBe(0.625);
  expect(rank(8, [0, 0, 0, 6, 8])).toBe(1);
});

test('dates become ages and parts', () => {
  expect(values({ op: 'daysBefore', column: 'day' })).toEqual([20_100, 9083.75, 12, nan, 20_101]);
  expect(values({ op: 'datePart', column: 'day', part: 'weekday' })).toEqual([4, 2, 2, nan, 3]);
  expect(values({ op: 'datePart', column: 'day', part: 'month' })).toEqual([1, 2, 12, nan, 12]);
  expect(values({ op: 'datePart', column: 'day', part: 'dayOfMonth' })).toEqual([1, 29, 31, nan, 31]);
  expect(values({ op: 'datePart', column: 'day', part: 'year' })).toEqual([1970, 2000, 2024, nan, 1969]);
  expect(values({ op: 'datePart', column: 'day', part: 'hour' })).toEqual([0, 6, 0, nan, 0]);
});

test('an age without a snapshot day is refused with what to do', () => {
  const out = new Float64Array(1);
  const evaluator = createEvaluator({ frame }, () => out);
  expect(() => evaluator.evaluate({ op: 'daysBefore', column: 'day' }, 0, out)).toThrow(/snapshot day/);
});

test('every day of 800 years has the parts that the calendar gives it', () => {
  const start = -146_097;
  const days = Float64Array.from({ length: 292_194 }, (_, i) => start + i);
  const calendar = createFrame([{ kind: 'date', name: 'd', days }]);
  const evaluator = createEvaluator({ frame: calendar }, () => days);
  const out = new Float64Array(1024);
  for (let from = 0; from < days.length; from += 1024 * 7) {
    const block = out.subarray(0, Math.min(1024, days.length - from));
    for (const [part, get] of [
      ['year', (date: Date) => date.getUTCFullYear()],
      ['month', (date: Date) => date.getUTCMonth() + 1],
      ['dayOfMonth', (date: Date) => date.getUTCDate()],
      ['weekday', (date: Date) => date.getUTCDay() || 7],
    ] as const) {
      evaluator.evaluate({ op: 'datePart', column: 'd', part }, from, block);
      const wrong = block.findIndex((value, i) => value !== get(new Date((start + from + i) * 86_400_000)));
      expect(wrong).toBe(-1);
    }
  }
});

test('levels map to codes, rare ones to the last, unseen and missing ones to nothing', () => {
  const table = { levels: ['high', 'other'], rare: ['low'] };
  expect(values({ op: 'category', column: 'tier', table })).toEqual([1, 0, nan, nan, 0]);
  expect(values({ op: 'isLevel', column: 'tier', levels: ['high', 'odd'] })).toEqual([0, 1, 1, nan, 1]);
  expect(values({ op: 'levelValue', column: 'tier', levels: ['low', 'high'], values: [1, 7] })).toEqual([
    1,
    7,
    nan,
    nan,
    7,
  ]);
});
