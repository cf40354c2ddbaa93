import { expect, test } from 'vitest';
import { quirkyCsv } from '../../../testing/csv-quirks.ts';
import { cellAt, type Frame } from '../frame.ts';
import { type CsvOptions, readCsv } from './read-csv.ts';

const read = (text: string | Uint8Array<ArrayBuffer>, options: Partial<CsvOptions> = {}) =>
  readCsv(new Blob([text]), { delimiter: ',', ...options });
const cells = (frame: Frame) =>
  frame.columns.map((column) => Array.from({ length: frame.rowCount }, (_, row) => cellAt(column, row)));
const kinds = (frame: Frame) => frame.columns.map((column) => `${column.name}:${column.kind}`).join(' ');
const asText = (names: readonly string[]) => new Map(names.map((name) => [name, 'text'] as const));

test('numbers, words and dates get their kinds', async () => {
  const { frame, findings, rows } = await read(
    'id,age,plan,joined\n00123,41,Basic,2024-03-02\n00124,,Pro,2024-02-29 06:00\n',
  );
  expect(kinds(frame)).toBe('id:category age:number plan:category joined:date');
  expect(cells(frame)).toEqual([
    ['00123', '00124'],
    [41, null],
    ['Basic', 'Pro'],
    ['2024-03-02', '2024-02-29T06:00:00'],
  ]);
  expect(findings).toEqual([]);
  expect(rows).toEqual({ read: 2, kept: 2, rejected: 0, blank: 0 });
});

test('a well-formed file gives the cells it was written from, whatever its quirks', async () => {
  for (let seed = 0; seed < 150; seed++) {
    const { text, delimiter, header, rows } = quirkyCsv(seed, { mixedLineEnds: seed % 2 === 0 });
    const { frame } = await read(text, { delimiter, kinds: asText(header) });
    const expected = header.map((_, column) => rows.map((row) => row[column]?.trim() || null));
    expect(cells(frame), `seed ${seed}`).toEqual(expected);
  }
});

test('the chunk size changes nothing', async () => {
  const text = `${quirkyCsv(5, { mixedLineEnds: true }).text}\n`;
  const { delimiter } = quirkyCsv(5);
  const whole = await read(text, { delimiter });
  const length = new TextEncoder().encode(text).length;
  for (let chunkBytes = 1; chunkBytes <= length; chunkBytes += 1 + Math.floor(chunkBytes / 40)) {
    expect(await read(text, { delimiter, chunkBytes }), `chunks of ${chunkBytes}`).toEqual(whole);
  }
});

test('CR, LF and CRLF may be mixed in one file', async () => {
  const { frame } = await read('a,b\r1,x\n2,y\r\n3,"p\rq"\r');
  expect(cells(frame)).toEqual([
    [1, 2, 3],
    ['x', 'y', 'p\rq'],
  ]);
});

test('columns may be called __proto__, constructor and toString', async () => {
  const { frame } = await read('__proto__,constructor,toString\n1,2,3\n');
  expect(kinds(frame)).toBe('__proto__:number constructor:number toString:number');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a byte-order mark is no part of the first name, quoted or not', async () => {
  for (const first of ['id', '"id"']) expect((await read(`\ufeff${first},b\n1,2\n`)).frame.columns[0]?.name).toBe('id');
});

test('UTF-16, Latin-1 and UTF-8 give the same words', async () => {
  const text = 'naïve,größe\nAñejo,œuvre\nb,é\n';
  const utf16 = (swap: boolean, mark: boolean) => {
    const units = Array.from(mark ? `\ufeff${text}` : text, (char) => char.charCodeAt(0));
    return Uint8Array.from(units.flatMap((unit) => (swap ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])));
  };
  const windows1252 = Uint8Array.from(text, (char) => (char === 'œ' ? 0x9c : char.charCodeAt(0)));
  const expected = await read(text);
  for (const bytes of [utf16(false, true), utf16(true, true), utf16(false, false), utf16(true, false), windows1252]) {
    const { frame } = await read(bytes);
    expect(frame).toEqual(expected.frame);
  }
  expect((await read(windows1252)).findings[0]?.title).toContain('Windows-1252');
});

test('a Latin-1 letter far into the file is still read as Latin-1, whatever the chunk size', async () => {
  const bytes = new TextEncoder().encode(`name,n\n${'plain,1\n'.repeat(40_000)}Zoe,2\n`);
  bytes[bytes.length - 4] = 0xeb; // Zoë
  const results = await Promise.all([1 << 21, 70_001].map((chunkBytes) => read(bytes, { chunkBytes })));
  for (const { frame, encoding } of results) {
    expect(encoding).toBe('windows-1252');
    expect(cells(frame)[0]?.at(-1)).toBe('Zoë');
  }
});

test('a few broken bytes in UTF-8 are replaced and said', async () => {
  const bytes = new TextEncoder().encode('city\nKöln\nZürich\nMünchen\nAx\n');
  bytes[bytes.length - 2] = 0xff;
  const { frame, findings } = await read(bytes);
  expect(cells(frame)).toEqual([['Köln', 'Zürich', 'München', 'A\ufffd']]);
  expect(findings[0]?.title).toBe('Broken characters were replaced');
});

test('what stands for missing is missing, and nothing else', async () => {
  const { frame } = await read('a,b\nNA,x\nN/A,\nnull,None\n-,?\n"", \n0,no\n7,none\n');
  expect(cells(frame)).toEqual([
    [null, null, null, null, null, 0, 7],
    ['x', null, null, null, null, 'no', 'none'],
  ]);
});

