import { beforeAll, expect, test } from 'vitest';
import { unzipFiles } from '../../../adapters/any/zip.ts';
import { createNodeStudy, quiet, trainAll } from '../../../testing/node-study.ts';
import type { DecisionSettings, EvaluationSummary, FileResult } from '../study-contract.ts';
import { csvRows, fileOf, textOf } from '../../../testing/csv-rows.ts';

const sample = { scenario: 'ecommerce', customers: 3_000, seed: 11, conversionRate: 0.1 };
const split = { seed: 11, train: 0.6, validation: 0.2, test: 0.2, by: 'random' } as const;
const quick = { logistic: { choose_C: false }, boosting: { n_estimators: 40 }, neural: { epochs: 2 } };
const settings: DecisionSettings = {
  valuePerConversion: 40,
  costPerContact: 2,
  currency: 'EUR',
  cut: { by: 'top-n', count: 500 },
  exclusions: [],
  controlShare: 0.1,
  seed: 3,
};

const host = createNodeStudy({ threads: 1 });
const { study } = host;
let evaluation: EvaluationSummary;

beforeAll(async () => {
  await study.makeCustomers(sample, quiet);
  await study.buildFeatures(split, quiet);
  await trainAll(host, quick);
  evaluation = await study.evaluate({ cut: 0.7 }, quiet);
});

test('three models are evaluated, each figure within its band, and every picture says what it shows', () => {
  expect(evaluation.models.map(({ kind }) => kind)).toEqual(['logistic', 'boosting', 'neural']);
  expect(evaluation.testRows).toBe(600);
  for (const { metrics, confusion, bands } of evaluation.models) {
    for (const { value, low, high } of Object.values(metrics)) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(metrics.auc.value).toBeGreaterThan(0.6);
    expect(metrics.auc.value).toBeLessThan(evaluation.oracleAuc as number);
    const { truePositive, falsePositive, trueNegative, falseNegative } = confusion;
    expect(truePositive + falsePositive + trueNegative + falseNegative).toBe(600);
    expect(truePositive + falseNegative).toBe(evaluation.testConversions);
    expect(bands.reduce((sum, { customers }) => sum + customers, 0)).toBe(600);
  }
  const ids = evaluation.figures.map(({ id }) => id);
  for (const id of ['roc', 'precision-recall', 'calibration', 'gains', 'lift', 'score-distribution', 'importance']) {
    expect(ids).toContain(id);
  }
  for (const { title, caption } of evaluation.figures) {
    expect(title).toMatch(/\S/);
    expect(caption).toMatch(/\w.*\.$/s);
  }
  expect(evaluation.verdict).toMatch(/\.$/);
});

test('the best model is the one that ranks validation customers best', () => {
  const [first] = [...evaluation.models].sort((a, b) => b.validationAuc - a.validationAuc);
  expect(evaluation.best).toBe(first?.kind);
});

test('three models make three comparisons, none of them sure below 100 test conversions', () => {
  expect(evaluation.testConversions).toBeLessThan(100);
  expect(evaluation.comparisons.map(({ verdict }) => verdict)).toEqual(Array(3).fill('not enough data'));
});

test('the list ranks every customer, marks those trained on, and holds back the same control share each time', async () => {
  const file = await study.contactList(settings, quiet);
  const rows = csvRows(file.bytes);
  expect(rows).toHaveLength(3_000);
  expect(rows.map(({ rank }) => Number(rank))).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
  const scores = rows.map(({ propensity_score }) => Number(propensity_score));
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(rows.filter(({ trained_on }) => trained_on === 'yes')).toHaveLength(1_800);
  expect(rows.filter(({ control }) => control === 'yes')).toHaveLength(50);
  expect(rows.filter(({ contact }) => contact === 'yes')).toHaveLength(450);
  expect(rows.slice(500).some(({ contact, control }) => contact === 'yes' || control === 'yes')).toBe(false);
  expect(new Set(rows.map(({ customer_id }) => customer_id)).size).toBe(3_000);
  expect(textOf(await study.contactList(settings, quiet))).toBe(textOf(file));
  const other = csvRows((await study.contactList({ ...settings, seed: 4 }, quiet)).bytes);
  expect(other.map(({ control }) => control)).not.toEqual(rows.map(({ control }) => control));
});

