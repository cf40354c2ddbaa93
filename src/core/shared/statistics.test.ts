import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  argsort,
  argsortDescending,
  mean,
  quantile,
  quantiles,
  rankingQuality,
  sortedQuantile,
  standardDeviation,
  sum,
  variance,
} from './statistics.ts';

const doubles = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, -1)));

test('an order is stable, ascending or descending, with NaN last', () => {
  fc.assert(
    fc.property(doubles, (list) => {
      const values = Float64Array.from(list);
      const rows = list.map((_, row) => row);
      const last = (row: number): number => (Number.isNaN(list[row]) ? 1 : 0);
      const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
      const up = rows.slice().sort((a, b) => last(a) - last(b) || compare(list[a]!, list[b]!));
      const down = rows.slice().sort((a, b) => last(a) - last(b) || compare(list[b]!, list[a]!));
      expect([...argsort(values)]).toEqual(up);
      expect([...argsortDescending(values)]).toEqual(down);
    }),
  );
});

test('a million rows are ordered as the engine orders them', () => {
  const values = new Float64Array(1_000_000);
  for (let i = 0, state = 1; i < values.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223;
    values[i] = state / 3e5;
  }
  const order = argsort(values);
  const sorted = values.slice().sort();
  let wrong = 0;
  for (let i = 0; i < order.length; i++) if (values[order[i]!] !== sorted[i]) wrong++;
  expect(wrong).toBe(0);
});

test('quantiles are those of numpy', () => {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0, 0.1, 0.25, 0.5, 0.9, 1])
  const values = [3, 1, 4, Number.NaN, 1, 5, 9, 2, 6];
  expect(quantiles(values, [0, 0.1, 0.25, 0.5, 0.9, 1])).toEqual([1, 1, 1.75, 3.5, 6.8999999999999995, 9]);
  expect(quantile([7], 0.3)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
  expect(sortedQuantile([0, 10], 0.95)).toBe(9.5);
});

test('sums lose nothing that one rounding would keep', () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(new Float64Array(1000).fill(0.1))).toBe(100);
  expect(sum([Number.POSITIVE_INFINITY, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(sum([])).toBe(0);
});

test('mean, variance and standard deviation are those of numpy', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(mean(values)).toBe(5);
  expect(variance(values)).toBe(4);
  expect(variance(values, 1)).toBe(32 / 7);
  expect(standardDeviation(values)).toBe(2);
  expect(mean([])).toBeNaN();
  expect(variance([1], 1)).toBeNaN();
  expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3], 1)).toBe(1);
});

test('a ranking is judged as scikit-learn does, ties included', () => {
  // roc_auc_score and average_precision_score of the same labels and scores.
  const labels = [1, 0, 1, 1, 0, 0, 1, 0];
  const scores = Float64Array.of(0.9, 0.8, 0.8, 0.5, 0.5, 0.5, 0.1, 0.0);
  const { auc, averagePrecision } = rankingQuality(scores, labels);
  expect(auc).toBe(0.65625);
  expect(averagePrecision).toBeCloseTo(0.6845238095238095, 15);
});

test('the AUC is the share of pairs that stand in the right order, whatever the scores', () => {
  const rows = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(-2, -0, 0, 0.5, 1e300)), { maxLength: 30 });
  fc.assert(
    fc.property(rows, (list) => {
      const pairs = list.flatMap(([a, x]) => list.flatMap(([b, y]) => (a === 1 && b === 0 ? [[x, y] as const] : [])));
      const wins = pairs.reduce((count, [x, y]) => count + (x > y ? 1 : x === y ? 0.5 : 0), 0);
      const scores = Float64Array.from(list, ([, score]) => score);
      const labels = list.map(([label]) => label);
      expect(rankingQuality(scores, labels).auc).toBe(wins / pairs.length);
    }),
  );
});

test('missing scores rank last, together; one class alone ranks nothing', () => {
  expect(rankingQuality(Float64Array.of(Number.NaN, 1, Number.NaN), [0, 1, 0])).toEqual({
    auc: 1,
    averagePrecision: 1,
  });
  expect(rankingQuality(Float64Array.of(Number.NaN, Number.NaN), [0, 1]).auc).toBe(0.5);
  for (const labels of [
    [1, 1],
    [0, 0],
  ])
    expect(rankingQuality(Float64Array.of(1, 2), labels).auc).toBeNaN();
});