test('ids keep their zeros and their digits beyond 2^53, even where the first only comes late', async () => {
  const early = `${Array.from({ length: 40_000 }, (_, i) => `${10_000_000 + i},1`).join('\n')}\n`;
  for (const id of ['00123', '9007199254740993']) {
    const { frame } = await read(`id,n\n${early}${id},2\n`);
    expect(frame.columns[0]?.kind).toBe('text');
    expect(cells(frame)[0]?.at(-1)).toBe(id);
    expect(cells(frame)[0]?.[0]).toBe('10000000');
  }
});

test('a few unreadable cells become missing, with their rows', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i}`);
  rows[40] = '1e999';
  rows[70] = 'oops';
  const { frame, findings } = await read(`spend\n${rows.join('\n')}\n`);
  expect(frame.columns[0]?.kind).toBe('number');
  expect(cells(frame)[0]?.[40]).toBeNull();
  expect(findings[0]?.detail).toContain('"1e999" in row 42, "oops" in row 72');
});

test('a day that no calendar has is missing, never the next month', async () => {
  const { frame, findings } = await read('day\n2024-02-28\n2024-02-30\n2023-02-29\n');
  expect(cells(frame)).toEqual([['2024-02-28', null, null]]);
  expect(findings[0]?.detail).toContain('"2024-02-30" in row 3');
});

test('day and month are told apart by the whole column, and a guess is said', async () => {
  const dayFirst = await read('d\n02/03/2024\n25/12/2024\n');
  expect(cells(dayFirst.frame)).toEqual([['2024-03-02', '2024-12-25']]);
  expect(dayFirst.findings).toEqual([]);
  const late = await read(`d\n${'02/03/2024\n'.repeat(30_000)}25/12/2024\n`);
  expect(cells(late.frame)[0]?.[0]).toBe('2024-03-02');
  const unclear = await read('d\n02/03/2024\n');
  expect(cells(unclear.frame)).toEqual([['2024-02-03']]);
  expect(unclear.findings[0]?.title).toBe('"d" can be read in two ways');
});

test('a decimal comma is read where the semicolon separates', async () => {
  const { frame } = await read('spend;rate\n1,5;0,25\n1000;2\n', { delimiter: ';' });
  expect(cells(frame)).toEqual([
    [1.5, 1000],
    [0.25, 2],
  ]);
});

test('grouped digits are words, never another number', async () => {
  const { frame } = await read('spend\n"1,234.5"\n"2,000.0"\n');
  expect(cells(frame)).toEqual([['1,234.5', '2,000.0']]);
});

test('few ragged rows are left out and named, and every row is counted', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i},x`);
  rows[10] = '10';
  rows[20] = '20,x,y';
  rows[30] = '';
  rows[40] = '40,x,,';
  const { frame, findings, rows: counts } = await read(`a,b\n${rows.join('\n')}\n`);
  expect(counts).toEqual({ read: 100, kept: 97, rejected: 2, blank: 1 });
  expect(frame.rowCount).toBe(97);
  expect(findings.map((finding) => finding.detail).join()).toContain('rows 12 (1 cells), 22 (3 cells)');
});

const refusals: readonly [string, string | Uint8Array<ArrayBuffer>, object][] = [
  ['an empty file', '', { code: 'data.empty' }],
  ['a header alone', 'a,b\n', { code: 'data.empty' }],
  ['many ragged rows', 'a,b\n1,2\n3\n4,5\n', { code: 'data.ragged-row', where: { row: 3, column: 1 } }],
  ['two columns of one name', 'a,b, a \n1,2,3\n', { code: 'data.header', where: { row: 1, column: 3 } }],
  ['a quote that never closes', 'a,b\n1,x\n2,"y\n3,z\n', { code: 'data.unterminated-quote', where: { row: 3 } }],
  ['a zero byte', `a,b\n1,x\n2,y${String.fromCharCode(0)}\n`, { code: 'data.format', where: { row: 3, column: 2 } }],
  [
    'an Excel file',
    Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, ...new TextEncoder().encode('xl/workbook.xml')),
    { code: 'data.format', message: expect.stringContaining('Excel file') },
  ],
  ['a PDF', '%PDF-1.7\n', { code: 'data.format', message: expect.stringContaining('PDF') }],
  ['a web page', '<!DOCTYPE html><html>', { code: 'data.format', message: expect.stringContaining('web page') }],
];

test.each(refusals)('%s is refused with its place and a way out', async (_, text, expected) => {
  const refusal: unknown = await read(text).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: 'StudioError', fix: expect.any(String), ...expected });
});

test('an unclosed quote is found before it swallows the whole file', async () => {
  const text = `a,b\n1,x\n2,"y\n${'3,z\n'.repeat(600_000)}`;
  await expect(read(text, { chunkBytes: 1 << 16 })).rejects.toMatchObject({
    code: 'data.unterminated-quote',
    where: { row: 3 },
  });
});

test('a column with very many words is text, and a column of all missing is a number column', async () => {
  const { frame } = await read(`w,m\n${Array.from({ length: 12_000 }, (_, i) => `w${i},`).join('\n')}\n`);
  expect(kinds(frame)).toBe('w:text m:number');
  expect(cells(frame)[0]?.[11_999]).toBe('w11999');
});

test('kinds known beforehand are kept, whatever the cells look like', async () => {
  const { frame, findings } = await read('a,b\n1,x\n2,3\n', {
    kinds: new Map([
      ['a', 'category'],
      ['b', 'number'],
    ] as const),
  });
  expect(cells(frame)).toEqual([
    ['1', '2'],
    [null, 3],
  ]);
  expect(findings[0]?.detail).toContain('"x" in row 2');
});
