import { beforeAll, expect, test } from 'vitest';
import { unzipFiles } from '../../../adapters/any/zip.ts';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import { makeCustomers } from '../../data/customers/make-customers.ts';
import type { Frame } from '../../data/frame.ts';
import { methodsOf } from '../../explanation/methods.ts';
import { reasonsNote } from '../../explanation/reasons.ts';
import { applyRecipeNow } from '../../features/apply.ts';
import { modelKinds } from '../../models/model.ts';
import { matchTable } from '../../scoring/match-table.ts';
import { readBundle } from '../../scoring/read-bundle.ts';
import { reasonsFor } from '../../scoring/reasons-for.ts';
import { createScorer } from '../../scoring/scorer.ts';

const sample = { scenario: 'ecommerce', customers: 1_500, seed: 12, conversionRate: 0.1 } as const;
const split = { seed: 12, train: 0.6, validation: 0.2, test: 0.2, by: 'random' } as const;
const quick = { logistic: { choose_C: false }, boosting: { n_estimators: 15 }, neural: { epochs: 1 } };

const { study, training } = createNodeStudy({ threads: 1 });
let rows: number[];
let frame: Frame;

beforeAll(async () => {
  await study.makeCustomers(sample, quiet);
  ({ frame } = await makeCustomers(sample));
  await study.buildFeatures(split, quiet);
  for (const kind of modelKinds) {
    const input = await study.trainingInput({}, quiet);
    const { trained, seconds } = await training.train({ kind, input, parameters: quick[kind] }, quiet);
    await study.acceptModel({ trained, seconds, parameters: quick[kind] }, quiet);
    const request = await study.refitRequest({ kind }, quiet);
    await study.acceptRefits({ kind, refits: await training.refit({ ...request, refits: 2 }, quiet) }, quiet);
  }
  rows = (await study.findCustomers({ query: '', limit: 3 }, quiet)).map(({ row }) => row);
}, 60_000);

test.each(modelKinds.flatMap((kind) => methodsOf(kind).map(({ id }) => [kind, id] as const)))(
  '%s by %s: in every unit and by every kind of parts, all adds up to the very number shown',
  async (model, method) => {
    const [row] = rows as [number];
    const usual = await study.explainCustomer({ row, model }, quiet);
    const told = await study.explainCustomer({ row, model, method }, quiet);
    expect(told.method).toBe(method);
    expect(told.views).toHaveLength(9);
    told.views.forEach(({ base, value, residual, rows: parts }, i) => {
      expect(value).toBe(usual.views[i]?.value);
      expect(residual).toBeLessThanOrEqual(1e-9);
      const sum = parts.reduce((total, { attribution }) => total + attribution, base);
      expect(Math.abs(sum - value)).toBeLessThanOrEqual(1e-9);
    });
    const isSampled = ['gradients', 'permutation', 'linear-correlated'].includes(method);
    expect(told.standardError === undefined).toBe(!isSampled);
    if (isSampled) expect(told.standardError).toBeGreaterThan(0);
    // Whatever is looked at, reasons are told one way: the bundle's.
    expect(told.reasons).toEqual(usual.reasons);
  },
  30_000,
);

test('a method of another kind of model counts as the default', async () => {
  const [row] = rows as [number];
  expect((await study.explainCustomer({ row, model: 'logistic', method: 'deep' }, quiet)).method).toBe('linear');
});

test.each(modelKinds)('%s: the bundle gives the reasons of the page, word and number alike', async (kind) => {
  const bundle = readBundle(unzipFiles((await study.saveBundle({ kind }, quiet)).bytes));

  const matched = matchTable(frame, bundle.schema, createScorer(bundle).needed);
  const { asOf } = bundle;
  const features = applyRecipeNow(bundle.recipe, { frame: matched.frame, ...(asOf === undefined ? {} : { asOf }) });
  let named = 0;
  for (const row of [...rows, 0, 700]) {
    const { reasons, sentence } = await study.explainCustomer({ row, model: kind }, quiet);
    expect(reasonsFor(bundle, { frame: matched.frame, features, asOf }, row)).toEqual(reasons);
    expect(sentence).toContain(reasonsNote);
    named += reasons.length;
    for (const { stability } of reasons) {
      if (stability === null) continue;
      expect(stability).toBeGreaterThanOrEqual(0);
      expect(stability).toBeLessThanOrEqual(1);
    }
    expect(reasons.some(({ stability }) => stability !== null && stability > 0)).toBe(true);
  }
  expect(named).toBeGreaterThan(10);
});

test("a network's bundle carries nobody: no cell of a typical customer is the row of one", async () => {
  const bundle = readBundle(unzipFiles((await study.saveBundle({ kind: 'neural' }, quiet)).bytes));

  const { asOf } = bundle;
  const features = applyRecipeNow(bundle.recipe, { frame, ...(asOf === undefined ? {} : { asOf }) });
  const typical = bundle.explaining?.background;
  expect(typical?.rowCount).toBe(32);
  const cells = (table: typeof features, row: number): string =>
    table.columns.map((column) => (column.kind === 'number' ? column.values[row] : '')).join();
  const everybody = new Set(Array.from({ length: features.rowCount }, (_, row) => cells(features, row)));
  for (let row = 0; row < 32; row++) expect(everybody.has(cells(typical as typeof features, row))).toBe(false);
});

test('LIME tells the same each time, and how stable it is', async () => {
  const [row] = rows as [number];
  const told = await study.limeOf({ row, model: 'boosting' }, quiet);
  expect(await study.limeOf({ row, model: 'boosting' }, quiet)).toEqual(told);
  expect(told.features).toHaveLength(6);
  expect(told.isStable).toBe(told.stability >= 0.8);
  expect(told.fit).toBeGreaterThan(0);
});

test('there is no customer beyond the table', async () => {
  await expect(study.explainCustomer({ row: 1_500 }, quiet)).rejects.toThrow(
    expect.objectContaining({ code: 'request.invalid' }),
  );
  await expect(study.limeOf({ row: -1 }, quiet)).rejects.toThrow(expect.objectContaining({ code: 'request.invalid' }));
});
