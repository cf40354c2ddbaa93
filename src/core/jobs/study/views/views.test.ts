import { beforeAll, expect, test } from 'vitest';
import { textOf } from '../../../../testing/csv-rows.ts';
import { createNodeStudy, quiet } from '../../../../testing/node-study.ts';
import type { CohortRow } from '../../explanation-contract.ts';

const customers = 1_500;
const { study, training } = createNodeStudy({ threads: 1 });
const quick = { logistic: { choose_C: false }, boosting: { n_estimators: 20 } } as const;

beforeAll(async () => {
  await study.makeCustomers({ scenario: 'ecommerce', customers, seed: 11, conversionRate: 0.1 }, quiet);
  await study.buildFeatures({ seed: 11, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  for (const kind of ['logistic', 'boosting'] as const) {
    const input = await study.trainingInput({}, quiet);
    const { trained, seconds } = await training.train({ kind, input, parameters: quick[kind] }, quiet);
    await study.acceptModel({ trained, seconds, parameters: quick[kind] }, quiet);
  }
}, 60_000);

test('importance is told four ways, its bands hold the mean, and features that no tree splits on lose nothing', async () => {
  const { rows, figure, verdict } = await study.importances({ model: 'boosting' }, quiet);
  expect(rows.length).toBeGreaterThan(50);
  for (const { shap, low, high, splits, permutation } of rows) {
    expect(low).toBeLessThanOrEqual(shap);
    expect(high).toBeGreaterThanOrEqual(shap);
    if (splits === 0) expect([shap, permutation]).toEqual([0, 0]);
  }
  expect(rows.map(({ shap }) => shap)).toEqual(rows.map(({ shap }) => shap).sort((a, b) => b - a));
  expect(figure.series[0]?.low).toHaveLength(15);
  expect(verdict).toMatch(/\.$/);
});

test('logistic regression has no gain, and its importance says so instead of nought', async () => {
  const { rows } = await study.importances({ model: 'logistic' }, quiet);
  expect(rows.every(({ gain, splits }) => Number.isNaN(gain) && Number.isNaN(splits))).toBe(true);
});

test('a beeswarm holds every customer on every line, each within the line', async () => {
  const { cloud, figure, rows } = await study.beeswarm({ model: 'boosting' }, quiet);
  expect(rows).toBeUndefined();
  const lines = figure.series[0]?.y.length as number;
  expect(cloud.rowCount).toBe(customers);
  expect(cloud.x).toHaveLength(lines * customers);
  cloud.y.forEach((y, point) => expect(Math.abs(y - Math.floor(point / customers))).toBeLessThanOrEqual(0.41));
  const [from, to] = figure.x.range as [number, number];
  expect(cloud.x.every((x) => x > from && x < to)).toBe(true);
});

test('a dependence plot shows the attributions that the beeswarm shows, with a partner among the other features', async () => {
  const swarm = await study.beeswarm({ model: 'boosting' }, quiet);
  const feature = String(swarm.figure.series[0]?.y[0]).replaceAll(' ', '_');
  const dependence = await study.dependence({ model: 'boosting', feature }, quiet);
  expect(dependence.feature).toBe(feature);
  expect(dependence.partner).not.toBe(feature);
  expect(dependence.cloud.y).toEqual(swarm.cloud.x.subarray(0, customers));
});

test('interactions of trees are told by pair, the same both ways; other models have none', async () => {
  const { series, caption } = await study.interactionHeatmap({ model: 'boosting' }, quiet);
  const z = series[0]?.z as readonly (readonly number[])[];
  expect(z).toHaveLength(12);
  z.forEach((row, i) =>
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(z[j]?.[i] as number, 12);
      if (i === j) expect(value).toBe(0);
    }),
  );
  expect(caption).toContain('interact');
  await expect(study.interactionHeatmap({ model: 'logistic' }, quiet)).rejects.toThrow('has no trees');
});

test('groups of any column add up to everybody, and so do their buyers', async () => {
  for (const column of ['rfm_segment', 'age', 'device']) {
    const { rows, total, verdict, file } = await study.cohorts({ model: 'boosting', column }, quiet);
    const sum = (of: (row: CohortRow) => number) => rows.reduce((all, row) => all + of(row), 0);
    expect(sum((row) => row.customers)).toBe(customers);
    expect(total.customers).toBe(customers);
    expect(sum((row) => row.testCustomers)).toBe(customers / 5);
    expect(sum((row) => row.testConversions)).toBe(total.testConversions);
    expect(sum((row) => row.share)).toBeCloseTo(1, 12);
    expect(sum((row) => Math.round(row.aboveCut * row.customers))).toBe(Math.round(total.aboveCut * customers));
    expect(sum((row) => row.meanPropensity * row.customers) / customers).toBeCloseTo(total.meanPropensity, 12);
    const known = rows.filter((row) => row.testConversions > 0);
    const above = known.reduce((all, row) => all + Math.round(row.buyersAboveCut * row.testConversions), 0);
    expect(above).toBe(Math.round(total.buyersAboveCut * total.testConversions));
    expect(verdict).toMatch(/\.$/);
    expect(textOf(file).trim().split('\n')).toHaveLength(rows.length + 2);
  }
});

