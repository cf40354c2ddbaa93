import { expect, test } from 'vitest';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { confidenceOf, fitConfidence } from './confidence.ts';
import { defaultCutoffs } from './cutoffs.ts';

/** Scores of customers and of refits that shake each score by normal noise in log-odds. */
function shaken(rows: number, refits: number, noise: number, seed = 3) {
  const random = createRandom(seed);
  const logOdds = Float64Array.from({ length: rows }, () => random.normal() * 1.5);
  return {
    original: logOdds.map((value) => sigmoid(value)),
    refits: Array.from({ length: refits }, () => logOdds.map((value) => sigmoid(value + noise * random.normal()))),
  };
}

test('shares never fall with the distance and lie between 0 and 1', () => {
  const { original, refits } = shaken(2000, 10, 0.3);
  const table = fitConfidence(original, refits, defaultCutoffs);
  expect(table.distances.length).toBeGreaterThan(4);
  table.shares.forEach((share, i) => {
    expect(share).toBeGreaterThanOrEqual(table.shares[i - 1] ?? 0);
    expect(share).toBeLessThanOrEqual(1);
    expect(table.distances[i]).toBeGreaterThan(table.distances[i - 1] ?? -1);
  });
  let before = 0;
  for (let propensity = 0.7; propensity <= 1; propensity += 0.01) {
    const confidence = confidenceOf(table, propensity);
    expect(confidence).toBeGreaterThanOrEqual(before);
    before = confidence;
  }
});

test('on fresh customers the confidence is the share of refits that agree', () => {
  const learned = shaken(4000, 10, 0.3);
  const table = fitConfidence(learned.original, learned.refits, defaultCutoffs);
  const fresh = shaken(4000, 40, 0.3, 8);
  const band = (propensity: number): number => (propensity >= 0.7 ? 2 : propensity >= 0.4 ? 1 : 0);
  let predicted = 0;
  let agreed = 0;
  fresh.original.forEach((propensity, row) => {
    predicted += confidenceOf(table, propensity);
    agreed += fresh.refits.filter((refit) => band(refit[row]!) === band(propensity)).length / fresh.refits.length;
  });
  expect(Math.abs(predicted - agreed) / fresh.original.length).toBeLessThan(0.01);
});

test('refits that never differ make every band certain; it says nothing of the chance of buying', () => {
  const { original } = shaken(100, 1, 0);
  const table = fitConfidence(original, [original, original], defaultCutoffs);
  for (const propensity of [0.01, 0.4, 0.69, 0.7, 0.99]) expect(confidenceOf(table, propensity)).toBe(1);
});

test('one customer, equal scores and the edge itself are no trouble', () => {
  const one = fitConfidence(Float64Array.of(0.7), [Float64Array.of(0.69), Float64Array.of(0.71)], defaultCutoffs);
  expect(confidenceOf(one, 0.2)).toBe(0.5);
  const equal = fitConfidence(new Float64Array(50).fill(0.5), [new Float64Array(50).fill(0.5)], defaultCutoffs);
  expect(equal.distances).toHaveLength(1);
  expect(() => fitConfidence(new Float64Array(3), [new Float64Array(2)], defaultCutoffs)).toThrow(
    'one score per customer',
  );
});
