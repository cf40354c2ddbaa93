import {
  DataType,
  Table,
  type TypeMap,
  type Vector,
  makeData,
  makeVector,
  tableFromIPC,
  tableToIPC,
  Dictionary,
  Int32,
  Utf8,
  Float64,
  DateMillisecond,
  vectorFromArray,
} from 'apache-arrow';
import { columnOfWords } from '../../core/data/csv/text-column.ts';
import { type Allocate, allocatePlain, type Column, createFrame, type Frame } from '../../core/data/frame.ts';
import { StudioError } from '../../core/shared/errors.ts';

const msPerDay = 86_400_000;

/**
 * The columns of an Arrow table or of its IPC bytes. A column of doubles in one piece without nulls is not copied: it
 * stays a view of the given bytes. Nested and binary columns are `data.type`.
 */
export function fromArrow(source: Uint8Array | Table<TypeMap>, allocate: Allocate = allocatePlain): Frame {
  const table = source instanceof Uint8Array ? readIpc(source) : source;
  const columns = table.schema.fields.map((field, index): Column => {
    const vector = table.getChildAt(index);
    if (!vector) throw unsupported(field.name, 'nothing');
    return toColumn(field.name, vector, allocate);
  });
  return createFrame(columns, table.numRows);
}

/** The frame as Arrow IPC stream bytes: doubles, dictionaries of strings, dates in milliseconds, missing as null. */
export function toArrowIpc(frame: Frame): Uint8Array {
  const vectors = frame.columns.map((column) => [column.name, toVector(column)] as const);
  // Arrow takes an object: without a prototype, a column called __proto__ is a column like any other.
  const record: Record<string, Vector> = Object.create(null);
  for (const [name, vector] of vectors) record[name] = vector;
  return tableToIPC(new Table(record), 'stream');
}

function readIpc(bytes: Uint8Array): Table<TypeMap> {
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw new StudioError(
      'data.format',
      `The bytes are no Arrow table (${cause instanceof Error ? cause.message.slice(0, 200) : String(cause)}).`,
      { cause },
    );
  }
}

function toColumn(name: string, vector: Vector, allocate: Allocate): Column {
  const { type, length } = vector;
  if (DataType.isFloat(type) || DataType.isInt(type) || DataType.isDecimal(type)) {
    const [only] = vector.data;
    if (only && vector.data.length === 1 && only.nullCount === 0 && only.values instanceof Float64Array) {
      return { kind: 'number', name, values: only.values.subarray(only.offset, only.offset + length) };
    }
    return { kind: 'number', name, values: numbersOf(vector, allocate, 1) };
  }
  if (DataType.isDate(type) || DataType.isTimestamp(type))
    return { kind: 'date', name, days: numbersOf(vector, allocate, msPerDay) };
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isDictionary(type) || DataType.isBool(type)) {
    const words = Array.from({ length }, (_, row) => {
      const value = vector.get(row) as string | boolean | null | undefined;
      return value === null || value === undefined ? null : String(value);
    });
    return columnOfWords(name, words, allocate, DataType.isDictionary(type) ? 'category' : 'by-values');
  }
  throw unsupported(name, String(type));
}

/** Arrow's `get` gives dates and timestamps in milliseconds. */
function numbersOf(vector: Vector, allocate: Allocate, unit: number): Float64Array {
  const values = new Float64Array(allocate(vector.length * 8), 0, vector.length);
  for (let row = 0; row < vector.length; row++) {
    const value: unknown = vector.get(row);
    values[row] = value === null || value === undefined ? Number.NaN : Number(value) / unit;
  }
  return values;
}

function toVector(column: Column): Vector {
  switch (column.kind) {
    case 'number':
      return makeVector(makeData({ type: new Float64(), ...withNulls(column.values, column.values) }));
    case 'date': {
      const millis = BigInt64Array.from(column.days, (days) =>
        BigInt(Number.isNaN(days) ? 0 : Math.round(days * msPerDay)),
      );
      return makeVector(makeData({ type: new DateMillisecond(), ...withNulls(millis, column.days) }));
    }
    case 'category': {
      const { codes, levels } = column;
      const missing = Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : code));
      const dictionary = vectorFromArray([...levels], new Utf8());
      return makeVector(
        makeData({ type: new Dictionary(new Utf8(), new Int32()), dictionary, ...withNulls(codes, missing) }),
      );
    }
    case 'text': {
      const { bytes, offsets } = column;
      const length = offsets.length - 1;
      const missing = Float64Array.from({ length }, (_, row) => (offsets[row] === offsets[row + 1] ? Number.NaN : 0));
      const { nullBitmap, nullCount } = withNulls(missing, missing);
      return makeVector(
        makeData({
          type: new Utf8(),
          length,
          data: bytes,
          valueOffsets: Int32Array.from(offsets),
          nullBitmap,
          nullCount,
        }),
      );
    }
  }
}

/** The values with Arrow's bitmap of what is there, read off a parallel array in which NaN means missing. */
function withNulls<T>(
  data: T,
  marks: Float64Array,
): { data: T; length: number; nullCount: number; nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array((marks.length + 7) >> 3);
  let nullCount = 0;
  for (let row = 0; row < marks.length; row++) {
    if (Number.isNaN(marks[row])) nullCount++;
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
  }
  return { data, length: marks.length, nullCount, nullBitmap };
}

function unsupported(name: string, type: string): StudioError {
  return new StudioError('data.type', `Column "${name}" holds ${type}; numbers, words and dates are read.`, {
    where: { column: name },
  });
}
