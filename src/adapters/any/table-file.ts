import type { Checkpoint } from '../../core/shared/checkpoint.ts';
import { StudioError } from '../../core/shared/errors.ts';
import type { DataFinding } from '../../core/data/findings.ts';
import type { Allocate, Frame } from '../../core/data/frame.ts';
import type { ColumnKind } from '../../core/data/schema.ts';
import { openCsv } from './csv.ts';
import { gunzip, isGzip, maxUnpackedBytes } from './gzip.ts';

export interface OpenTableOptions {
  readonly checkpoint?: Checkpoint;
  readonly allocate?: Allocate;
  /** Kinds known beforehand (a scoring file read with its model's schema), by column name. */
  readonly kinds?: ReadonlyMap<string, ColumnKind>;
  readonly maxUnpackedBytes?: number;
}

export interface OpenedTable {
  readonly frame: Frame;
  readonly findings: readonly DataFinding[];
}

/** Reads a table by its content, whatever its name: Parquet, delimited text, or either within gzip. */
export async function openTableFile(file: Blob, name: string, options: OpenTableOptions = {}): Promise<OpenedTable> {
  try {
    return await openByContent(file, options);
  } catch (error) {
    if (!(error instanceof StudioError)) throw unreadable(error, name);
    throw new StudioError(error.code, error.message, {
      where: { file: name, ...error.where },
      ...(error.fix ? { fix: error.fix } : {}),
      cause: error,
    });
  }
}

async function openByContent(file: Blob, options: OpenTableOptions): Promise<OpenedTable> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (isGzip(head)) {
    const unpacked = await gunzip(file, options.maxUnpackedBytes ?? maxUnpackedBytes);
    const inner = new Uint8Array(await unpacked.slice(0, 4).arrayBuffer());
    if (isGzip(inner))
      throw new StudioError('data.format', 'The file is compressed twice.', { fix: 'Unpack it once.' });
    return openByContent(unpacked, options);
  }
  if (isParquet(head)) {
    // The Parquet reader is loaded when a Parquet file is: most tables are CSV.
    const { readParquet } = await import('./parquet-read.ts');
    return readParquet(file, options);
  }
  const { frame, findings } = await openCsv(file, options);
  return { frame, findings };
}

function isParquet(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x41 && head[2] === 0x52 && head[3] === 0x31;
}

/** The host failed to hand out the bytes: the file was moved, changed or removed while it was read. */
function unreadable(cause: unknown, name: string): Error {
  if (!(cause instanceof Error) || cause.name !== 'NotReadableError')
    return cause instanceof Error ? cause : new Error(String(cause));
  return new StudioError('data.format', 'The file could not be read to its end: it was changed or moved meanwhile.', {
    where: { file: name },
    fix: 'Open it again.',
    cause,
  });
}
