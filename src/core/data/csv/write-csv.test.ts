import { expect, test } from 'vitest';
import { cellAt, createFrame, createTextColumn } from '../frame.ts';
import { readCsv } from './read-csv.ts';
import { csvChunks, writeCsv } from './write-csv.ts';

const hostile = [
  '=1+1',
  '+49 170',
  '-5',
  '@cmd',
  '\ttab',
  '\rcr',
  '＝SUM(A1)',
  "'=quoted",
  "''=twice",
  "it's",
  'a,b',
  'say "yes"',
  'x\r\ny',
  '00123',
  'ünï',
  '=HYPERLINK("http://x","y")',
];
const frame = createFrame([
  createTextColumn('id', hostile),
  {
    kind: 'number',
    name: '=n',
    values: Float64Array.from(hostile, (_, row) => (row === 3 ? Number.NaN : row - 8 + 0.1)),
  },
  {
    kind: 'category',
    name: 'plan',
    codes: Int32Array.from(hostile, (_, row) => (row % 3) - 1),
    levels: ['=Basic', 'Pro, 2'],
  },
  {
    kind: 'date',
    name: 'day',
    days: Float64Array.from(hostile, (_, row) => (row === 5 ? Number.NaN : 19_000.5 + row)),
  },
]);

test('what is written comes back cell by cell', async () => {
  const { frame: back } = await readCsv(new Blob([writeCsv(frame)]), {
    delimiter: ',',
    kinds: new Map(frame.columns.map(({ name, kind }) => [name, kind])),
  });
  expect(back.columns.map((column) => column.name)).toEqual(frame.columns.map((column) => column.name));
  frame.columns.forEach((column, i) => {
    for (let row = 0; row < frame.rowCount; row++)
      expect(cellAt(back.columns[i] as never, row)).toEqual(cellAt(column, row));
  });
});

test('no text cell begins as a formula, and numbers are left alone', () => {
  const text = new TextDecoder().decode(writeCsv(createFrame([createTextColumn('t', hostile)])));
  for (const line of text.split('\r\n')) expect(line).not.toMatch(/^"?[=+\-@\t\r＝]/);
  expect(
    new TextDecoder().decode(writeCsv(createFrame([{ kind: 'number', name: 'n', values: Float64Array.of(-5, 1e21) }]))),
  ).toBe('n\r\n-5\r\n1e+21\r\n');
});

test('the pieces are the whole', () => {
  const many = createFrame([
    { kind: 'number', name: 'n', values: Float64Array.from({ length: 20_000 }, (_, i) => i / 7) },
  ]);
  const pieces = [...csvChunks(many)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(new Blob(pieces).size).toBe(writeCsv(many).length);
});
