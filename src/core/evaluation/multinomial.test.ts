import { expect, test } from 'vitest';
import { mean, variance } from '../shared/statistics.ts';
import { createRandom } from '../shared/random.ts';
import { binomial, resampleConfusion } from './multinomial.ts';

test.each([
  [20, 0.03],
  [400, 0.2],
  [400, 0.9],
  [50_000, 0.004],
  [50_000, 0.3],
])('%i trials at %f have the mean and variance of a binomial', (trials, chance) => {
  const random = createRandom(5);
  const drawn = Float64Array.from({ length: 20_000 }, () => binomial(trials, chance, random));
  const expected = trials * chance * (1 - chance);
  expect(Math.abs(mean(drawn) - trials * chance)).toBeLessThan(4 * Math.sqrt(expected / drawn.length));
  expect(variance(drawn) / expected).toBeGreaterThan(0.94);
  expect(variance(drawn) / expected).toBeLessThan(1.06);
  expect(drawn.every((each) => Number.isInteger(each) && each >= 0 && each <= trials)).toBe(true);
});

test('a resampled confusion keeps its total and spreads as resampled customers do', () => {
  const confusion = { truePositive: 30, falsePositive: 20, trueNegative: 900, falseNegative: 50 };
  const random = createRandom(6);
  const direct = Float64Array.from({ length: 5000 }, () => {
    const drawn = resampleConfusion(confusion, random);
    expect(drawn.truePositive + drawn.falsePositive + drawn.trueNegative + drawn.falseNegative).toBe(1000);
    return drawn.truePositive / (drawn.truePositive + drawn.falsePositive);
  });
  const customers = Float64Array.from({ length: 5000 }, () => {
    let [hits, misses] = [0, 0];
    for (let draw = 0; draw < 1000; draw++) {
      const customer = random.integer(1000);
      if (customer < 30) hits++;
      else if (customer < 50) misses++;
    }
    return hits / (hits + misses);
  });
  expect(mean(direct)).toBeCloseTo(mean(customers), 2);
  expect(variance(direct) / variance(customers)).toBeGreaterThan(0.9);
  expect(variance(direct) / variance(customers)).toBeLessThan(1.1);
});
