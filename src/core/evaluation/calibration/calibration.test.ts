import { expect, test } from 'vitest';
import golden from '../../../testing/golden/calibration.json' with { type: 'json' };
import { log, sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import { fitBeta } from './beta.ts';
import { calibrationCurve } from './calibration-curve.ts';
import { type Calibrator, calibrate, calibrateOne, readCalibrator } from './calibrator.ts';
import { fitCalibrator } from './fit-calibrator.ts';
import { fitIsotonic, poolAdjacentViolators } from './isotonic.ts';
import { fitPlatt } from './platt.ts';

const raw = Float64Array.from(golden.raw);
const labels = Int8Array.from(golden.labels);

function simulated(rows: number, chance: (raw: number) => number) {
  const random = createRandom(12);
  const scores = Float64Array.from({ length: rows }, () => random.normal() * 2);
  return { raw: scores, labels: Int8Array.from(scores, (score) => (random.next() < chance(score) ? 1 : 0)) };
}

test('Platt scaling is the maximum of its likelihood', () => {
  const { slope, intercept } = fitPlatt(raw, labels);
  expect(slope).toBeCloseTo(golden.platt.slope, 6);
  expect(intercept).toBeCloseTo(golden.platt.intercept, 6);
});

test('beta calibration is the maximum of its likelihood', () => {
  const { a, b, c } = fitBeta(raw, labels);
  expect(a).toBeCloseTo(golden.beta.a, 5);
  expect(b).toBeCloseTo(golden.beta.b, 5);
  expect(c).toBeCloseTo(golden.beta.c, 5);
});

test('the pooled blocks are those of scikit-learn', () => {
  const blocks = poolAdjacentViolators(raw, labels);
  const rates = blocks.map((block) => block.positives / block.rows);
  const steps = [...new Set(golden.isotonic.rate.map((rate) => rate.toFixed(10)))];
  expect(rates.map((rate) => rate.toFixed(10))).toEqual(steps);
});

const fits: readonly [string, (raw: Float64Array, labels: Int8Array) => Calibrator][] = [
  ['platt', fitPlatt],
  ['beta', fitBeta],
  ['isotonic', fitIsotonic],
];

test.each(fits)('%s rises strictly and is never 0 or 1', (_, fit) => {
  const calibrator = fit(raw, labels);
  let before = 0;
  for (let score = -15; score <= 15; score += 0.01) {
    const probability = calibrateOne(calibrator, score);
    expect(probability).toBeGreaterThan(before);
    before = probability;
  }
  expect(before).toBeLessThan(1);
  expect(calibrateOne(calibrator, 800)).toBeLessThan(1);
  expect(calibrateOne(calibrator, -800)).toBeGreaterThan(0);
});

test.each(fits)('%s survives JSON and gives the same bits', (_, fit) => {
  const calibrator = fit(raw, labels);
  const back = readCalibrator(JSON.parse(JSON.stringify(calibrator)));
  expect(calibrate(back, raw)).toEqual(calibrate(calibrator, raw));
});

test('a score that ranks backwards still gives a rising map', () => {
  const backwards = raw.map((value) => -value);
  for (const [, fit] of fits.slice(0, 2)) {
    const calibrator = fit(backwards, labels);
    expect(calibrateOne(calibrator, 1)).toBeGreaterThan(calibrateOne(calibrator, 0));
  }
});

test('the mean probability after Platt and beta is the conversion rate', () => {
  const rate = labels.reduce<number>((sum, label) => sum + label, 0) / labels.length;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(calibrate(fitBeta(raw, labels), raw))).toBeCloseTo(rate, 6);
  expect(mean(calibrate(fitPlatt(raw, labels), raw))).toBeCloseTo(rate, 2);
});

test('the calibrator chosen follows the shape of the miscalibration', () => {
  const straight = simulated(4000, (score) => sigmoid(0.6 * score - 2));
  expect(fitCalibrator(straight.raw, straight.labels, 1).kind).not.toBe('isotonic');
  const stepped = simulated(6000, (score) => (score > 1 ? 0.7 : score > -1 ? 0.3 : 0.05));
  expect(fitCalibrator(stepped.raw, stepped.labels, 1).kind).toBe('isotonic');
});

test('isotonic regression is not chosen below 1,000 conversions', () => {
  const stepped = simulated(1500, (score) => (score > 1 ? 0.7 : score > -1 ? 0.3 : 0.05));
  expect(stepped.labels.reduce<number>((sum, label) => sum + label, 0)).toBeLessThan(1000);
  expect(fitCalibrator(stepped.raw, stepped.labels, 1).kind).not.toBe('isotonic');
});

test('calibration lowers the log-loss of balanced scores on customers it has not seen', () => {
  const { raw: scores, labels: outcomes } = simulated(8000, (score) => sigmoid(score - 2.5));
  const calibrator = fitCalibrator(scores.slice(0, 4000), outcomes.slice(0, 4000), 1);
  const [rest, truth] = [scores.slice(4000), outcomes.slice(4000)];
  const loss = (probabilities: Float64Array): number =>
    probabilities.reduce((sum, p, row) => sum - log(truth[row] === 1 ? p : 1 - p), 0) / probabilities.length;
  expect(loss(calibrate(calibrator, rest))).toBeLessThan(0.7 * loss(rest.map(sigmoid)));
});

test('the curve goes from low to high and its bands hold the rates', () => {
  const points = calibrationCurve(labels, calibrate(fitPlatt(raw, labels), raw));
  expect(points).toHaveLength(10);
  points.forEach((point, i) => {
    if (i > 0) expect(point.predicted).toBeGreaterThan(points[i - 1]?.predicted as number);
    expect(point.low).toBeLessThanOrEqual(point.observed);
    expect(point.high).toBeGreaterThanOrEqual(point.observed);
  });
});

test('few conversions, or none, still calibrate', () => {
  const scores = Float64Array.of(-2, -1, 0, 1, 2);
  for (const outcomes of [Int8Array.of(0, 0, 0, 0, 0), Int8Array.of(0, 0, 0, 1, 0), Int8Array.of(1, 1, 1, 1, 1)]) {
    const probability = calibrateOne(fitCalibrator(scores, outcomes, 1), 0);
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  }
});

test.each([
  [null, 'not an object'],
  [{ kind: 'magic' }, '"magic"'],
  [{ kind: 'platt', slope: -1, intercept: 0 }, 'slope -1'],
  [{ kind: 'platt', slope: 1, intercept: Number.NaN }, 'intercept'],
  [{ kind: 'isotonic', raw: [0, 1], logOdds: [0, 0], tailSlope: 0.1 }, 'does not rise'],
  [{ kind: 'isotonic', raw: [0, 1], logOdds: [0], tailSlope: 0.1 }, '2 knots but 1'],
])('a malformed calibrator is refused: %j', (json, words) => {
  expect(() => readCalibrator(json)).toThrow(words);
});
