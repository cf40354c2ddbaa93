import { makeVector, Table, tableToIPC, type TypeMap, vectorFromArray } from 'apache-arrow';
import { expect, test } from 'vitest';
import { cellAt, createFrame, createTextColumn, type Frame } from '../../core/data/frame.ts';
import { fromArrow, toArrowIpc } from './arrow.ts';

const frame = createFrame([
  { kind: 'number', name: 'spend', values: Float64Array.of(1.5, Number.NaN, -3, 0, 9) },
  { kind: 'category', name: 'plan', codes: Int32Array.of(0, 1, -1, 1, 0), levels: ['Basic', 'Prémium'] },
  { kind: 'date', name: '__proto__', days: Float64Array.of(0, 19_800.25, Number.NaN, -1, 2) },
  createTextColumn('id', ['00123', '', 'ü', '9007199254740993', 'x']),
]);

const cells = (table: Frame) =>
  table.columns.map((column) => [
    column.name,
    column.kind,
    ...Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row)),
  ]);

test('a frame comes back from Arrow as it went', () => {
  const back = fromArrow(toArrowIpc(frame));
  const expected = cells(frame);
  // Five words are few enough for a category: text and category hold the same words.
  const kinds = cells(back).map((column) => (column[0] === 'id' ? [column[0], 'text', ...column.slice(2)] : column));
  expect(kinds).toEqual(expected);
});

test('a column of doubles without nulls is not copied', () => {
  const values = Float64Array.of(1, 2, 3);
  const column = fromArrow(new Table<TypeMap>({ a: makeVector(values) })).columns[0];
  expect(column?.kind === 'number' && column.values.buffer).toBe(values.buffer);
});

test('whole numbers, booleans and dates of other writers are read', () => {
  const table = new Table({
    count: makeVector(Int32Array.of(4, 5)),
    big: makeVector(BigInt64Array.of(7n, 8n)),
    yes: vectorFromArray([true, null]),
    day: vectorFromArray([new Date('2024-03-02T12:00:00Z'), null]),
  });
  const back = fromArrow(tableToIPC(table));
  expect(cells(back)).toEqual([
    ['count', 'number', 4, 5],
    ['big', 'number', 7, 8],
    ['yes', 'category', 'true', null],
    ['day', 'date', '2024-03-02T12:00:00', null],
  ]);
});

test('bytes that are no Arrow table are a typed error', () => {
  expect(() => fromArrow(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))).toThrow(
    expect.objectContaining({ name: 'StudioError' }),
  );
});