test('a customer in a training row is marked as trained on, and a test customer is not', async () => {
  const rows = csvRows((await study.contactList(settings, quiet)).bytes);
  for (const { customer_id, trained_on } of [...rows.slice(0, 5), ...rows.slice(-5)]) {
    const [hit] = await study.findCustomers({ query: customer_id as string, limit: 1 }, quiet);
    expect(trained_on).toBe(hit?.split === 'train' ? 'yes' : 'no');
  }
});

test('the excluded are never contacted, and the decision counts them', async () => {
  const { columns } = await study.previewRows({ from: 0, to: 1 }, quiet);
  expect(columns).toContain('age');
  const exclusions = [{ column: 'age', atMost: 30 }];
  const decision = await study.decide({ ...settings, exclusions }, quiet);
  const ages = new Map<string, number>();
  const table = csvRows((await study.exportTable({ what: 'customers', format: 'csv' }, quiet)).bytes);
  for (const { customer_id, age } of table) ages.set(customer_id as string, age === '' ? Number.NaN : Number(age));
  const young = [...ages.values()].filter((age) => age <= 30).length;
  expect(young).toBeGreaterThan(0);
  expect(decision.excluded).toBe(young);
  const rows = csvRows((await study.contactList({ ...settings, exclusions }, quiet)).bytes);
  const reached = rows.filter(({ contact, control }) => contact === 'yes' || control === 'yes');
  expect(reached).toHaveLength(500);
  expect(reached.some(({ customer_id }) => (ages.get(customer_id as string) as number) <= 30)).toBe(false);
});

test('an explanation adds up to the shown score', async () => {
  const hits = await study.findCustomers({ query: '', limit: 3 }, quiet);
  expect(hits.map(({ propensity }) => propensity)).toEqual(
    hits.map(({ propensity }) => propensity).sort((a, b) => b - a),
  );
  for (const { row, propensity } of hits) {
    const told = await study.explainCustomer({ row }, quiet);
    expect(told.residual).toBeLessThanOrEqual(1e-9);
    const shown = { 'log-odds': told.logOdds, propensity, probability: told.probability };
    expect(told.views).toHaveLength(9);
    for (const { unit, base, value, residual, rows, waterfall } of told.views) {
      const total = rows.reduce((sum, { attribution }) => sum + attribution, base);
      expect(Math.abs(total - shown[unit])).toBeLessThanOrEqual(1e-9);
      expect(value).toBe(shown[unit]);
      expect(residual).toBeLessThanOrEqual(1e-9);
      expect(Math.abs(Number(waterfall.series[0]?.x.at(-1)) - shown[unit])).toBeLessThanOrEqual(1e-9);
    }
    expect(1 / (1 + Math.exp(-told.logOdds))).toBeCloseTo(propensity, 12);
    expect(told.confidence).toBeGreaterThan(0);
    expect(told.confidence).toBeLessThanOrEqual(1);
  }
  await expect(study.explainCustomer({ row: 3_000 }, quiet)).rejects.toMatchObject({ code: 'request.invalid' });
});

test('a saved bundle, opened elsewhere, scores the customers with the same bits', async () => {
  const { best } = evaluation;
  const bundle = await study.saveBundle({}, quiet);
  const { intervals } = JSON.parse(new TextDecoder().decode(unzipFiles(bundle.bytes)['scoring.json']));
  expect(intervals.low.every((low: number, i: number) => low <= 0 && intervals.high[i] >= 0)).toBe(true);
  expect(Math.max(...intervals.high)).toBeGreaterThan(0.01);
  const customers = await study.exportTable({ what: 'customers', format: 'csv' }, quiet);
  const elsewhere = createNodeStudy({ threads: 1 }).study;
  const opened = await elsewhere.openBundle({ file: fileOf(bundle) }, quiet);
  expect(`${opened.modelVersion}.zip`).toBe(bundle.name);
  expect(opened.kind).toBe(best);
  const scored = await elsewhere.scoreTable({ file: fileOf(customers), name: 'customers.csv' }, quiet);
  expect(scored.rowCount).toBe(3_000);
  const byId = (file: FileResult) =>
    Object.fromEntries(
      csvRows(file.bytes).map((row) => [row['customer_id'], [row['propensity_score'], row['conversion_probability']]]),
    );
  expect(byId(scored.file)).toEqual(byId(await study.contactList(settings, quiet)));
  expect(scored.bands.reduce((sum, { customers: count }) => sum + count, 0)).toBe(3_000);
});

