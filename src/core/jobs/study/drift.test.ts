import { beforeAll, expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import type { AlertRule } from '../../monitoring/alerts/rules.ts';
import type { StudyJobs } from '../study-contract.ts';

let study: StudyJobs;

beforeAll(async () => {
  const made = createNodeStudy({ threads: 1 });
  study = made.study;
  await study.makeCustomers({ scenario: 'ecommerce', customers: 2000, seed: 3 }, quiet);
  await study.buildFeatures({ seed: 1, train: 0.5, validation: 0.2, test: 0.3 } as never, quiet);
  const input = await study.trainingInput({}, quiet);
  const parameters = { n_estimators: 15 };
  const { trained, seconds } = await made.training.train({ kind: 'boosting', input, parameters }, quiet);
  await study.acceptModel({ trained, seconds, parameters }, quiet);
  const request = await study.refitRequest({}, quiet);
  const refits = await made.training.refit({ ...request, refits: 1 }, quiet);
  await study.acceptRefits({ kind: request.kind, refits }, quiet);
});

const rule: AlertRule = {
  name: 'Age gone',
  figure: 'missing_rise',
  above: 0.5,
  for: 2,
  severity: 'critical',
  silenced: false,
};

test('a column that goes missing in the third week fires in the fourth, once, and is on the timeline', async () => {
  const found = await study.simulateWeeks(
    {
      drift: { kind: 'missing', column: 'age' },
      course: { shape: 'sudden', from: 2, over: 1, strength: 1 },
      weeks: 5,
      customersPerWeek: 400,
      seed: 1,
      rules: [rule],
    },
    quiet,
  );
  expect(found.events.map(({ change, window }) => [change, window])).toEqual([
    ['pending', 'week 3'],
    ['firing', 'week 4'],
  ]);
  expect(found.alerts).toMatchObject([{ rule: 'Age gone', state: 'firing', windows: 3, since: 'week 3' }]);
  expect(found.history.map(({ name }) => name)).toEqual(['week 1', 'week 2', 'week 3', 'week 4', 'week 5']);
  expect(found.health).toBe('act');
  expect(found.sections.map(({ heading }) => heading)).toEqual([
    'Verdict',
    'Drift',
    'Performance',
    'Predictions',
    'Money',
  ]);
  const html = new TextDecoder().decode(found.report.bytes);
  expect(html).toContain('Drift by feature and window');
  expect(html).not.toContain('<script');
  expect(html.length).toBeLessThan(3e6);
  // No customer is in any of it.
  const customers = await study.previewRows({ from: 0, to: 3 }, quiet);
  const at = customers.columns.indexOf('customer_id');
  expect(at).toBeGreaterThanOrEqual(0);
  for (const row of customers.rows) expect(html).not.toContain(String(row[at]));
});

test('outcomes of the table are judged, those of a label file are joined by id, and a saved bundle is challenged', async () => {
  const table = await study.exportTable({ what: 'customers', format: 'csv' }, quiet);
  const file = new Blob([table.bytes]);
  const own = await study.compareTable({ file, name: 'own.csv' }, quiet);
  const performance = (found: typeof own) => found.sections.find(({ heading }) => heading === 'Performance')?.sentence;
  expect(performance(own)).toContain('2,000 outcomes known');
  const lines = new TextDecoder().decode(table.bytes).split('\r\n');
  const first = new Blob([lines.slice(0, 501).join('\r\n')]);
  const joined = await study.compareTable(
    { file, name: 'own.csv', labels: { file: first, name: 'labels.csv' } },
    quiet,
  );
  expect(performance(joined)).toContain('500 outcomes known');
  const bundle = await study.saveBundle({}, quiet);
  const trial = await study.challenge({ champion: new Blob([bundle.bytes]), file, name: 'own.csv' }, quiet);
  expect(trial).toMatchObject({ better: 'not told', aucGain: 0, championVersion: trial.challengerVersion });
});
