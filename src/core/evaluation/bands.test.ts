import { expect, test } from 'vitest';
import { bandOf, bandTable, rateBand } from './bands.ts';

test('bands begin at 0.70 and 0.40', () => {
  expect([0.7, 0.6999, 0.4, 0.3999].map((score) => bandOf(score))).toEqual(['High', 'Medium', 'Medium', 'Low']);
});

test('shares and buyers of the bands add up', () => {
  const labels = Int8Array.of(1, 0, 1, 0, 0, 1);
  const rows = bandTable(labels, Float64Array.of(0.9, 0.8, 0.5, 0.5, 0.1, 0.2));
  expect(rows.map((row) => row.name)).toEqual(['High', 'Medium', 'Low']);
  expect(rows.map((row) => row.customers)).toEqual([2, 2, 2]);
  expect(rows.reduce((sum, row) => sum + row.buyersHeld, 0)).toBeCloseTo(1, 12);
  for (const row of rows) expect(row.conversion).toBe(0.5);
});

// scipy.stats.beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5), scipy 1.17.1
test.each([
  [3, 20, 0.04413134, 0.34857771],
  [50, 1000, 0.03777013, 0.06482846],
])('the band of %i in %i is that of scipy', (successes, trials, low, high) => {
  const band = rateBand(successes, trials);
  expect(band.low).toBeCloseTo(low, 7);
  expect(band.high).toBeCloseTo(high, 7);
});

test('none of none can be anything', () => {
  expect(rateBand(0, 0)).toEqual({ low: 0, high: 1 });
  expect(rateBand(0, 10).low).toBe(0);
  expect(rateBand(10, 10).high).toBe(1);
});
