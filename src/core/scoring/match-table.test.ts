import { expect, test } from 'vitest';
import { tinyCustomers, tinySchema } from '../../testing/golden/bundle-fixture.ts';
import { createFrame, createTextColumn, findColumn } from '../data/frame.ts';
import { matchTable } from './match-table.ts';

const needed = new Set(['age', 'visits', 'region', 'joined']);

test('a table as the schema has it passes through without a copy', () => {
  const table = tinyCustomers(10);
  const { frame, findings } = matchTable(table, tinySchema, needed);
  expect(findings).toEqual([]);
  expect(frame.columns.map((column) => column.name)).toEqual(['age', 'visits', 'region', 'joined']);
  for (const column of frame.columns) expect(column).toEqual(findColumn(table, column.name));
});

test('a missing required column refuses the table, naming it', () => {
  const table = createFrame(tinyCustomers(3).columns.filter((column) => column.name !== 'age'));
  expect(() => matchTable(table, tinySchema, needed)).toThrow(
    expect.objectContaining({ code: 'data.missing-column', message: expect.stringContaining('"age"') as string }),
  );
});

test('a missing optional column counts as missing for everyone and is told', () => {
  const table = createFrame(tinyCustomers(3).columns.filter((column) => column.name !== 'visits'));
  const { frame, findings } = matchTable(table, tinySchema, needed);
  expect(findColumn(frame, 'visits')).toMatchObject({ values: new Float64Array(3).fill(Number.NaN) });
  expect(findings).toMatchObject([{ level: 'warning', columns: ['visits'] }]);
});

test('columns of other kinds are coerced, and what does not fit is counted', () => {
  const table = createFrame([
    createTextColumn('age', ['31', ' 45 ', 'old', '']),
    { kind: 'category', name: 'visits', codes: Int32Array.of(0, 1, -1, 1), levels: ['1.5', 'many'] },
    createTextColumn('region', ['south', 'moon', '', 'north']),
    createTextColumn('joined', ['2023-01-02', '2023-02-30', '', '2023-01-02T12:00:00Z']),
  ]);
  const { frame, findings } = matchTable(table, tinySchema, needed);
  expect(findColumn(frame, 'age')).toMatchObject({ values: Float64Array.of(31, 45, Number.NaN, Number.NaN) });
  expect(findColumn(frame, 'visits')).toMatchObject({
    values: Float64Array.of(1.5, Number.NaN, Number.NaN, Number.NaN),
  });
  expect(findColumn(frame, 'region')).toMatchObject({
    codes: Int32Array.of(1, -1, -1, 0),
    levels: ['north', 'south', 'west'],
  });
  expect(findColumn(frame, 'joined')).toMatchObject({
    days: Float64Array.of(19_359, Number.NaN, Number.NaN, 19_359.5),
  });
  expect(findings.map((finding) => finding.columns[0])).toEqual(['age', 'visits', 'region', 'joined']);
  expect(findings[1]?.detail).toContain('2 of 4');
});

test('values out of range are kept and told', () => {
  const age = { kind: 'number', name: 'age', values: Float64Array.of(17, 50, 101) } as const;
  const others = tinyCustomers(3).columns.filter((column) => column.name !== 'age');
  const { frame, findings } = matchTable(createFrame([age, ...others]), tinySchema, needed);
  expect(findColumn(frame, 'age')).toEqual(age);
  expect(findings).toMatchObject([{ columns: ['age'], detail: expect.stringContaining('2 of 3') as string }]);
});
