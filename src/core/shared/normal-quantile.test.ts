import { expect, test } from 'vitest';
import golden from '../../testing/golden/normal-quantile.json' with { type: 'json' };
import { normalQuantile } from './normal-quantile.ts';

test('quantiles of the normal distribution are those of scipy to 1.2e-9, down to the smallest shares', () => {
  golden.shares.forEach((share, i) => {
    const expected = golden.quantiles[i] as number;
    const error = Math.abs(normalQuantile(share) - expected);
    expect(error, `share ${share}`).toBeLessThanOrEqual(1.2e-9 * Math.abs(expected));
  });
});

test('it is symmetric, infinite at its ends, and undefined outside', () => {
  for (const share of [0.01, 0.2, 0.4]) expect(normalQuantile(1 - share)).toBeCloseTo(-normalQuantile(share), 14);
  expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity]);
  expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});
