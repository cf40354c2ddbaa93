import { chooseEncoding, type Encoding } from '../../core/data/csv/encoding.ts';
import { refuseForeignContent } from '../../core/data/csv/foreign-content.ts';
import { type CsvLayout, headBytes, readLayout } from '../../core/scoring/batch/layout.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { sniffDialect } from './csv-dialect.ts';
import { isGzip } from './gzip.ts';

/** A delimited file, plain or within gzip, to be read once from its beginning to its end in bounded memory. */
export interface CsvStream {
  readonly layout: CsvLayout;
  /** Whether the bytes pass through as they are, and may prove not to be UTF-8 later on. */
  readonly checkUtf8: boolean;
  /** Text as UTF-8 without a byte-order mark. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Share of the file's bytes taken so far. */
  readonly taken: () => number;
}

const chunkBytes = 1 << 21;

/** `doubtful`: the file proved not to be the UTF-8 it began as, and is looked at whole. */
export async function openCsvStream(file: Blob, { doubtful = false } = {}): Promise<CsvStream> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = isGzip(magic);
  const open = packed ? () => unpacked(file, progress) : () => slices(file, progress);
  const progress = { bytes: 0 };
  const head = await firstBytes(open(), headBytes);
  if (head.length === 0)
    throw new StudioError('data.empty', 'The file is empty (0 bytes).', {
      fix: 'Choose a file with a header row and customers.',
    });
  if (isGzip(head)) throw new StudioError('data.format', 'The file is compressed twice.', { fix: 'Unpack it once.' });
  refuseForeignContent(head);
  const encoding =
    packed && doubtful ? 'windows-1252' : await chooseEncoding(packed ? new Blob([head]) : file, head, doubtful);
  const headText = await firstBytes(decoded(only(head), encoding), headBytes);
  const { delimiter, skipRecords } = sniffDialect(new TextDecoder().decode(headText.subarray(0, 1 << 16)));
  const layout = await readLayout(new Blob([headText]), delimiter, skipRecords);
  progress.bytes = 0;
  return {
    layout,
    checkUtf8: encoding === 'utf-8',
    chunks: decoded(open(), encoding),
    taken: () => Math.min(1, progress.bytes / Math.max(1, file.size)),
  };
}

async function* slices(file: Blob, progress: { bytes: number }): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.size; at += chunkBytes) {
    progress.bytes = Math.min(file.size, at + chunkBytes);
    yield new Uint8Array(await file.slice(at, progress.bytes).arrayBuffer());
  }
}

/** What gzip unpacks to, gathered into chunks as large as a plain file's. */
async function* unpacked(file: Blob, progress: { bytes: number }): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      progress.bytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const reader = file.stream().pipeThrough(counter).pipeThrough(new DecompressionStream('gzip')).getReader();
  let gathered = new Uint8Array(chunkBytes);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let from = 0; from < value.length; ) {
        const count = Math.min(value.length - from, chunkBytes - length);
        gathered.set(value.subarray(from, from + count), length);
        from += count;
        length += count;
        if (length < chunkBytes) continue;
        yield gathered;
        gathered = new Uint8Array(chunkBytes);
        length = 0;
      }
    }
  } catch (cause) {
    throw new StudioError('data.format', 'The gzip file is damaged or incomplete.', {
      fix: 'Download or compress the file again.',
      cause,
    });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (length > 0) yield gathered.slice(0, length);
}

async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    let first = true;
    for await (const chunk of chunks) {
      const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
      first = false;
      yield marked ? chunk.subarray(3) : chunk;
    }
    return;
  }
  const decoder = new TextDecoder(encoding === 'utf-8-repaired' ? 'utf-8' : encoding);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** At most so many bytes of the beginning; the rest is not read. */
async function firstBytes(chunks: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const head = new Uint8Array(count);
  let length = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, count - length);
    head.set(part, length);
    length += part.length;
    if (length === count) break;
  }
  return head.slice(0, length);
}
