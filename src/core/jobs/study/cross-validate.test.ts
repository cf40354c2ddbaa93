import { expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import { makeCustomers } from '../../data/customers/make-customers.ts';
import { dealFolds } from './cross-validate.ts';

const sample = { scenario: 'ecommerce', customers: 3_000, seed: 2, conversionRate: 0.15 };

test('every labelled row is tested once per seed, and no row both learns and is tested', async () => {
  const table = await makeCustomers({ ...sample, customers: 600 });
  const labels = Int8Array.from(table.labels as Int8Array, (label, row) => (row % 10 === 0 ? -1 : label));
  const folds = [...dealFolds({ ...table, labels }, 3, 2)];
  expect(folds).toHaveLength(6);
  for (const seed of [0, 1]) {
    const tested = folds.filter((fold) => fold.seed === seed).flatMap((fold) => [...fold.test]);
    expect(tested.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 600 }, (_, row) => row).filter((row) => row % 10),
    );
  }
  for (const { train, validation, test: tested } of folds) {
    const rows = [...train, ...validation, ...tested];
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toHaveLength(540);
    expect(validation.length / (train.length + validation.length)).toBeCloseTo(0.2, 1);
    const rate = (of: Uint32Array) => of.reduce((sum, row) => sum + (labels[row] as number), 0) / of.length;
    expect(Math.abs(rate(tested) - rate(train))).toBeLessThan(0.03);
  }
});

test('means over the folds lie between guessing and the oracle, and the same request gives the same figures', async () => {
  const { study } = createNodeStudy({ threads: 1 });
  const { oracleAuc } = await study.makeCustomers(sample, quiet);
  const request = {
    folds: 3,
    seeds: 1,
    kinds: ['logistic', 'boosting'],
    parameters: { logistic: { choose_C: false }, boosting: { n_estimators: 30 }, neural: {} },
  } as const;
  const { models } = await study.crossValidate(request, quiet);
  expect(models.map(({ kind }) => kind)).toEqual(['logistic', 'boosting']);
  for (const { auc, aucStandardDeviation, prAuc, logLoss, seconds } of models) {
    expect(auc).toBeGreaterThan(0.62);
    expect(auc).toBeLessThan(oracleAuc as number);
    expect(aucStandardDeviation).toBeGreaterThan(0);
    expect(aucStandardDeviation).toBeLessThan(0.06);
    expect(prAuc).toBeGreaterThan(0.2);
    expect(prAuc).toBeLessThan(1);
    // A constant guess of the base rate has a log-loss of 0.423.
    expect(logLoss).toBeLessThan(0.423);
    expect(seconds).toBeGreaterThan(0);
  }
  const figures = (all: typeof models) => all.map(({ seconds: _, ...rest }) => rest);
  expect(figures((await study.crossValidate(request, quiet)).models)).toEqual(figures(models));
});
