import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { unzipFiles, zipFiles } from './zip.ts';

const files = {
  'manifest.json': strToU8('{"formatVersion":1}'),
  'model/trees.txt': Uint8Array.from({ length: 1200 }, (_, i) => (i * i) % 251),
  'empty.json': new Uint8Array(0),
};

test('files come back as they were', () => {
  expect(unzipFiles(zipFiles(files))).toEqual(files);
});

test('the same files give the same bytes, in any order', () => {
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  expect(zipFiles(reversed)).toEqual(zipFiles(files));
});

test('no flipped bit passes unnoticed as other contents', () => {
  const zip = zipFiles(files);
  for (let at = 0; at < zip.length; at += 3) {
    const flipped = zip.slice();
    flipped[at]! ^= 0x40;
    let read: Record<string, Uint8Array> | undefined;
    try {
      read = unzipFiles(flipped);
    } catch (error) {
      expect(error).toMatchObject({ name: 'StudioError' });
    }
    // Dates, versions and attributes may change; contents may not. A changed name is caught by the bundle's manifest.
    if (read) expect(Object.values(read)).toEqual(Object.values(unzipFiles(zip)));
  }
});

test('a file that unpacks to more than it declares is refused without unpacking it', () => {
  const bomb = zipSync({ 'a.json': new Uint8Array(5_000_000) }, { level: 9 });
  const view = new DataView(bomb.buffer);
  const directory = view.getUint32(bomb.length - 6, true);
  view.setUint32(directory + 24, 10, true);
  expect(() => unzipFiles(bomb)).toThrow(expect.objectContaining({ code: 'bundle.integrity' }));
  expect(() => unzipFiles(zipSync({ 'a.json': new Uint8Array(5_000_000) }), { totalBytes: 1e6, files: 4 })).toThrow(
    expect.objectContaining({ code: 'data.too-large' }),
  );
});

test.each(['../up.json', '/root.json', 'C:\\x.json', 'a/../../b', '__proto__', 'a/', 'a\u0000b'])(
  'the name %j is refused',
  (name) => {
    const zip = zipSync({ ['x'.repeat(strToU8(name).length)]: new Uint8Array(3) });
    // Renamed in place: fflate itself would not write some of these.
    const encoded = strToU8(name);
    zip.set(encoded, 30);
    zip.set(encoded, new DataView(zip.buffer).getUint32(zip.length - 6, true) + 46);
    expect(() => unzipFiles(zip)).toThrow(expect.objectContaining({ code: 'bundle.format' }));
  },
);

test('names that differ only in case, too many files and other formats are refused', () => {
  const format = expect.objectContaining({ code: 'bundle.format' });
  expect(() => unzipFiles(zipSync({ 'a.json': strToU8('1'), 'A.json': strToU8('2') }))).toThrow(format);
  expect(() => unzipFiles(zipFiles(files), { totalBytes: 1e6, files: 2 })).toThrow(format);
  expect(() => unzipFiles(strToU8('id,age\n1,2\n'))).toThrow(format);
  expect(() => unzipFiles(new Uint8Array(0))).toThrow(format);
});
