import { Inflate, strToU8, zipSync } from 'fflate';
import { expect, test, vi } from 'vitest';
import { createRandom } from '../../core/shared/random.ts';
import { unzipFiles, zipFiles } from './zip.ts';

const pushed = Inflate.prototype.push;

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

/** The packed bytes of the first file made useless: whatever unpacks it finds damage. */
function spoilt(zip: Uint8Array): Uint8Array {
  const from = 30 + new DataView(zip.buffer).getUint16(26, true);
  return zip.slice().fill(0xff, from, from + 8);
}

/** A file of so many random bytes, and zeros up to its size. */
function packed(size: number, randomBytes: number): Uint8Array {
  const random = createRandom(1);
  return zipSync({
    'a.json': Uint8Array.from({ length: size }, (_, i) => (i < randomBytes ? random.integer(256) : 0)),
  });
}

test('files that declare more than the limit are refused before any is unpacked', () => {
  const limits = { totalBytes: 900_000, files: 4 };
  const tooLarge = expect.objectContaining({ code: 'data.too-large' });
  const half = new Uint8Array(500_000);
  expect(() => unzipFiles(spoilt(zipSync({ 'a.json': half, 'b.json': half })), limits)).toThrow(tooLarge);
  expect(() => unzipFiles(zipSync({ 'a.json': half }), limits)).not.toThrow();
  // The damage is found where it is unpacked.
  expect(() => unzipFiles(spoilt(zipSync({ 'a.json': half })), limits)).toThrow(
    expect.objectContaining({ code: 'bundle.integrity' }),
  );
});

test('a file packed a thousand to one is refused before it is unpacked, though below the limit', () => {
  const bomb = packed(6_000_000, 0);
  expect(6_000_000 / bomb.length).toBeGreaterThan(900);
  expect(() => unzipFiles(spoilt(bomb))).toThrow(
    expect.objectContaining({ code: 'data.too-large', where: { file: 'a.json' } }),
  );
  expect(unzipFiles(packed(2_000_000, 20_000))['a.json']).toHaveLength(2_000_000);
});

test('a file that unpacks to more than it declares is stopped there', () => {
  const bomb = packed(6_000_000, 0);
  new DataView(bomb.buffer).setUint32(new DataView(bomb.buffer).getUint32(bomb.length - 6, true) + 24, 10, true);
  const lengths: number[] = [];
  const push = vi.spyOn(Inflate.prototype, 'push').mockImplementation(function (this: Inflate, chunk, final) {
    lengths.push(chunk.length);
    return Reflect.apply(pushed, this, [chunk, final]);
  });
  expect(() => unzipFiles(bomb)).toThrow(expect.objectContaining({ code: 'bundle.integrity' }));
  push.mockRestore();
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(bomb.length / 4);
});

test('a zip within a zip stays packed, and is counted by what it is', () => {
  const inner = packed(6_000_000, 0);
  const outer = zipSync({ 'inner.zip': zipSync({ 'deeper.zip': inner }) });
  const limits = { totalBytes: 1_000_000, files: 4 };
  expect(unzipFiles(unzipFiles(outer, limits)['inner.zip'] as Uint8Array, limits)['deeper.zip']).toEqual(inner);
  expect(() => unzipFiles(inner, limits)).toThrow(expect.objectContaining({ code: 'data.too-large' }));
});

test('files that lie over each other, so that few bytes are many, are refused', () => {
  const zip = zipSync({ 'a.json': strToU8('1234567890'), 'b.json': strToU8('1234567890') });
  const view = new DataView(zip.buffer);
  const first = view.getUint32(zip.length - 6, true);
  const second = first + 46 + 'a.json'.length;
  view.setUint32(second + 42, view.getUint32(first + 42, true), true);
  expect(() => unzipFiles(zip)).toThrow(expect.objectContaining({ code: 'bundle.format' }));
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
