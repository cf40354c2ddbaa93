import { expect, test } from 'vitest';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { challenge } from './challenge.ts';

const random = createRandom(4);
const rowCount = 4000;
const raw = Float64Array.from({ length: rowCount }, () => 1.5 * random.normal());
const labels = Int8Array.from(raw, (value, row) => (row % 10 === 9 ? -1 : random.next() < sigmoid(value - 2) ? 1 : 0));
const side = (noise: number) => {
  const seen = raw.map((value) => value + noise * random.normal());
  return { propensity: seen.map(sigmoid), probability: seen.map((value) => sigmoid(value - 2)), cut: 0.8 };
};
const economics = { valuePerConversion: 40, costPerContact: 10 };

test('the model that sees more ranks better, on labelled customers only, and earns more', () => {
  const found = challenge(labels, side(2), side(0), economics);
  expect(found.better).toBe('challenger');
  expect(found.champion.rows).toBe(rowCount * 0.9);
  expect(found.aucGain).toBeCloseTo(found.challenger.metrics.auc.value - found.champion.metrics.auc.value, 12);
  const { champion, challenger, low, high } = found.profit;
  expect(challenger).toBeGreaterThan(champion);
  expect(low).toBeLessThan(challenger - champion);
  expect(high).toBeGreaterThan(challenger - champion);
  expect(challenge(labels, side(0), side(2), economics).better).toBe('champion');
});

test('a model against itself is not told apart', () => {
  const same = side(1);
  const found = challenge(labels, same, same, economics);
  expect(found).toMatchObject({ aucGain: 0, chance: 1, better: 'not told' });
  expect([found.profit.low, found.profit.high]).toEqual([0, 0]);
});
