import { expect, test } from 'vitest';
import { drawCounts, drawPair, drawReport, even, type WindowSizes, zipf } from '../../testing/drift-reports.ts';
import { createRandom } from '../shared/random.ts';
import { judgeNoise } from './alarms.ts';
import { chanceOfPsi } from './chance.ts';
import type { DistributionPair } from './distribution-pair.ts';
import { drawHypergeometric } from './hypergeometric.ts';
import { psiQuantile } from './measures/psi-quantile.ts';

function alarmingReports(reports: number, sizes: WindowSizes): number {
  const next = createRandom(sizes.before * 7 + sizes.now).next;
  const drawn = Array.from({ length: reports }, () => judgeNoise(drawReport(sizes, next)));
  return drawn.filter((verdicts) => verdicts.some(({ alarm }) => alarm)).length;
}

test.each([
  [40, { before: 500, now: 500 }],
  [40, { before: 30_000, now: 500 }],
  [30, { before: 2_000, now: 2_000 }],
  [20, { before: 30_000, now: 50_000 }],
] as const)('of %i reports without drift, chance alone makes hardly any alarm: %o', (reports, sizes) => {
  // 1 % of reports are meant to; `npm run bench -- drift` counts thousands of them.
  expect(alarmingReports(reports, sizes)).toBeLessThanOrEqual(reports * 0.05);
});

test('without the test for chance, small windows would alarm nearly always', () => {
  const next = createRandom(3).next;
  const drawn = Array.from({ length: 60 }, () => drawPair('category', even(100), { before: 500, now: 500 }, next));
  expect(drawn.filter(({ psi }) => psi >= 0.1).length).toBe(60);
  expect(judgeNoise(drawn).filter(({ alarm }) => alarm)).toEqual([]);
});

test('a true move alarms, a PSI below the band does not however certain', () => {
  const next = createRandom(4).next;
  const still = Array.from({ length: 59 }, () => drawPair('number', even(10), { before: 5000, now: 2000 }, next));
  const [before, now] = [drawCounts(even(10), 5000, next), drawCounts([1, 1, 1, 1, 1, 1, 1, 1, 2, 4], 2000, next)];
  const moved: DistributionPair = {
    kind: 'number',
    reference: before,
    current: now,
    missing: { reference: 0, current: 0 },
    unseen: [],
  };
  const verdicts = judgeNoise([...still, { pair: moved, psi: psiQuantile.of(moved) }]);
  expect(verdicts.map(({ alarm }) => alarm)).toEqual([...still.map(() => false), true]);
  expect(verdicts[0]?.chance).toBeNaN();
});

test('the chance of a PSI is uniform where nothing moved, and small where something did', () => {
  const next = createRandom(5).next;
  const chances = Array.from({ length: 400 }, (_, seed) =>
    chanceOfPsi(drawPair('category', zipf(100), { before: 300, now: 300 }, next).pair, 400, seed),
  );
  for (const level of [0.05, 0.2, 0.5, 0.8]) {
    const share = chances.filter((chance) => chance <= level).length / chances.length;
    // Three standard errors, and one step of the sequential rule, which only ever makes the chance larger.
    expect(Math.abs(share - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / 400) + 0.02);
  }
  const { pair } = drawPair('number', even(5), { before: 500, now: 500 }, next);
  expect(chanceOfPsi({ ...pair, current: [500, 0, 0, 0, 0] }, 999, 1)).toBe(1 / 1000);
});

test('draws without replacement have the hypergeometric mean and spread, and stay in range', () => {
  for (const [cards, marked, draws] of [
    [10, 4, 5],
    [80_000, 8_000, 50_000],
    [1_000_000, 30, 400_000],
    [100, 99, 50],
  ] as const) {
    const next = createRandom(cards).next;
    const drawn = Array.from({ length: 4000 }, () => drawHypergeometric(cards, marked, draws, next()));
    const share = marked / cards;
    const spread = Math.sqrt((draws * share * (1 - share) * (cards - draws)) / (cards - 1));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / drawn.length;
    expect(Math.abs(mean - draws * share)).toBeLessThan((4 * spread) / Math.sqrt(drawn.length));
    expect(Math.abs(Math.sqrt(variance) / spread - 1)).toBeLessThan(0.05);
    for (const value of drawn) {
      expect(value >= Math.max(0, draws - cards + marked) && value <= Math.min(marked, draws)).toBe(true);
    }
  }
});
