import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openCsvStream } from './csv-stream.ts';

const text = `id;größe\n${Array.from({ length: 300_000 }, (_, row) => `${row};${row % 7},5\n`).join('')}`;

test.each([
  ['UTF-8 with a mark', new Blob(['\ufeff', text])],
  ['gzip', new Blob([new Uint8Array(gzipSync(text))])],
  ['UTF-16', new Blob([new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))])],
  ['Latin-1', new Blob([new Uint8Array(Buffer.from(text, 'latin1'))])],
])('%s comes as the same UTF-8, with the same layout', async (_, file) => {
  const stream = await openCsvStream(file);
  expect(stream.layout.header).toEqual(['id', 'größe']);
  expect(String.fromCharCode(stream.layout.delimiter, stream.layout.decimal)).toBe(';,');
  const parts: Uint8Array[] = [];
  for await (const chunk of stream.chunks) parts.push(chunk.slice());
  expect(Buffer.concat(parts).equals(Buffer.from(text))).toBe(true);
  expect(stream.taken()).toBe(1);
});

test('a damaged gzip file is refused, not cut short', async () => {
  const whole = gzipSync(text);
  const file = new Blob([new Uint8Array(whole.subarray(0, whole.length >> 1))]);
  const read = async () => {
    for await (const _ of (await openCsvStream(file)).chunks);
  };
  await expect(read()).rejects.toMatchObject({ code: 'data.format' });
});

test('an empty file says so', async () => {
  await expect(openCsvStream(new Blob([]))).rejects.toMatchObject({ code: 'data.empty' });
});
