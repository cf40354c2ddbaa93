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

/** Deflate can pack 1,032 to 1 (zeros); what the studio writes packs some 5 to 1, so beyond this it is a bomb. */
const mostRatio = 200;
/** Below this, what it unpacks to is harmless at any ratio. */
const smallBytes = 1024 * 1024;

/**
 * The files of a zip, whoever made it. What declares too much, for the limit or for its packed length, is refused before
 * anything is unpacked (`data.too-large`). Nor is a declaration believed: what really comes out is counted, stopped at
 * what was declared, and checked by size and CRC (`bundle.integrity`). A zip that is not plainly one is `bundle.format`.
 */
export function unzipFiles(bytes: Uint8Array, limits: UnzipLimits = defaultLimits): Record<string, Uint8Array> {
  const entries = readDirectory(bytes, limits.files);
  let budget = limits.totalBytes;
  for (const { name, size, data } of entries) {
    budget -= size;
    if (budget < 0 || size > Math.max(smallBytes, mostRatio * data.length)) throw tooLarge(name);
  }
  const files: Record<string, Uint8Array> = {};
  for (const entry of entries) {
    const contents = entry.stored ? entry.data.slice() : inflateDeclared(entry);
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

/** What the entry unpacks to, or a little more than it declares. */
function inflateDeclared(entry: ZipEntry): Uint8Array {
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
      if (length > entry.size) break;
    }
  } catch (cause) {
    throw new StudioError('bundle.integrity', `The file ${entry.name} in the zip is damaged: it cannot be unpacked.`, {
      where: { file: entry.name },
      fix: 'Fetch the file again from where it was saved.',
      cause,
    });
  }
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
