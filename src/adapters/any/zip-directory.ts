import { StudioError } from '../../core/shared/errors.ts';

/** A file as the zip's directory tells it; sizes and checksum are claims still to be checked. */
export interface ZipEntry {
  readonly name: string;
  /** Not compressed. */
  readonly stored: boolean;
  /** The bytes as they lie in the zip. */
  readonly data: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

const endLength = 22;
const centralLength = 46;
const localLength = 30;

/**
 * The files of a zip by its central directory (APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.16). Strict: the zip fills the
 * whole file, entries do not overlap, nothing is encrypted, split or zip64, and names are plain relative paths, all
 * different even where case does not count.
 */
export function readDirectory(bytes: Uint8Array, mostFiles: number): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - endLength;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw notAZip('it does not end as a zip does');
  const count = view.getUint16(end + 10, true);
  const directorySize = view.getUint32(end + 12, true);
  const directoryAt = view.getUint32(end + 16, true);
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count)
    throw notAZip('it is one part of several');
  if (directoryAt + directorySize !== end) throw notAZip('its directory is not where it should be');
  if (count > mostFiles) throw notAZip(`it holds ${count} files, more than ${mostFiles}`);

  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = directoryAt;
  let dataEnd = 0;
  for (let i = 0; i < count; i++) {
    if (at + centralLength > end || view.getUint32(at, true) !== 0x02014b50) throw notAZip('its directory is damaged');
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const next = at + centralLength + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw notAZip('its directory is damaged');
    const name = readName(bytes.subarray(at + centralLength, at + centralLength + nameLength), names);
    if (flags & 1) throw notAZip(`${name} is encrypted`);
    if (method !== 0 && method !== 8) throw notAZip(`${name} is packed in an unknown way (${method})`);
    if (local < dataEnd || local + localLength > directoryAt || view.getUint32(local, true) !== 0x04034b50) {
      throw notAZip(`${name} is not where the directory says`);
    }
    const from = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    dataEnd = from + packed;
    if (dataEnd > directoryAt) throw notAZip(`${name} reaches beyond the end of the files`);
    entries.push({
      name,
      stored: method === 0,
      data: bytes.subarray(from, dataEnd),
      size: view.getUint32(at + 24, true),
      crc: view.getUint32(at + 16, true),
    });
    at = next;
  }
  if (at !== end) throw notAZip('its directory is longer than its list of files');
  return entries;
}

function readName(bytes: Uint8Array, names: Set<string>): string {
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notAZip('it holds a file whose name is not UTF-8');
  }
  const parts = name.split('/');
  const plain =
    /^[\w.+-]+(?:\/[\w.+-]+)*$/.test(name) &&
    !parts.some((part) => part === '..' || part === '.' || part === '__proto__');
  if (!plain) throw notAZip(`it holds a file with the name ${JSON.stringify(name.slice(0, 60))}`);
  const folded = name.toLowerCase();
  if (names.has(folded)) throw notAZip(`it holds ${name} twice`);
  names.add(folded);
  return name;
}

function notAZip(why: string): StudioError {
  return new StudioError('bundle.format', `This is not a bundle of the studio: ${why}.`, {
    fix: 'Choose a bundle that the studio saved (a .zip).',
  });
}
