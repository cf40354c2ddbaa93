import { beforeAll, expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import { regularisationPathFigure } from '../../reports/figures/regularisation-path.ts';
import type { ModelSummary } from '../study-contract.ts';

const host = createNodeStudy({ threads: 1 });
const { study } = host;
let model: ModelSummary;

beforeAll(async () => {
  await study.makeCustomers({ scenario: 'bank-loan', customers: 1_500, seed: 5, conversionRate: 0.15 }, quiet);
  await study.buildFeatures({ seed: 5, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  const input = await study.trainingInput({}, quiet);
  const result = await host.training.train({ kind: 'logistic', input, parameters: {} }, quiet);
  model = await study.acceptModel({ ...result, parameters: {} }, quiet);
});

test('a weighted penalised fit has intervals of two refits and of a bootstrap; only refits have p-values', async () => {
  const likelihood = await study.coefficients({ by: 'likelihood' }, quiet);
  expect(likelihood.bases).toEqual(['likelihood', 'robust', 'bootstrap']);
  const robust = await study.coefficients({ by: 'robust' }, quiet);
  expect(robust.notes.join(' ')).toContain('HC0');
  for (const { rows } of [likelihood, robust]) {
    expect(rows[0]?.name).toBe('intercept');
    for (const { low, coefficient, high, pValue = Number.NaN } of rows) {
      expect(low).toBeLessThan(coefficient);
      expect(high).toBeGreaterThan(coefficient);
      // A p-value below 0.05 and a 95 % interval without zero are the same statement.
      expect(pValue < 0.05).toBe(low > 0 || high < 0);
    }
  }
  // Balanced classes weigh conversions more, so that they seem likelier from the start.
  expect(robust.rows[0]?.coefficient).toBeGreaterThan(likelihood.rows[0]?.coefficient ?? 0);
});

test('bootstrap intervals stand around the coefficients of the model itself, without p-values', async () => {
  const { rows, notes, file } = await study.coefficients({ by: 'bootstrap' }, quiet);
  expect(rows.every(({ pValue, standardError }) => pValue === undefined && standardError === undefined)).toBe(true);
  const inside = rows.filter(({ low, coefficient, high }) => low <= coefficient && coefficient <= high);
  expect(inside.length).toBeGreaterThan(0.9 * rows.length);
  expect(notes.join(' ')).toContain('no p-values');
  const lines = new TextDecoder().decode(file.bytes).trim().split(/\r?\n/);
  expect(lines).toHaveLength(rows.length + 1);
  expect(lines[0]).not.toContain('p_value');
});

test('the verdict counts the inputs whose interval leaves zero out, and the chart greys the others', async () => {
  const { rows, verdict, figure } = await study.coefficients({ by: 'likelihood' }, quiet);
  const inputs = rows.slice(1);
  const sure = inputs.filter(({ low, high }) => low > 0 || high < 0);
  expect(verdict).toMatch(new RegExp(`^${sure.length} of ${inputs.length} inputs`));
  const [series] = figure.series;
  series?.tones?.forEach((tone, i) => {
    const holdsZero = (series.low?.[i] ?? 0) <= 0 && (series.high?.[i] ?? 0) >= 0;
    expect(tone === 'reference').toBe(holdsZero);
  });
});

test('an unweighted fit without a penalty has its own errors alone', async () => {
  const plain = createNodeStudy({ threads: 1 });
  await plain.study.makeCustomers({ scenario: 'ecommerce', customers: 600, seed: 2, conversionRate: 0.3 }, quiet);
  await plain.study.buildFeatures({ seed: 2, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  await expect(plain.study.coefficients({ by: 'likelihood' }, quiet)).rejects.toMatchObject({
    code: 'model.not-trained',
  });
  const parameters = { penalty: 'none', class_weight: 'none', max_iter: 5 };
  const input = await plain.study.trainingInput({}, quiet);
  const result = await plain.training.train({ kind: 'logistic', input, parameters }, quiet);
  await plain.study.acceptModel({ ...result, parameters }, quiet);
  await expect(plain.study.coefficients({ by: 'bootstrap' }, quiet)).rejects.toMatchObject({
    code: 'request.invalid',
    fix: 'Ask for likelihood.',
  });
});

test('inputs made of each other are told of', async () => {
  const { inflation, verdict, figure } = await study.collinearity({}, quiet);
  const factors = inflation.map(({ factor }) => factor);
  expect(factors).toEqual(factors.toSorted((a, b) => b - a));
  expect(figure.series[0]?.x[0]).toBe(factors[0]);
  expect(verdict).toMatch(/^(Some inputs say the same thing|The inputs say different things)/);
});

test('the path has a point for each C, and marks the one that was chosen, which does best', () => {
  const { rounds, bestRound } = model;
  const path = regularisationPathFigure(rounds, { bestRound, measure: 'loss' });
  const [line, chosen] = path?.series ?? [];
  const c = Array.from(line?.x ?? [], Number);
  expect(c).toEqual([...new Set(rounds.map(({ train }) => train['C']))].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  expect(model.notes.join(' ')).toContain(`C = ${chosen?.x[0]} did best`);
  expect(chosen?.y[0]).toBeCloseTo(Math.min(...Array.from(line?.y ?? [], Number)), 5);
  expect(path?.caption).toContain(`C = ${chosen?.x[0]} was chosen among ${c.length} values`);
  const fixed = rounds.slice(-1);
  expect(regularisationPathFigure(fixed, { bestRound: 1, measure: 'loss' })).toBeUndefined();
});

test('a scorecard gives points by hand: its CSV adds up, and it says how it ranks beside the model', async () => {
  const { card, file, verdict, figure } = await study.scorecard({}, quiet);
  const bins = card.features.reduce((sum, feature) => sum + feature.bins.length, 0);
  const lines = new TextDecoder().decode(file.bytes).trim().split(/\r?\n/);
  expect(lines).toHaveLength(1 + 1 + bins);
  expect(lines[1]).toMatch(new RegExp(`^base points,"?"?,${card.basePoints},`));
  expect(verdict).toMatch(/ranks with AUC 0\.\d+, the logistic regression with 0\.\d+/);
  expect(figure.series[0]?.x).toHaveLength(Math.min(15, card.features.length));
});
