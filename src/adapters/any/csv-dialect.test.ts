import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { cellAt } from '../../core/data/frame.ts';
import { quirkyCsv } from '../../testing/csv-quirks.ts';
import { openCsv } from './csv.ts';
import { readPasted, sniffDialect } from './csv-dialect.ts';

test('our reader finds the cells that papaparse finds', async () => {
  for (let seed = 1000; seed < 1200; seed++) {
    const { text, delimiter, header } = quirkyCsv(seed);
    const peer = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: true }).data;
    const { frame, rows } = await openCsv(new Blob([text]), {
      kinds: new Map(header.map((name) => [name, 'text'] as const)),
    });
    const ours = Array.from({ length: frame.rowCount }, (_, row) => frame.columns.map((column) => cellAt(column, row)));
    expect(ours, `seed ${seed}`).toEqual(peer.slice(1).map((row) => row.map((cell) => cell.trim() || null)));
    expect(rows.read).toBe(rows.kept);
  }
});

test.each([
  ['a,b\n1,2\n', ','],
  ['a;b\n1,5;2,5\n', ';'],
  ['a\tb\n1\t2\n', '\t'],
  ['a|b\n1|2\n', '|'],
  ['"a;x","b"\n1,2\n', ','],
  ['single\n1\n2\n', ','],
])('the delimiter of %j is %j', (text, delimiter) => {
  expect(sniffDialect(text)).toEqual({ delimiter, skipRecords: 0 });
});

test("Excel's own statement of the delimiter is heeded and is no header", async () => {
  const { frame } = await openCsv(new Blob(['sep=;\r\na;b\r\n1;2\r\n']));
  expect(frame.columns.map((column) => column.name)).toEqual(['a', 'b']);
  expect(cellAt(frame.columns[1] as never, 0)).toBe(2);
});

test('cells pasted from a spreadsheet are read by their tabs', () => {
  expect(readPasted('id\tname\r\n001\t"Ann ""A"""\r\n\r\n')).toEqual([
    ['id', 'name'],
    ['001', 'Ann "A"'],
  ]);
});
