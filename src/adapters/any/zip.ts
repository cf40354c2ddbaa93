import { Inflate, zipSync } from 'fflate';
import { StudioError } from '../../core/shared/errors.ts';
import { crc32 } from './zip-crc32.ts';
import { type ZipEntry, readDirectory } from './zip-directory.ts';

/** Files as a zip. Sorted names and one fixed date: the same files give the same bytes. */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const sorted = Object.fromEntries(
    Object.keys(files)
      .sort()
      .map((name) => [name, files[name]!]),
  );
  // The zip format keeps local time, so a local date gives the same bytes in every time zone.
  return zipSync(sorted, { level: 6, mtime: new Date(1980, 0, 1) });
}

export interface UnzipLimits {
  /** Bytes of all files together, unpacked. */
  readonly totalBytes: number;
  readonly files: number;
}

const defaultLimits: UnzipLimits = { totalBytes: 256 * 1024 * 1024, files: 64 };

/**
 * The files of a zip, whoever made it. Believes no declared size: counts what really comes out and stops at the limit
 * (`data.too-large`), then checks size and CRC (`bundle.integrity`). A zip that is not plainly one is `bundle.format`.
 */
export function unzipFiles(bytes: Uint8Array, limits: UnzipLimits = defaultLimits): Record<string, Uint8Array> {
  const entries = readDirectory(bytes, limits.files);
  const files: Record<string, Uint8Array> = {};
  let budget = limits.totalBytes;
  for (const entry of entries) {
    const contents = entry.stored ? entry.data.slice() : inflateWithin(entry, budget);
    budget -= contents.length;
    if (budget < 0) throw tooLarge(entry.name);
    if (contents.length !== entry.size || crc32(contents) !== entry.crc) {
      throw new StudioError(
        'bundle.integrity',
        `The file ${entry.name} in the zip is damaged: its checksum does not fit.`,
        {
          where: { file: entry.name },
          fix: 'Fetch the file again from where it was saved.',
        },
      );
    }
    files[entry.name] = contents;
  }
  return files;
}

/** Small steps, because one push may give a thousand times its length. */
const stepBytes = 1024;

function inflateWithin(entry: ZipEntry, budget: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((part) => {
    parts.push(part);
    length += part.length;
  });
  try {
    for (let from = 0; from < entry.data.length; from += stepBytes) {
      const to = Math.min(from + stepBytes, entry.data.length);
      inflate.push(entry.data.subarray(from, to), to === entry.data.length);
      if (length > Math.min(budget, entry.size)) break;
    }
  } catch (cause) {
    throw new StudioError('bundle.integrity', `The file ${entry.name} in the zip is damaged: it cannot be unpacked.`, {
      where: { file: entry.name },
      fix: 'Fetch the file again from where it was saved.',
      cause,
    });
  }
  if (length > budget) throw tooLarge(entry.name);
  const contents = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    contents.set(part, at);
    at += part.length;
  }
  return contents;
}

function tooLarge(name: string): StudioError {
  return new StudioError('data.too-large', `The zip unpacks to more than the studio reads, at ${name}.`, {
    where: { file: name },
    fix: 'Choose a bundle that the studio saved.',
  });
}
