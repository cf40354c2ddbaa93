import { expect, test } from 'vitest';
import { createRandom } from '../shared/random.ts';
import { type Column, createFrame, createTextColumn } from './frame.ts';
import { findLeakage } from './leakage.ts';
import type { Role } from './schema.ts';
import { singleColumnAuc } from './single-column-auc.ts';
import type { Table } from './table.ts';

const rowCount = 4000;
const random = createRandom(11);
const labels = Int8Array.from({ length: rowCount }, () => (random.next() < 0.15 ? 1 : 0));
const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
const numbers = (name: string, value: (row: number) => number): Column => ({
  kind: 'number',
  name,
  values: Float64Array.from(rows, value),
});
const leaning = (name: string, shift: number) =>
  numbers(name, (row) => random.normal() + shift * (labels[row] as number));
/** Four honest columns: AUC about 0.74, 0.70, 0.64 and 0.5. */
const honest = [leaning('a', 0.9), leaning('b', 0.75), leaning('c', 0.5), leaning('d', 0)];

function tableOf(columns: readonly Column[], roles: Record<string, Role> = {}, asOf?: number): Table {
  const schema = {
    name: 't',
    columns: columns.map(({ name, kind }) => ({
      name,
      kind,
      description: name,
      role: roles[name] ?? ('feature' as const),
    })),
  };
  return { frame: createFrame(columns), schema, labels, ...(asOf === undefined ? {} : { asOf }) };
}
const flagged = (table: Table) => findLeakage(table, rows).flatMap((finding) => finding.columns);

test('honest columns raise no finding', () => {
  expect(flagged(tableOf(honest))).toEqual([]);
});

test('the label itself, the label with noise and a column far above the rest are named', () => {
  expect(flagged(tableOf([...honest, numbers('copy', (row) => labels[row] as number)]))).toEqual(['copy']);
  expect(flagged(tableOf([...honest, leaning('noisy', 3)]))).toEqual(['noisy']);
  expect(flagged(tableOf([...honest, leaning('call_seconds', 1.35)]))).toEqual(['call_seconds']);
});

test('two copies of a leak do not hide each other', () => {
  const leak = leaning('minutes', 1.35);
  const twin = numbers('seconds', (row) => (leak.kind === 'number' ? (leak.values[row] as number) * 60 : 0));
  expect(flagged(tableOf([...honest, leak, twin]))).toEqual(['minutes', 'seconds']);
});

test('a strong column among strong columns is no leak', () => {
  expect(
    flagged(
      tableOf([leaning('a', 1.3), leaning('b', 1.27), leaning('c', 1.24), leaning('d', 1.21), leaning('e', 1.18)]),
    ),
  ).toEqual([]);
});

test('a column that is filled for one outcome only is named, a rarely filled one is not', () => {
  const reason = numbers('reason', (row) =>
    labels[row] === 1 && random.next() < 0.3 ? random.integer(4) : Number.NaN,
  );
  const rare = numbers('rare', () => (random.next() < 0.01 ? 1 : Number.NaN));
  expect(flagged(tableOf([...honest, reason, rare]))).toEqual(['reason']);
});

test('dates after the snapshot day are named with their count', () => {
  const days = Float64Array.from(rows, (row) => (row < 5 ? 20_001 : 20_000.9 - row));
  const findings = findLeakage(tableOf([...honest, { kind: 'date', name: 'last_order', days }], {}, 20_000), rows);
  expect(findings.map((finding) => finding.detail).join()).toContain('5 of 4000 rows');
});

test('ids in the order of the outcome are named, ids at random are not', () => {
  const place = Array.from(
    rows,
    (row) => `C${String((labels[row] === 1 ? 0 : 5000) + random.integer(4000)).padStart(6, '0')}`,
  );
  expect(flagged(tableOf([...honest, createTextColumn('id', place)], { id: 'id' }))).toEqual(['id']);
  const anyhow = Array.from(rows, () => `C${random.integer(1_000_000)}`);
  expect(flagged(tableOf([...honest, createTextColumn('id', anyhow)], { id: 'id' }))).toEqual([]);
});

test('the AUC of a column alone is the share of pairs it puts right', () => {
  const small = Int8Array.of(0, 0, 1, 1, 0, -1);
  const column: Column = { kind: 'number', name: 'x', values: Float64Array.of(1, 2, 2, 3, Number.NaN, 9) };
  const pairs = [
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ].map(([p, n]) => ((p as number) > (n as number) ? 1 : p === n ? 0.5 : 0) as number);
  const withMissingBelow = (pairs.reduce((sum, each) => sum + each, 0) + 2) / 6;
  expect(singleColumnAuc(column, small, [0, 1, 2, 3, 4, 5])).toBeCloseTo(withMissingBelow, 12);
});

test('a category of as many levels as rows proves nothing', () => {
  const codes = Int32Array.from(rows);
  const levels = Array.from(rows, String);
  expect(singleColumnAuc({ kind: 'category', name: 'x', codes, levels }, labels, rows)).toBeLessThan(0.53);
});
