import { expect, test } from 'vitest';
import { tinyBundle } from '../../testing/golden/bundle-fixture.ts';
import { calibrateOne } from '../evaluation/calibration/calibrator.ts';
import { fitCalibrator } from '../evaluation/calibration/fit-calibrator.ts';
import { fitPlatt } from '../evaluation/calibration/platt.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { createBundle, writeBundle } from './bundle.ts';
import { decileEdgesOf, decileOf } from './decile.ts';
import { readBundle } from './read-bundle.ts';
import { createScorer } from './scorer.ts';
import { fitProbabilityIntervals, intervalOf } from './probability-interval.ts';

const trueRate = (raw: number): number => sigmoid(0.9 * raw - 1.5);

function customers(rows: number, seed: number) {
  const random = createRandom(seed);
  const raw = Float64Array.from({ length: rows }, () => random.normal() * 1.2);
  return { raw, labels: Int8Array.from(raw, (score) => (random.next() < trueRate(score) ? 1 : 0)) };
}

test('over 200 studies the interval holds the true rate in 85 to 95 of 100 cases, at low, middling and high scores', async () => {
  const scores = [-1.5, 0, 1.5];
  const held = scores.map(() => 0);
  for (let seed = 0; seed < 200; seed++) {
    const { raw, labels } = customers(250, seed);
    const calibrator = fitPlatt(raw, labels);
    const intervals = (await fitProbabilityIntervals(calibrator, raw, labels, seed))!;
    scores.forEach((score, i) => {
      const { low, high } = intervalOf(intervals, calibrator, score);
      if (low <= trueRate(score) && trueRate(score) <= high) held[i]!++;
    });
  }
  for (const count of held) {
    expect(count / 200).toBeGreaterThanOrEqual(0.85);
    expect(count / 200).toBeLessThanOrEqual(0.95);
  }
});

test('the shown figure always lies within, and more customers make the interval narrower', async () => {
  const widths: number[] = [];
  for (const rows of [300, 4800]) {
    const { raw, labels } = customers(rows, 3);
    const calibrator = fitCalibrator(raw, labels, 1);
    const intervals = (await fitProbabilityIntervals(calibrator, raw, labels, 1))!;
    for (let score = -9; score <= 9; score += 0.1) {
      const { low, high } = intervalOf(intervals, calibrator, score);
      const shown = calibrateOne(calibrator, score);
      expect(low).toBeLessThanOrEqual(shown);
      expect(high).toBeGreaterThanOrEqual(shown);
    }
    const { low, high } = intervalOf(intervals, calibrator, 0);
    widths.push(high - low);
  }
  expect(widths[1]! / widths[0]!).toBeLessThan(0.5);
});

test('too few conversions, or all scores equal: nothing is claimed that is not known', async () => {
  const { raw } = customers(100, 2);
  const few = Int8Array.from(raw, (_, row) => (row < 9 ? 1 : 0));
  expect(await fitProbabilityIntervals({ kind: 'platt', slope: 1, intercept: 0 }, raw, few, 1)).toBeUndefined();
  const same = new Float64Array(200).fill(0.5);
  const labels = Int8Array.from(same, (_, row) => (row % 4 === 0 ? 1 : 0));
  const calibrator = fitPlatt(same, labels);
  const { low, high } = intervalOf((await fitProbabilityIntervals(calibrator, same, labels, 1))!, calibrator, 0.5);
  expect(low).toBeGreaterThan(0.15);
  expect(high).toBeLessThan(0.35);
});

test('deciles run from 1 for the highest scores to 10, an edge belonging to the better', () => {
  const propensity = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
  const edges = decileEdgesOf(propensity);
  const counts = new Array<number>(10).fill(0);
  for (const score of propensity) counts[decileOf(edges, score)! - 1]!++;
  expect(counts).toEqual(counts.map(() => 100));
  expect([decileOf(edges, 1), decileOf(edges, edges[0]!), decileOf(edges, 0), decileOf(undefined, 0.5)]).toEqual([
    1,
    1,
    10,
    null,
  ]);
});

test('a bundle carries intervals and deciles, and the answer names them', async () => {
  const { raw, labels } = customers(250, 1);
  const base = tinyBundle('logistic');
  const intervals = (await fitProbabilityIntervals(base.calibrator, raw, labels, 1))!;
  const { manifest, golden: _, ...parts } = base;
  const bundle = createBundle(manifest, {
    ...parts,
    intervals,
    decileEdges: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
  });
  const scorer = createScorer(readBundle(writeBundle(bundle)));
  for (const age of [20, 40, 80]) {
    const result = scorer.scoreCustomers([{ age, region: 'north' }]).results[0]!;
    expect(result.conversion_probability_low!).toBeLessThan(result.conversion_probability);
    expect(result.conversion_probability_high!).toBeGreaterThan(result.conversion_probability);
    expect(result.decile).toBe(Math.min(10, 10 - Math.floor(result.propensity_score * 10)));
  }
  for (const bad of [
    { ...intervals, low: [] },
    { ...intervals, raw: intervals.raw.map(() => 1) },
  ]) {
    expect(() => readBundle(writeBundle(createBundle(manifest, { ...parts, intervals: bad })))).toThrow(
      expect.objectContaining({ code: 'bundle.format' }),
    );
  }
});
