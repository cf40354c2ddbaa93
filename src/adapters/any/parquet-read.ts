import type { AsyncBuffer, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadataAsync, parquetScan } from 'hyparquet';
import { type Checkpoint, noCheckpoint } from '../../core/shared/checkpoint.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { columnOfWords } from '../../core/data/csv/text-column.ts';
import type { DataFinding } from '../../core/data/findings.ts';
import { type Allocate, allocatePlain, type Column, createFrame, type Frame } from '../../core/data/frame.ts';
import type { ColumnKind } from '../../core/data/schema.ts';

export interface ParquetOptions {
  readonly checkpoint?: Checkpoint;
  readonly allocate?: Allocate;
  readonly kinds?: ReadonlyMap<string, ColumnKind>;
}

const maxRows = 100_000_000;
const msPerDay = 86_400_000;

/** Dates and times as days since 1970-01-01, whole numbers as they are. */
const parsers = {
  dateFromDays: (days: number) => days,
  timestampFromMilliseconds: (millis: bigint) => Number(millis) / msPerDay,
  timestampFromMicroseconds: (micros: bigint) => Number(micros) / (msPerDay * 1000),
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1000n) / (msPerDay * 1000),
};

/**
 * Reads flat Parquet columns, one at a time. The file is not trusted: its row counts must agree with each other and with
 * the values found (`data.format` otherwise). Nested and binary columns are left out, with a finding.
 */
export async function readParquet(
  file: Blob,
  options: ParquetOptions = {},
): Promise<{ frame: Frame; findings: DataFinding[] }> {
  const { checkpoint = noCheckpoint, allocate = allocatePlain } = options;
  const source: AsyncBuffer = { byteLength: file.size, slice: (from, to) => file.slice(from, to).arrayBuffer() };
  const metadata = await guarded('its footer', () => parquetMetadataAsync(source));
  const rowCount = checkRowCounts(metadata, file.size);
  const elements = topLevel(metadata);
  const findings: DataFinding[] = [];
  const columns: Column[] = [];
  for (const [index, element] of elements.entries()) {
    const kind = element.isFlat ? kindOf(element.schema) : undefined;
    const name = element.schema.name;
    if (!kind) {
      findings.push({
        level: 'warning',
        title: `Column "${name}" was left out`,
        detail: `It holds ${element.isFlat ? 'binary or interval values' : 'lists or nested records'}; flatten it to numbers, words or dates to use it.`,
        columns: [name],
      });
      continue;
    }
    await checkpoint({ fraction: index / elements.length, stage: `Reading column ${index + 1} of ${elements.length}` });
    const values = await guarded(`column "${name}"`, () => readColumn(source, metadata, name, rowCount));
    columns.push(toColumn(name, kind, values, allocate, options.kinds?.get(name)));
  }
  if (columns.length === 0) throw damaged('it has no column of numbers, words or dates');
  return { frame: createFrame(columns, rowCount), findings };
}

async function readColumn(
  file: AsyncBuffer,
  metadata: FileMetaData,
  column: string,
  rowCount: number,
): Promise<unknown[]> {
  const { compressors } = await import('hyparquet-compressors');
  const scan = await parquetScan({ file, metadata, columns: [column], compressors, parsers });
  const values: unknown[] = [];
  for (const range of scan.ranges) {
    const part = await scan.readColumn({ column, ...range });
    if (part.length !== range.rowEnd - range.rowStart) {
      throw damaged(`column "${column}" holds ${part.length} values for rows ${range.rowStart} to ${range.rowEnd}`);
    }
    for (let i = 0; i < part.length; i++) values.push(part[i]);
  }
  if (values.length !== rowCount)
    throw damaged(`column "${column}" holds ${values.length} values for ${rowCount} rows`);
  return values;
}

