import { writeCsv } from '../../../data/csv/write-csv.ts';
import { createFrame, createTextColumn } from '../../../data/frame.ts';
import { rateBand } from '../../../evaluation/bands.ts';
import { groupsOf } from '../../../explanation/cohorts.ts';
import { cohortFigure } from '../../../reports/figures/cohorts.ts';
import { percent, plainName } from '../../../reports/words.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { CohortRow, CohortTable } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { bestModel, getDataset, getModel, getPrepared, type StudyHost, type StudyState } from '../state.ts';
import { findColumn, getColumn } from '../../../data/frame.ts';
import { type AllAttributions, attributionsOf, valuesOf } from './attributions.ts';
import { wordsOf } from './changed-rows.ts';

const mostDrivers = 3;

export function cohortJobs(state: StudyState, host: StudyHost) {
  return {
    async cohorts(
      { model: id = bestModel(state), column: name }: { readonly model?: ModelId; readonly column: string },
      run: JobRun,
    ): Promise<CohortTable> {
      const attributions = await attributionsOf(state, host, id, run.checkpoint);
      const column = findColumn(getDataset(state).table.frame, name) ?? getColumn(getPrepared(state).features, name);
      const grouping = groupsOf(column);
      if (!grouping) {
        throw new StudioError('request.invalid', `Column "${name}" holds text: it makes no groups.`, {
          fix: 'Choose a column of numbers, dates or categories.',
        });
      }
      const { labels, groupOf } = grouping;
      const sums = sumGroups(state, id, groupOf, labels.length);
      const drivers = driversOf(attributions, groupOf, labels.length);
      const rowCount = groupOf.length;
      const rows = labels.map((label, group) => ({
        ...rowOf(label, sums[group]!, rowCount),
        drivers: drivers[group]!,
      }));
      const total = { ...rowOf('all', sums.reduce(added, emptySums()), rowCount), drivers: [] };
      const description = wordsOf(state, name);
      return {
        column: name,
        description,
        cut: state.cut,
        rows,
        total,
        figure: cohortFigure(description, rows, total.conversion),
        file: fileOf(name, [...rows, total]),
        verdict: verdictOf(description, rows, total),
      };
    },
  };
}

interface GroupSums {
  customers: number;
  propensity: number;
  aboveCut: number;
  testCustomers: number;
  testConversions: number;
  testProbability: number;
  testBuyersAbove: number;
}

const emptySums = (): GroupSums => ({
  customers: 0,
  propensity: 0,
  aboveCut: 0,
  testCustomers: 0,
  testConversions: 0,
  testProbability: 0,
  testBuyersAbove: 0,
});

function added(one: GroupSums, other: GroupSums): GroupSums {
  return {
    customers: one.customers + other.customers,
    propensity: one.propensity + other.propensity,
    aboveCut: one.aboveCut + other.aboveCut,
    testCustomers: one.testCustomers + other.testCustomers,
    testConversions: one.testConversions + other.testConversions,
    testProbability: one.testProbability + other.testProbability,
    testBuyersAbove: one.testBuyersAbove + other.testBuyersAbove,
  };
}

/** Outcomes are counted of test customers alone: the model has not seen theirs. */
function sumGroups(state: StudyState, id: ModelId, groupOf: Uint8Array, count: number): GroupSums[] {
  const { propensity, probability } = getModel(state, id);
  const { labels, splits } = getPrepared(state);
  const sums = Array.from({ length: count }, emptySums);
  groupOf.forEach((group, row) => {
    const into = sums[group]!;
    into.customers++;
    into.propensity += propensity[row]!;
    if (propensity[row]! >= state.cut) into.aboveCut++;
  });
  for (const row of splits.test) {
    const into = sums[groupOf[row]!]!;
    into.testCustomers++;
    into.testProbability += probability[row]!;
    if (labels[row] !== 1) continue;
    into.testConversions++;
    if (propensity[row]! >= state.cut) into.testBuyersAbove++;
  }
  return sums;
}

