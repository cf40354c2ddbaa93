import { expect, test } from 'vitest';
import golden from '../../testing/golden/delong.json' with { type: 'json' };
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { compareModels } from './compare-models.ts';
import { delongTest, holmCorrection } from './delong.ts';

test.each(golden.cases)("DeLong's test equals its definition with $name", (each) => {
  const found = delongTest(Int8Array.from(each.labels), Float64Array.from(each.first), Float64Array.from(each.second));
  expect(found.difference).toBeCloseTo(each.difference, 12);
  expect(found.standardError).toBeCloseTo(each.standardError, 12);
  expect(found.pValue).toBeCloseTo(each.pValue, 10);
});

test('identical rankings do not differ', () => {
  const { difference, pValue } = delongTest(
    Int8Array.of(0, 1, 0, 1),
    Float64Array.of(1, 2, 3, 4),
    Float64Array.of(1, 2, 3, 4),
  );
  expect(difference).toBe(0);
  expect(pValue).toBe(1);
});

test("Holm's correction equals R's p.adjust", () => {
  const corrected = holmCorrection([0.01, 0.04, 0.03]);
  [0.03, 0.06, 0.06].forEach((value, i) => expect(corrected[i]).toBeCloseTo(value, 12));
});

function simulated(rows: number) {
  const random = createRandom(8);
  const truth = Float64Array.from({ length: rows }, () => random.normal() * 2 - 2);
  const labels = Int8Array.from(truth, (value) => (random.next() < sigmoid(value) ? 1 : 0));
  const noisy = (size: number): Float64Array => truth.map((value) => value + size * random.normal());
  return {
    labels,
    models: [
      { kind: 'good', label: 'Good model', ranking: noisy(0.2) },
      { kind: 'same', label: 'Same model', ranking: noisy(0.2) },
      { kind: 'poor', label: 'Poor model', ranking: noisy(4) },
    ],
  };
}

test('a clearly better model is told from a like one', () => {
  const { labels, models } = simulated(4000);
  const pairs = compareModels(labels, models);
  expect(pairs).toHaveLength(3);
  const poor = pairs.filter((pair) => pair.other === 'poor');
  expect(poor.map((pair) => pair.verdict)).toEqual(['yes', 'yes']);
  expect(poor[0]?.conversionsTop10).toBeGreaterThan(50);
  expect(pairs.find((pair) => pair.other !== 'poor')?.verdict).toBe('no');
  for (const pair of pairs) expect(pair.aucDifference).toBeGreaterThanOrEqual(0);
});

test('below 100 test conversions the verdict is always that there is not enough data', () => {
  const { labels, models } = simulated(300);
  const conversions = labels.reduce<number>((sum, label) => sum + label, 0);
  expect(conversions).toBeLessThan(100);
  for (const pair of compareModels(labels, models)) {
    expect(pair.verdict).toBe('not enough data');
    expect(pair.sentence).toContain(`${conversions} test conversions`);
  }
});