/** The number of rows, once the footer's statements agree. */
function checkRowCounts(metadata: FileMetaData, fileBytes: number): number {
  const rowCount = Number(metadata.num_rows);
  if (rowCount === 0)
    throw new StudioError('data.empty', 'The Parquet file holds no rows.', { fix: 'Choose a file with customers.' });
  if (!(rowCount > 0 && rowCount <= maxRows)) {
    throw new StudioError('data.too-large', `The Parquet file states ${rowCount} rows; at most ${maxRows} are read.`, {
      fix: 'Take fewer rows.',
    });
  }
  let sum = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    sum += rows;
    for (const { meta_data: column } of group.columns) {
      if (!column) throw damaged('a column has no description');
      const isFlat = column.path_in_schema.length === 1;
      if (isFlat && Number(column.num_values) !== rows) {
        throw damaged(`column "${column.path_in_schema[0]}" states ${column.num_values} values for ${rows} rows`);
      }
      const from = Number(column.dictionary_page_offset ?? column.data_page_offset);
      const size = Number(column.total_compressed_size);
      if (!(from >= 4 && size >= 0 && from + size <= fileBytes))
        throw damaged(`column "${column.path_in_schema[0]}" lies outside the file`);
    }
  }
  if (sum !== rowCount) throw damaged(`its parts hold ${sum} rows and its footer states ${rowCount}`);
  return rowCount;
}

function topLevel(metadata: FileMetaData): { schema: SchemaElement; isFlat: boolean }[] {
  const found: { schema: SchemaElement; isFlat: boolean }[] = [];
  const { schema } = metadata;
  let at = 1;
  const skip = (): void => {
    const element = schema[at++];
    for (let child = 0; element && child < (element.num_children ?? 0); child++) skip();
  };
  const count = schema[0]?.num_children ?? 0;
  if (count > 10_000)
    throw new StudioError('data.too-large', `The table has ${count} columns; at most 10000 are read.`);
  for (let column = 0; column < count && at < schema.length; column++) {
    const element = schema[at] as SchemaElement;
    found.push({ schema: element, isFlat: !element.num_children && element.repetition_type !== 'REPEATED' });
    skip();
  }
  return found;
}

type StoredKind = 'number' | 'date' | 'boolean' | 'words';

function kindOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): StoredKind | undefined {
  if (
    logical?.type === 'TIME' ||
    converted?.startsWith('TIME_') ||
    converted === 'INTERVAL' ||
    logical?.type === 'INTERVAL'
  )
    return undefined;
  if (
    converted === 'DATE' ||
    logical?.type === 'DATE' ||
    converted?.startsWith('TIMESTAMP') ||
    logical?.type === 'TIMESTAMP'
  )
    return 'date';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') return 'number';
  switch (type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
    case 'INT64':
    case 'FLOAT':
    case 'DOUBLE':
      return 'number';
    case 'INT96':
      return 'date';
    case 'BYTE_ARRAY':
      return converted === 'BSON' || logical?.type === 'GEOMETRY' || logical?.type === 'GEOGRAPHY'
        ? undefined
        : 'words';
    default:
      return logical?.type === 'UUID' ? 'words' : undefined;
  }
}

function toColumn(
  name: string,
  kind: StoredKind,
  values: readonly unknown[],
  allocate: Allocate,
  wanted: ColumnKind | undefined,
): Column {
  const textKind = wanted === 'category' || wanted === 'text' ? wanted : 'by-values';
  // An identifier beyond 2^53 would come back as another number: it stays text.
  const isWide =
    kind === 'number' && values.some((value) => typeof value === 'bigint' && BigInt(Number(value)) !== value);
  if (kind === 'boolean' || kind === 'words' || isWide) {
    const words = (values as readonly (string | number | bigint | boolean | null | undefined)[]).map((value) =>
      value === null || value === undefined ? null : String(value).trim(),
    );
    return columnOfWords(name, words, allocate, isWide ? 'text' : textKind);
  }
  const numbers = new Float64Array(allocate(values.length * 8), 0, values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const number = value === null || value === undefined ? Number.NaN : Number(value);
    numbers[row] = Number.isFinite(number) ? number : Number.NaN;
  }
  return kind === 'date' ? { kind, name, days: numbers } : { kind, name, values: numbers };
}

/** Runs a step of the reader; whatever it throws on hostile bytes becomes a typed error. */
async function guarded<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof StudioError || (cause instanceof Error && cause.name === 'NotReadableError')) throw cause;
    throw damaged(
      `${what} could not be read (${cause instanceof Error ? cause.message.slice(0, 200) : String(cause)})`,
      cause,
    );
  }
}

function damaged(reason: string, cause?: unknown): StudioError {
  return new StudioError('data.format', `The Parquet file is damaged or of an unsupported kind: ${reason}.`, {
    fix: 'Write the file again, or export the table as CSV.',
    ...(cause === undefined ? {} : { cause }),
  });
}
