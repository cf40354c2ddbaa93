import { expect, test } from 'vitest';
import { createFrame, createTextColumn } from '../../data/frame.ts';
import { matchingRows } from './row-filter.ts';

const frame = createFrame([
  { kind: 'number', name: 'age', values: Float64Array.of(5, 50, Number.NaN, 5.5, -5) },
  { kind: 'category', name: 'city', codes: Int32Array.of(0, 1, -1, 1, 0), levels: ['Bern', 'Basel'] },
  createTextColumn('id', ['A1', 'A2', 'B1', 'B2', 'b3']),
]);
const rowsOf = (column: string, text: string) => [...matchingRows(frame, { column, text })];

test.each([
  ['age', '> 5', [1, 3]],
  ['age', '>=5', [0, 1, 3]],
  ['age', '≤ 5', [0, 4]],
  ['age', '= -5', [4]],
  ['age', '5', [0, 1, 3, 4]],
  ['age', 'missing', [2]],
  ['city', 'BA', [1, 3]],
  ['city', 'missing', [2]],
  ['id', 'b', [2, 3, 4]],
  ['id', '', [0, 1, 2, 3, 4]],
  ['id', '> 1', []],
])('%s filtered by "%s"', (column, text, rows) => {
  expect(rowsOf(column, text)).toEqual(rows);
});

test('a column that is not there is refused', () => {
  expect(() => rowsOf('shoe_size', '1')).toThrow('shoe_size');
});
