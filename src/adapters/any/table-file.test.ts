import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { cellAt, createFrame, createTextColumn, type Frame } from '../../core/data/frame.ts';
import { createRandom } from '../../core/shared/random.ts';
import { writeCsv } from '../../core/data/csv/write-csv.ts';
import { gunzip } from './gzip.ts';
import { toParquet } from './parquet.ts';
import { openTableFile } from './table-file.ts';

const rowCount = 300;
const random = createRandom(4);
const rows = Array.from({ length: rowCount }, (_, row) => row);
const frame = createFrame([
  createTextColumn(
    'id',
    rows.map((row) => `00${row}`),
  ),
  { kind: 'number', name: 'visits', values: Float64Array.from(rows, () => random.integer(40)) },
  {
    kind: 'number',
    name: 'spend',
    values: Float64Array.from(rows, () => (random.next() < 0.1 ? Number.NaN : random.normal() * 100)),
  },
  {
    kind: 'category',
    name: 'plan',
    codes: Int32Array.from(rows, (row) => (row < 3 ? row : random.integer(4) - 1)),
    levels: ['Básic', 'Pro', 'Team'],
  },
  {
    kind: 'date',
    name: 'joined',
    days: Float64Array.from(rows, (row) => (row === 9 ? Number.NaN : 19_000 + random.integer(500))),
  },
  { kind: 'date', name: 'seen', days: Float64Array.from(rows, () => 19_000 + random.integer(86_400) / 86_400) },
]);
const cells = (table: Frame) =>
  table.columns.map((column) => [column.name, column.kind, ...rows.map((row) => cellAt(column, row))]);
const gzip = (bytes: Uint8Array) => new Blob([new Uint8Array(gzipSync(bytes))]);

test('CSV, gzip and Parquet give the same table, whatever the name says', async () => {
  const csv = writeCsv(frame);
  const parquet = await toParquet(frame);
  for (const file of [new Blob([csv]), gzip(csv), new Blob([parquet]), gzip(parquet)]) {
    const opened = await openTableFile(file, 'customers.xlsx');
    expect(opened.findings).toEqual([]);
    expect(cells(opened.frame)).toEqual(cells(frame));
  }
});

test('a compressed file is stopped at its budget, whatever size it states', async () => {
  const bomb = gzip(new Uint8Array(8_000_000));
  await expect(gunzip(bomb, 1_000_000)).rejects.toMatchObject({ code: 'data.too-large' });
  const cut = gzip(writeCsv(frame)).slice(0, 500);
  await expect(openTableFile(cut, 'cut.csv.gz')).rejects.toMatchObject({
    code: 'data.format',
    where: { file: 'cut.csv.gz' },
  });
});

test('a Parquet file that was cut off is a typed error, wherever it was cut', async () => {
  const bytes = await toParquet(frame);
  for (let length = 4; length < bytes.length; length += 97) {
    await expect(
      openTableFile(new Blob([bytes.slice(0, length)]), 'cut.parquet'),
      `${length} bytes`,
    ).rejects.toMatchObject({
      code: 'data.format',
      where: { file: 'cut.parquet' },
      fix: expect.any(String),
    });
  }
});

test('a Parquet footer that states another number of rows is not believed', async () => {
  const bytes = await toParquet(frame);
  const view = new DataView(bytes.buffer);
  const footer = bytes.length - 8 - view.getUint32(bytes.length - 8, true);
  // 300 as a zigzag varint, wherever the footer says it: the file, its row group, each of its columns.
  let changed = 0;
  for (let at = footer; at < bytes.length - 9; at++) {
    if (bytes[at] !== 0xd8 || bytes[at + 1] !== 0x04) continue;
    const liar = bytes.slice();
    liar[at] = 0xda;
    await expect(openTableFile(new Blob([liar]), 'liar.parquet'), `byte ${at}`).rejects.toMatchObject({
      code: 'data.format',
    });
    changed++;
  }
  expect(changed).toBeGreaterThanOrEqual(2 + frame.columns.length);
});