test('a selection keeps those who meet every condition, and the table can be limited to them', async () => {
  const all = await study.select({ model: 'boosting', conditions: [] }, quiet);
  expect(all.customers).toBe(customers);
  const high = await study.select({ model: 'boosting', conditions: [{ column: 'propensity', atLeast: 0.7 }] }, quiet);
  expect(high.selected?.reduce((sum, each) => sum + each, 0)).toBe(high.customers);
  expect(high.customers).toBeGreaterThan(0);
  const page = await study.customers(
    { model: 'boosting', from: 0, to: 500, order: 'propensity', descending: true, among: 'selected' },
    quiet,
  );
  expect(page.rowCount).toBe(high.customers);
  expect(page.hits.every(({ propensity }) => propensity >= 0.7)).toBe(true);
  const none = await study.select({ conditions: [{ column: 'propensity', atLeast: 2 }] }, quiet);
  expect(none.customers).toBe(0);
});

test('what-if with nothing changed is the customer as scored, and a change back is no change', async () => {
  for (const model of ['logistic', 'boosting'] as const) {
    const same = await study.whatIf({ model, row: 7, changes: {} }, quiet);
    expect(same.after.probability).toBe(same.before.probability);
    expect(same.after.propensity).toBe(same.before.propensity);
    expect(same.features).toEqual([]);
    const columns = await study.customerColumns({ row: 7 }, quiet);
    const changes = Object.fromEntries(columns.map(({ name, value }) => [name, value]));
    const back = await study.whatIf({ model, row: 7, changes }, quiet);
    expect(back.after.probability).toBe(same.before.probability);
    expect(back.sentence).toContain('not what would happen if you changed it');
  }
});

test('a counterfactual crosses the cut when the customer is really changed so, and no cheaper single change was left out', async () => {
  const page = await study.customers(
    { model: 'boosting', from: 0, to: 3, order: 'propensity', descending: true, among: 'all' },
    quiet,
  );
  const row = page.hits[2]?.row as number;
  const { found, sentence } = await study.counterfactuals({ model: 'boosting', row, cut: 0.7 }, quiet);
  expect(sentence).toContain('not what would happen if you changed it');
  expect(found.length).toBeGreaterThan(0);
  for (const { changes, propensity } of found) {
    const { after } = await study.whatIf(
      { model: 'boosting', row, changes: Object.fromEntries(changes.map(({ column, value }) => [column, value])) },
      quiet,
    );
    expect(after.propensity).toBe(propensity);
    expect(after.propensity).toBeLessThan(0.7);
  }
  const columns = await study.customerColumns({ row }, quiet);
  for (const { changes } of found) {
    for (const { column } of changes) expect(columns.find(({ name }) => name === column)?.changeable).toBe(true);
  }
});

test('nearest customers come nearest first and never include the customer', async () => {
  const { near } = await study.neighbours({ model: 'boosting', row: 12 }, quiet);
  expect(near).toHaveLength(8);
  expect(near.some(({ row }) => row === 12)).toBe(false);
  const similarities = near.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
});

test('the effect of a raw column and of a feature is drawn, and the mean of single customers is the mean', async () => {
  for (const column of ['age', 'recency_days', 'rfm_segment']) {
    const effect = await study.columnEffect({ model: 'boosting', column }, quiet);
    expect(effect.verdict).toMatch(/\.$/);
    expect(effect.partialDependence.series[0]?.y.length).toBeGreaterThan(2);
    expect(effect.accumulated === undefined).toBe(column === 'rfm_segment');
  }
});

test('several customers’ lines all start at the base and end at their own raw score', async () => {
  const { decision, heatmap, difference } = await study.several({ model: 'boosting', rows: [1, 2] }, quiet);
  const bases = decision.series.map(({ x }) => x.at(-1));
  expect(bases[0]).toBe(bases[1]);
  const ends = decision.series.map(({ x }) => Number(x[0]));
  expect(difference?.series[0]?.x).toHaveLength(12);
  for (const [i, row] of [1, 2].entries()) {
    const { logOdds } = await study.explainCustomer({ row, model: 'boosting' }, quiet);
    expect(ends[i]).toBeCloseTo(logOdds, 9);
  }
  expect(heatmap.series[0]?.z?.[0]).toHaveLength(60);
});

test('surrogate rules part all customers and answer much of the model', async () => {
  const { rules, fidelity } = await study.surrogate({ model: 'boosting' }, quiet);
  expect(rules.reduce((sum, { customers: held }) => sum + held, 0)).toBe(customers);
  expect(fidelity).toBeGreaterThan(0.4);
});

test('the report names no customer unless asked, fetches nothing, and stays far below 15 MB', async () => {
  const without = await study.explanationReport({ model: 'boosting', rows: [] }, quiet);
  const html = textOf(without);
  const [hit] = (await study.customers({ from: 0, to: 1, order: 'row', descending: false, among: 'all' }, quiet)).hits;
  expect(html).not.toContain(hit?.id as string);
  expect(html).not.toMatch(/<script|src=|href=|url\(/);
  expect(without.bytes.length).toBeLessThan(15e6);
  for (const words of ['Model card', 'Limits', 'Intended use', 'What the model looks at'])
    expect(html).toContain(words);
  const asked = textOf(await study.explanationReport({ model: 'boosting', rows: [hit?.row as number] }, quiet));
  expect(asked).toContain(hit?.id as string);
});
