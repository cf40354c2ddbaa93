import { expect, test } from 'vitest';
import golden from '../../testing/golden/evaluation.json' with { type: 'json' };
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { measureAll } from './bootstrap.ts';
import { evaluate, evaluateCut, evaluateScores } from './evaluate.ts';
import { groupByScore } from './score-groups.ts';

interface Sample {
  readonly name: string;
  readonly raw: readonly number[];
  readonly labels: readonly number[];
  readonly probability: readonly number[];
  readonly cut: number;
  readonly confusion: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, number>>;
  readonly atCut: Readonly<Record<string, number>>;
  readonly deciles: readonly Readonly<Record<string, number>>[];
}

function scoredOf(sample: Pick<Sample, 'raw' | 'labels' | 'probability'>) {
  const ranking = Float64Array.from(sample.raw);
  return {
    labels: Int8Array.from(sample.labels),
    ranking,
    probability: Float64Array.from(sample.probability),
    propensity: ranking.map(sigmoid),
    seed: 1,
  };
}

function measured({ labels, ranking, probability }: Omit<ReturnType<typeof scoredOf>, 'propensity' | 'seed'>) {
  return measureAll({
    ranking: groupByScore(labels, ranking).groups,
    probability: groupByScore(labels, probability).groups,
  });
}

function simulated(rows: number, seed = 3) {
  const random = createRandom(seed);
  const raw = Array.from({ length: rows }, () => random.normal() * 1.5 - 1);
  const labels = raw.map((value) => (random.next() < sigmoid(value - 1.5) ? 1 : 0));
  return scoredOf({ raw, labels, probability: raw.map((value) => sigmoid(value - 1.5)) });
}

test.each(golden.samples as readonly Sample[])('every measure equals scikit-learn on $name', (sample) => {
  const evaluation = evaluate({ ...scoredOf(sample), cut: sample.cut });
  expect(evaluation.confusion).toEqual(sample.confusion);
  const values = Object.entries(evaluation.metrics).map(([name, { value }]) => [name, value]);
  const expected = { ...sample.scores, ...sample.atCut };
  expect(Object.keys(expected).sort()).toEqual(values.map(([name]) => name).sort());
  for (const [name, value] of values) expect(value, String(name)).toBeCloseTo(expected[name as string] as number, 9);
});

test.each(golden.samples as readonly Sample[])('deciles equal numpy on $name', (sample) => {
  const { deciles } = evaluateScores(scoredOf(sample));
  expect(deciles).toHaveLength(10);
  deciles.forEach((row, i) => {
    for (const [name, value] of Object.entries(sample.deciles[i] as Record<string, number>)) {
      expect(row[name as keyof typeof row], name).toBeCloseTo(value, 9);
    }
  });
  expect(deciles.at(-1)?.cumulativeCapture).toBeCloseTo(1, 12);
});

test('the same seed gives the same bands, and every band holds its value', () => {
  const scored = simulated(2000);
  const first = evaluate({ ...scored, cut: 0.5 });
  expect(evaluate({ ...scored, cut: 0.5 })).toEqual(first);
  for (const [name, { value, low, high }] of Object.entries(first.metrics)) {
    expect(low, name).toBeLessThanOrEqual(value);
    expect(high, name).toBeGreaterThanOrEqual(value);
    expect(high - low, name).toBeGreaterThan(0);
  }
});

test('the AUC band covers the AUC of the population about as often as it says', () => {
  const truth = measured(simulated(200_000, 99)).auc;
  let covered = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { low, high } = evaluateScores(simulated(250, seed)).metrics.auc;
    if (low <= truth && truth <= high) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(50);
});

test('the ranking measures ignore the scale of the scores', () => {
  const scored = simulated(1500);
  const stretched = { ...scored, ranking: scored.ranking.map((value) => 3 * value + 7) };
  const [a, b] = [measured(scored), measured(stretched)];
  for (const name of ['auc', 'prAuc', 'ks', 'lift10', 'capture10'] as const) expect(b[name]).toBe(a[name]);
});

test('the order of the rows does not matter, ties included', () => {
  const scored = simulated(1000);
  const rounded = { ...scored, ranking: scored.ranking.map((value) => Math.round(value)) };
  const reversed = {
    labels: rounded.labels.toReversed(),
    ranking: rounded.ranking.toReversed(),
    probability: rounded.probability.toReversed(),
  };
  const [a, b] = [measured(rounded), measured(reversed)];
  for (const name of Object.keys(a) as (keyof typeof a)[]) expect(b[name]).toBeCloseTo(a[name], 12);
});

test('moving the cut alone equals evaluating anew', () => {
  const scored = simulated(1200);
  const scores = evaluateScores(scored);
  for (const cut of [0, 0.25, 0.7, 1]) {
    const whole = evaluate({ ...scored, cut });
    const moved = evaluateCut(scores, cut);
    expect(moved.confusion).toEqual(whole.confusion);
    expect(whole.metrics).toMatchObject(moved.metrics);
  }
});

test('a cut that equals a score takes that customer', () => {
  const scored = scoredOf({ raw: [0, 1, 2], labels: [0, 1, 1], probability: [0.1, 0.2, 0.3] });
  const { confusion } = evaluate({ ...scored, cut: sigmoid(1) });
  expect(confusion).toEqual({ truePositive: 2, falsePositive: 0, trueNegative: 1, falseNegative: 0 });
});

test('all scores equal is chance, not an error', () => {
  const scored = scoredOf({ raw: [1, 1, 1, 1], labels: [0, 1, 0, 0], probability: [0.25, 0.25, 0.25, 0.25] });
  const point = measured(scored);
  expect(point.auc).toBe(0.5);
  expect(point.lift10).toBe(1);
  expect(point.ece).toBe(0);
  expect(point.prAuc).toBe(0.25);
});

test('one class alone leaves the ranking undefined and the rest defined', () => {
  const point = measured(scoredOf({ raw: [0, 1, 2], labels: [0, 0, 0], probability: [0.1, 0.1, 0.1] }));
  expect(point.auc).toBeNaN();
  expect(point.brier).toBeCloseTo(0.01, 12);
});

test('curves end at their corners and stay small', () => {
  const { roc, gains, precisionRecall } = evaluateScores(simulated(5000));
  for (const curve of [roc, gains]) {
    expect([curve.x[0], curve.y[0]]).toEqual([0, 0]);
    expect([curve.x.at(-1), curve.y.at(-1)]).toEqual([1, 1]);
    expect(curve.x.length).toBeLessThanOrEqual(300);
    expect(curve.x.every((value, i) => i === 0 || value >= (curve.x[i - 1] as number))).toBe(true);
  }
  expect(precisionRecall.x.length).toBeLessThanOrEqual(300);
});

test('a label that is not known yet is refused with its row', () => {
  const scored = scoredOf({ raw: [0, 1], labels: [0, -1], probability: [0.1, 0.1] });
  expect(() => evaluateScores(scored)).toThrow(/Row 1 .* -1/);
});

test('bands of more customers than are resampled are as narrow as their number allows', () => {
  const width = (rows: number): number => {
    const { low, high } = evaluateScores(simulated(rows)).metrics.brier;
    return high - low;
  };
  const shrinks = width(5000) / width(80_000);
  expect(shrinks).toBeGreaterThan(3.2);
  expect(shrinks).toBeLessThan(4.8);
});
