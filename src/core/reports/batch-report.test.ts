import { expect, test } from 'vitest';
import { type BatchOutcome } from '../scoring/batch/batch.ts';
import { summarise } from '../scoring/batch/summary.ts';
import { bandOf, defaultCutoffs } from '../scoring/cutoffs.ts';
import { createRandom } from '../shared/random.ts';
import { batchFigures, batchReport } from './batch-report.ts';
import { reportHtml } from './html-report.ts';

const source = { input: 'march.csv', modelVersion: 'boosting-1', calibrated: true, columns: ['age'] };

test('deciles hold a tenth each, fall, and add up to all expected conversions', () => {
  const { deciles, bands } = batchFigures(outcomeOf(1003, 1), source);
  expect(deciles.reduce((sum, { customers }) => sum + customers, 0)).toBe(1003);
  expect(Math.max(...deciles.map(({ customers }) => Math.abs(customers - 100.3)))).toBeLessThan(1);
  const rates = deciles.map(({ expectedConversions, customers }) => expectedConversions / customers);
  expect(rates).toEqual([...rates].sort((a, b) => b - a));
  const expected = bands.reduce((sum, band) => sum + band.expectedConversions, 0);
  expect(deciles.reduce((sum, each) => sum + each.expectedConversions, 0)).toBeCloseTo(expected, 9);
});

test('fewer customers than deciles, and all with one score, are shared out', () => {
  expect(batchFigures(outcomeOf(3, 2), source).deciles.reduce((sum, { customers }) => sum + customers, 0)).toBe(3);
  const { deciles } = batchFigures(
    outcomeOf(100, 3, () => 0.5),
    source,
  );
  expect(deciles.map(({ expectedConversions }) => Math.round(expectedConversions * 1e9) / 1e9)).toEqual(
    new Array(10).fill(2.5),
  );
});

test('a batch like the last is stable, one with other scores is not', () => {
  const outcome = outcomeOf(2000, 4);
  const figures = batchFigures(outcome, source);
  const same = batchReport(figures, outcome, [], figures).sections.find(({ heading }) => heading.startsWith('Since'));
  expect(same?.sentence).toContain('is 0: stable');
  const shifted = batchFigures(
    outcomeOf(2000, 5, (x) => x * x),
    source,
  );
  const other = batchReport(shifted, outcome, [], figures).sections.find(({ heading }) => heading.startsWith('Since'));
  expect(other?.sentence).toContain('significant');
});

test('names from the file cannot become markup', () => {
  const outcome = outcomeOf(10, 6);
  const figures = batchFigures(outcome, { ...source, input: '<script>x</script>' });
  expect(reportHtml(batchReport(figures, outcome, [{ feature: '<b>', importance: 1 }]))).not.toMatch(/<script>|<b>/);
});

/** Scores by this shape of a uniform draw; half of each is its chance. */
function outcomeOf(customers: number, seed: number, shape = (x: number) => x): BatchOutcome {
  const random = createRandom(seed);
  const propensity = Float64Array.from({ length: customers }, () => shape(random.next()));
  const scores = {
    propensity,
    probability: propensity.map((each) => each / 2),
    band: Uint8Array.from(propensity, (each) => bandOf(each, defaultCutoffs)),
  };
  const rows = Uint32Array.from(propensity, (_, row) => row + 2);
  return {
    rows: { read: customers, kept: customers, rejected: 0, blank: 0 },
    problems: [],
    problemCounts: [],
    summary: summarise(scores, rows, (row) => `C${row}`, [{ kind: 'number', name: 'age', values: propensity }]),
  };
}