test('customers compared with themselves have not moved; older and busier ones have', async () => {
  const customers = await study.exportTable({ what: 'customers', format: 'csv' }, quiet);
  const same = await study.compareTable({ file: fileOf(customers), name: 'same.csv' }, quiet);
  expect(same.features.length).toBeGreaterThan(50);
  for (const { psi } of same.features) expect(psi).toBeLessThan(0.02);
  // The score is compared with test customers', and most of these were learned from: a little surer of itself.
  for (const { band, alarm } of [...same.features, same.score]) expect([band, alarm]).toEqual(['stable', false]);
  const [head, ...lines] = textOf(customers).split('\r\n');
  const { train, validation } = await study.trainingInput({}, quiet);
  const known = new Set([...train, ...validation]);
  const compareRows = (rows: Iterable<number>) => {
    const table = [head, ...Array.from(rows, (row) => lines[row])].join('\r\n');
    return study.compareTable({ file: new Blob([table]), name: 'part.csv' }, quiet);
  };
  // Features are compared with those learned from: on these very customers nothing differs, nor scores on the test's own.
  for (const { psi } of (await compareRows(train)).features) expect(psi).toBe(0);
  const test = lines.flatMap((line, row) => (line === '' || known.has(row) ? [] : row));
  expect((await compareRows(test)).score.psi).toBe(0);
  const later = textOf(customers).split('\r\n');
  const age = (later[0] as string).split(',').indexOf('age');
  const shifted = later.map((line, i) => {
    const cells = line.split(',');
    if (i > 0 && cells[age]) cells[age] = String(Math.min(95, Number(cells[age]) + 20));
    return cells.join(',');
  });
  const moved = await study.compareTable({ file: new Blob([shifted.join('\r\n')]), name: 'later.csv' }, quiet);
  const bands = new Map(moved.features.map(({ feature, band }) => [feature, band]));
  expect(bands.get('age')).toBe('significant');
  expect(moved.features.find(({ feature }) => feature === 'age')?.alarm).toBe(true);
  expect([...bands.values()].filter((band) => band === 'significant').length).toBeLessThan(10);
});

test('the report is one file that fetches nothing and runs nothing', async () => {
  await study.decide(settings, quiet);
  const file = await study.report({}, quiet);
  const html = textOf(file);
  expect(file.mediaType).toBe('text/html');
  expect(html.match(/<!doctype html>/gi)).toHaveLength(1);
  expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(9);
  const tags = html.match(/<[^>]*>/g) ?? [];
  expect(tags.filter((tag) => /^<(script|link|img|iframe|object)\b|\son\w+=|javascript:/i.test(tag))).toEqual([]);
  const addresses = html.match(/https?:[^"'\s]*|url\([^#][^)]*\)|@import/gi) ?? [];
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
  for (const { label } of evaluation.models) expect(html).toContain(label);
});

test('choosing roles keeps the day on which sample customers were taken, and what an oracle would reach', async () => {
  const other = createNodeStudy({ threads: 1 }).study;
  const made = await other.makeCustomers(sample, quiet);
  expect(made.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  const chosen = await other.assignRoles({ roles: { age: 'ignore' } }, quiet);
  expect(chosen.asOf).toBe(made.asOf);
  expect(chosen.needsAsOf).toBe(false);
  expect(chosen.oracleAuc).toBe(made.oracleAuc);
  const { features } = await other.buildFeatures(split, quiet);
  expect(features.some(({ columns }) => columns.includes('age'))).toBe(false);
  expect(features.length).toBeGreaterThan(50);
  const { label } = made;
  const { positive } = label as { positive: string };
  const turned = await other.assignRoles(
    { roles: {}, label: { column: label?.column as string, positive: positive === 'yes' ? 'no' : 'yes' } },
    quiet,
  );
  expect(turned.label?.positives).toBe(label?.negatives);
  expect(turned.oracleAuc).toBeUndefined();
});
