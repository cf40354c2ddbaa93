import type { SchemaElement } from 'hyparquet';
import type { Column, Frame } from '../../core/data/frame.ts';

interface WrittenColumn {
  readonly element: SchemaElement;
  readonly data: Float64Array | Int32Array | unknown[];
  /** Text is not searched for repetitions: it has few. */
  readonly plain?: boolean;
}

const msPerDay = 86_400_000;
const int32Max = 2 ** 31 - 1;

/** The frame as a Parquet file: whole numbers as INT32, words as strings, dates as DATE or timestamps, missing as null. */
export async function toParquet(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded on the first export only.
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columns = frame.columns.map(writeColumn);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map((column) => column.element),
  ];
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ element, data, plain }) => ({
      name: element.name,
      data,
      ...(plain ? { encoding: 'PLAIN' as const } : {}),
    })),
    schema,
    statistics: false,
    rowGroupSize: 250_000,
    createdBy: 'Propensity Studio',
  });
  return new Uint8Array(buffer);
}

function writeColumn(column: Column): WrittenColumn {
  const { name } = column;
  switch (column.kind) {
    case 'number': {
      const { values } = column;
      const whole = isInt32(values);
      const hasMissing = values.some(Number.isNaN);
      const element: SchemaElement = {
        name,
        type: whole ? 'INT32' : 'DOUBLE',
        repetition_type: hasMissing ? 'OPTIONAL' : 'REQUIRED',
      };
      if (hasMissing) return { element, data: Array.from(values, (value) => (Number.isNaN(value) ? null : value)) };
      return { element, data: whole ? Int32Array.from(values) : values };
    }
    case 'date': {
      const isDays = column.days.every((days) => Number.isNaN(days) || Number.isInteger(days));
      const element: SchemaElement = isDays
        ? { name, type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' }
        : { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' };
      const data = Array.from(column.days, (days) => {
        if (Number.isNaN(days)) return null;
        return isDays ? days : BigInt(Math.round(days * msPerDay));
      });
      return { element, data };
    }
    case 'category': {
      const { levels } = column;
      const data = Array.from(column.codes, (code) => (code < 0 ? null : (levels[code] ?? null)));
      return { element: { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }, data };
    }
    case 'text': {
      const { bytes, offsets } = column;
      const data = Array.from({ length: offsets.length - 1 }, (_, row) => {
        const from = offsets[row] as number;
        const to = offsets[row + 1] as number;
        return from === to ? null : bytes.subarray(from, to);
      });
      return {
        element: { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        data,
        plain: true,
      };
    }
  }
}

function isInt32(values: Float64Array): boolean {
  for (const value of values) {
    if (!Number.isNaN(value) && (!Number.isInteger(value) || value > int32Max || value < -int32Max)) return false;
  }
  return true;
}
