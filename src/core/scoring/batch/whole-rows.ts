import { maxCellBytes, maxColumns, RecordScanner } from '../../data/csv/scanner.ts';
import { StudioError } from '../../shared/errors.ts';

const QUOTE = 34;
const LF = 10;

/**
 * Cuts a stream of bytes into pieces of whole records, so that each can be read on its own. A piece without a quote ends at
 * its last line feed; one with quotes is scanned, since line ends within quotes end nothing.
 */
export async function* wholeRows(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const scanner = new RecordScanner(delimiter);
  const starts = new Int32Array(maxColumns + 1);
  const ends = new Int32Array(maxColumns + 1);
  let carried: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  for await (const chunk of chunks) {
    const joined = join(carried, chunk);
    const end = joined.indexOf(QUOTE) < 0 ? joined.lastIndexOf(LF) + 1 : lastRecordEnd(scanner, joined, starts, ends);
    if (end > 0) yield joined.slice(0, end);
    carried = joined.slice(end);
    if (carried.length > 16 * maxCellBytes) {
      throw new StudioError('data.too-large', 'A row is longer than 16 MB.', {
        fix: 'Look for an unclosed quote, or save the table with line ends of Windows or Unix.',
      });
    }
  }
  if (carried.length > 0) yield carried;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}

function lastRecordEnd(scanner: RecordScanner, bytes: Uint8Array, starts: Int32Array, ends: Int32Array): number {
  // The scanner writes behind the end and takes doubled quotes out.
  const copy = join(bytes, new Uint8Array(1));
  let at = 0;
  while (at < bytes.length) {
    const stop = scanner.scan(copy, at, bytes.length, false, starts, ends, 0);
    if (stop === 'incomplete') return at;
    // Whoever reads the piece says what is wrong with it, and in which row.
    if (stop !== 'record') return bytes.length;
    at = scanner.next;
  }
  return at;
}
