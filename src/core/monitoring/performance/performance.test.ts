import { expect, test } from 'vitest';
import golden from '../../../testing/golden/performance.json' with { type: 'json' };
import { sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import { estimatePerformance } from './estimate.ts';
import { judgePerformance, shortOfConversions } from './judge.ts';
import { measurePerformance, type Performance, type ScoredWindow } from './performance.ts';

const cut = 0.5;

/** Customers whose outcome is drawn from their probability; `twist` mixes in outcomes that have nothing to do with it. */
function draw(rows: number, seed: number, { twist = 0, shift = 0 } = {}): ScoredWindow {
  const random = createRandom(seed);
  const probability = new Float64Array(rows);
  const propensity = new Float64Array(rows);
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const raw = 1.3 * random.normal() + shift;
    propensity[row] = sigmoid(raw);
    probability[row] = sigmoid(raw - 2.5);
    const chance = random.next() < twist ? 0.12 : (probability[row] as number);
    labels[row] = random.next() < chance ? 1 : 0;
  }
  return { labels, propensity, probability };
}

const reference = measurePerformance(draw(20_000, 1), cut);

test('known outcomes are measured as scikit-learn does, estimates are made as NannyML does', () => {
  const window = {
    labels: Int8Array.from(golden.labels),
    propensity: Float64Array.from(golden.propensity),
    probability: Float64Array.from(golden.probability),
  };
  const { metrics } = measurePerformance(window, golden.cut);
  for (const [metric, value] of Object.entries(golden.known)) {
    expect(Math.abs(metrics[metric as keyof typeof metrics].value - value), metric).toBeLessThan(1e-9);
  }
  const estimated = estimatePerformance(window.propensity, window.probability, golden.cut);
  expect(Math.abs(estimated.precision - golden.estimated.precision)).toBeLessThan(1e-9);
  expect(Math.abs(estimated.recall - golden.estimated.recall)).toBeLessThan(1e-9);
  // NannyML takes tied scores one after the other, in either order: half of them is between.
  expect(Math.abs(estimated.auc - golden.estimated.auc)).toBeLessThan(5e-4);
});

test('a customer without an outcome is unknown, not a "no"', () => {
  const window = draw(4000, 2);
  const half = { ...window, labels: window.labels.map((label, row) => (row < 2000 ? label : -1)) };
  const first = {
    labels: window.labels.slice(0, 2000),
    propensity: window.propensity.slice(0, 2000),
    probability: window.probability.slice(0, 2000),
  };
  expect(measurePerformance(half, cut)).toEqual(measurePerformance(first, cut));
});

test('standard errors are the spread that further customers show', () => {
  const drawn = Array.from({ length: 150 }, (_, i) => measurePerformance(draw(1500, 100 + i), cut));
  for (const metric of ['auc', 'precision', 'recall', 'logLoss', 'calibration'] as const) {
    const values = drawn.map(({ metrics }) => metrics[metric].value);
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / 149);
    const said = drawn.reduce((sum, { metrics }) => sum + metrics[metric].standardError, 0) / 150;
    expect(said / spread, metric).toBeGreaterThan(0.8);
    expect(said / spread, metric).toBeLessThan(1.25);
  }
});

test('windows without change alarm about once in twenty at most, one whose outcomes changed always does', () => {
  const alarms = (twist: number): number =>
    Array.from({ length: 60 }, (_, i) =>
      judgePerformance(reference, measurePerformance(draw(4000, 500 + i, { twist }), cut)),
    ).filter((verdicts) => verdicts.some(({ state }) => state === 'alert')).length;
  expect(alarms(0)).toBeLessThanOrEqual(6);
  expect(alarms(0.7)).toBe(60);
});

test('few conversions are said to be few, and many are enough', () => {
  const judge = (now: Performance) => shortOfConversions(judgePerformance(reference, now), now);
  const few = measurePerformance(draw(300, 3), cut);
  expect(judge(few)).toMatch(new RegExp(`^not enough conversions yet: ${few.conversions} of about \\d+$`));
  expect(judge(measurePerformance(draw(20_000, 4), cut))).toBeUndefined();
  const nobody = measurePerformance(
    { labels: new Int8Array(0), propensity: new Float64Array(0), probability: new Float64Array(0) },
    cut,
  );
  expect(judge(nobody)).toMatch(/^not enough conversions yet: 0 of about \d+$/);
});

test('the estimate follows customers who change, and does not see customers who come to behave otherwise', () => {
  const auc = (window: ScoredWindow) => ({
    known: measurePerformance(window, cut).metrics.auc.value,
    estimated: estimatePerformance(window.propensity, window.probability, cut).auc,
  });
  const others = auc(draw(30_000, 6, { shift: 1.5 }));
  expect(Math.abs(others.estimated - others.known)).toBeLessThan(0.02);
  const otherwise = auc(draw(30_000, 7, { twist: 0.7 }));
  expect(otherwise.estimated - otherwise.known).toBeGreaterThan(0.1);
});