function rowOf(label: string, sums: GroupSums, rowCount: number): Omit<CohortRow, 'drivers'> {
  const { customers, testCustomers, testConversions } = sums;
  return {
    label,
    customers,
    share: customers / rowCount,
    meanPropensity: sums.propensity / customers,
    testCustomers,
    testConversions,
    conversion: testConversions / testCustomers,
    ...rateBand(testConversions, testCustomers),
    meanProbability: sums.testProbability / testCustomers,
    aboveCut: sums.aboveCut / customers,
    buyersAboveCut: sums.testBuyersAbove / testConversions,
  };
}

/** Mean attribution in each group less that in all others. */
function driversOf(attributions: AllAttributions, groupOf: Uint8Array, count: number): CohortRow['drivers'][] {
  const { names, rows } = attributions;
  const counts = new Float64Array(count);
  for (const row of rows) counts[groupOf[row]!]!++;
  const found: { feature: string; difference: number }[][] = Array.from({ length: count }, () => []);
  names.forEach((feature, f) => {
    const sums = new Float64Array(count);
    const values = valuesOf(attributions, f);
    rows.forEach((row, i) => {
      sums[groupOf[row]!]! += values[i]!;
    });
    const total = sums.reduce((sum, each) => sum + each, 0);
    for (let group = 0; group < count; group++) {
      const others = rows.length - counts[group]!;
      if (counts[group] === 0 || others === 0) continue;
      found[group]!.push({ feature, difference: sums[group]! / counts[group]! - (total - sums[group]!) / others });
    }
  });
  return found.map((drivers) =>
    drivers.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, mostDrivers),
  );
}

function verdictOf(description: string, rows: readonly CohortRow[], total: CohortRow): string {
  const known = rows.filter(({ testCustomers }) => testCustomers >= 30).toSorted((a, b) => b.conversion - a.conversion);
  const [best, worst] = [known[0], known.at(-1)];
  if (!best || !worst || best === worst)
    return `${description}: too few test customers in the groups to tell them apart.`;
  const isSure = best.low > worst.high;
  const off = known.filter(({ low, high, meanProbability }) => meanProbability < low || meanProbability > high);
  const calibration =
    off.length === 0
      ? 'In every group the estimate lies within the band of what was observed.'
      : `The estimate is outside the band of what was observed for ${off.map(({ label }) => label).join(', ')}.`;
  return isSure
    ? `${description}: “${best.label}” converts best, ${percent(best.conversion)} against ${percent(total.conversion)} of all and ${percent(worst.conversion)} of “${worst.label}”. ${calibration}`
    : `${description}: the groups convert alike within chance, “${best.label}” at ${percent(best.conversion)}, “${worst.label}” at ${percent(worst.conversion)}. ${calibration}`;
}

function fileOf(column: string, rows: readonly CohortRow[]): CohortTable['file'] {
  const numbers = (name: string, of: (row: CohortRow) => number) => ({
    kind: 'number' as const,
    name,
    values: Float64Array.from(rows, of),
  });
  const frame = createFrame([
    createTextColumn(
      column,
      rows.map(({ label }) => label),
    ),
    numbers('customers', (row) => row.customers),
    numbers('share', (row) => row.share),
    numbers('test_customers', (row) => row.testCustomers),
    numbers('test_conversions', (row) => row.testConversions),
    numbers('conversion', (row) => row.conversion),
    numbers('conversion_low', (row) => row.low),
    numbers('conversion_high', (row) => row.high),
    numbers('mean_probability', (row) => row.meanProbability),
    numbers('mean_propensity', (row) => row.meanPropensity),
    numbers('share_above_cut', (row) => row.aboveCut),
    numbers('buyers_above_cut', (row) => row.buyersAboveCut),
    createTextColumn(
      'drivers',
      rows.map(({ drivers }) =>
        drivers.map(({ feature, difference }) => `${plainName(feature)} ${difference.toFixed(3)}`).join('; '),
      ),
    ),
  ]);
  return { name: `cohorts-${column}.csv`, mediaType: 'text/csv', bytes: writeCsv(frame) };
}
