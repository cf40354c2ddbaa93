import type { Frame } from '../data/frame.ts';
import { getColumn } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';
import { normalQuantile } from '../shared/normal-quantile.ts';
import { ascendingValues } from '../shared/statistics.ts';

/**
 * How number and category columns become the inputs of a linear model or a network: numbers are standardised with the
 * training mean and standard deviation, a missing number is the mean (0) and, if any was missing in training, sets an
 * indicator; categories are one-hot, and a missing or unseen level sets none of its inputs. Learned on training rows only.
 */
export interface Encoding {
  readonly columns: readonly EncodedColumn[];
  /** Number of inputs. */
  readonly width: number;
}

export type EncodedColumn =
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly mean: number;
      /** Standard deviation (1 for a constant column). */
      readonly scale: number;
      /** Input slot of the value; the missing indicator, where there is one, is the next slot. */
      readonly slot: number;
      readonly missingIndicator: boolean;
      /** Quantile scaling: values are first taken along these straight pieces, which end where the knots end. */
      readonly knots?: Knots;
    }
  | { readonly kind: 'category'; readonly name: string; readonly levels: readonly string[]; readonly slot: number };

/** Training quantiles, ascending without repeats, and the normal value each is taken to. */
export interface Knots {
  readonly values: readonly number[];
  readonly outputs: readonly number[];
}

export interface EncodingOptions {
  /** quantile: numbers become normally distributed first, as scikit-learn's QuantileTransformer (100 quantiles). */
  readonly scaling?: 'standard' | 'quantile';
  /** false leaves missing numbers at the mean without saying so. */
  readonly missingIndicators?: boolean;
}

/** Learns means, spreads and missing indicators. Population standard deviation, as scikit-learn's StandardScaler. */
export function fitEncoding(
  features: Frame,
  train: Uint32Array,
  { scaling = 'standard', missingIndicators = true }: EncodingOptions = {},
): Encoding {
  let width = 0;
  const columns = features.columns.map((column): EncodedColumn => {
    const slot = width;
    if (column.kind === 'category') {
      width += column.levels.length;
      return { kind: 'category', name: column.name, levels: column.levels, slot };
    }
    if (column.kind !== 'number') {
      throw new StudioError(
        'data.type',
        `Feature "${column.name}" is of kind ${column.kind}; models take numbers and categories.`,
      );
    }
    const knots = scaling === 'quantile' ? fitKnots(column.values, train) : undefined;
    const values = knots ? column.values.map((value) => alongKnots(knots, value)) : column.values;
    const { count, mean, deviation } = momentsOf(values, train);
    const missingIndicator = missingIndicators && count < train.length;
    width += missingIndicator ? 2 : 1;
    // Rounding leaves a tiny spread in constant columns; scikit-learn treats those as constant too.
    const scale = deviation > 10 * Number.EPSILON * Math.abs(mean) ? deviation : 1;
    return { kind: 'number', name: column.name, mean, scale, slot, missingIndicator, ...(knots && { knots }) };
  });
  return { columns, width };
}

const knotCount = 100;

/** Undefined where fewer than two values differ. */
function fitKnots(values: Float64Array, rows: Uint32Array): Knots | undefined {
  const sorted = ascendingValues(Float64Array.from(rows, (row) => values[row] as number));
  const last = Math.min(knotCount, sorted.length) - 1;
  const knots: number[] = [];
  const outputs: number[] = [];
  for (let i = 0; i <= last; ) {
    const value = sorted[Math.round((i / last) * (sorted.length - 1))] as number;
    const first = i;
    while (i <= last && sorted[Math.round((i / last) * (sorted.length - 1))] === value) i++;
    // A value that is many quantiles at once is in the middle of them.
    const share = (first + i - 1) / (2 * last);
    knots.push(value);
    outputs.push(normalQuantile(Math.min(1 - 1 / (2 * knotCount), Math.max(1 / (2 * knotCount), share))));
  }
  return knots.length > 1 ? { values: knots, outputs } : undefined;
}

/** NaN stays NaN. */
function alongKnots({ values, outputs }: Knots, x: number): number {
  if (Number.isNaN(x)) return x;
  let low = 0;
  let high = values.length - 1;
  if (x <= (values[low] as number)) return outputs[low] as number;
  if (x >= (values[high] as number)) return outputs[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1] = [values[low] as number, values[high] as number];
  const [y0, y1] = [outputs[low] as number, outputs[high] as number];
  return y0 + (y1 - y0) * ((x - x0) / (x1 - x0));
}

/** Count, mean and population standard deviation of the values that are there; 0 where none is. */
function momentsOf(values: Float64Array, rows: Uint32Array): { count: number; mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    if (value === value) {
      count++;
      sum += value;
    }
  }
  if (count === 0) return { count, mean: 0, deviation: 0 };
  const rough = sum / count;
  let distances = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const distance = (values[rows[i] as number] as number) - rough;
    if (distance === distance) {
      distances += distance;
      squares += distance * distance;
    }
  }
  // What rounding left in the mean is taken out again, so that a constant is its own mean.
  const offset = distances / count;
  return { count, mean: rough + offset, deviation: Math.sqrt(Math.max(0, squares / count - offset * offset)) };
}

/** The name of each input, for coefficients and charts: "age", "age is missing", "region = north". */
export function inputNames(encoding: Encoding): string[] {
  return encoding.columns.flatMap((column) =>
    column.kind === 'category'
      ? column.levels.map((level) => `${column.name} = ${level}`)
      : column.missingIndicator
        ? [column.name, `${column.name} is missing`]
        : [column.name],
  );
}

/** Input slots that a column takes, from `slot` on. */
export function inputCount(column: EncodedColumn): number {
  if (column.kind === 'category') return column.levels.length;
  return column.missingIndicator ? 2 : 1;
}

/** Reads encoded rows out of a frame; made once per frame because it maps category levels. */
export interface Encoder {
  readonly width: number;
  /**
   * Writes rows[from … to) into `out`, of which all that they touch is zeroed first. Input j of the i-th row lands at
   * i·rowStride + j·inputStride: row by row by default, column by column with rowStride 1.
   */
  encode(
    rows: ArrayLike<number>,
    from: number,
    to: number,
    out: Float64Array | Float32Array,
    rowStride?: number,
    inputStride?: number,
  ): void;
}

export function createEncoder(encoding: Encoding, features: Frame): Encoder {
  const writers = encoding.columns.map((column) => columnWriter(column, features));
  return {
    width: encoding.width,
    encode(rows, from, to, out, rowStride = encoding.width, inputStride = 1) {
      out.fill(0, 0, inputStride === 1 ? (to - from) * rowStride : encoding.width * inputStride);
      for (const write of writers) write(rows, from, to, out, rowStride, inputStride);
    },
  };
}

type Writer = (
  rows: ArrayLike<number>,
  from: number,
  to: number,
  out: Float64Array | Float32Array,
  rowStride: number,
  inputStride: number,
) => void;

function columnWriter(encoded: EncodedColumn, features: Frame): Writer {
  const column = getColumn(features, encoded.name);
  if (encoded.kind === 'category') {
    if (column.kind !== 'category') throw wrongKind(encoded.name, 'category', column.kind);
    const slots = column.levels.map((level) => encoded.levels.indexOf(level));
    return (rows, from, to, out, rowStride, inputStride) => {
      for (let i = from, at = encoded.slot * inputStride; i < to; i++, at += rowStride) {
        const code = column.codes[rows[i] as number] as number;
        const slot = code < 0 ? -1 : (slots[code] as number);
        if (slot >= 0) out[at + slot * inputStride] = 1;
      }
    };
  }
  if (column.kind !== 'number') throw wrongKind(encoded.name, 'number', column.kind);
  return (rows, from, to, out, rowStride, inputStride) =>
    placeNumbers(encoded, column.values, rows, from, to, out, rowStride, inputStride);
}

/** One function for all columns, so that it is compiled once and soon. */
function placeNumbers(
  { mean, scale, slot, missingIndicator, knots }: Extract<EncodedColumn, { kind: 'number' }>,
  values: Float64Array,
  ...[rows, from, to, out, rowStride, inputStride]: Parameters<Writer>
): void {
  const indicator = missingIndicator ? inputStride : 0;
  for (let i = from, at = slot * inputStride; i < to; i++, at += rowStride) {
    const value = values[rows[i] as number] as number;
    if (value === value) out[at] = ((knots ? alongKnots(knots, value) : value) - mean) / scale;
    else if (indicator > 0) out[at + indicator] = 1;
  }
}

function wrongKind(name: string, expected: string, found: string): StudioError {
  return new StudioError('data.type', `Feature "${name}" is of kind ${found}, the model expects ${expected}.`, {
    where: { column: name },
  });
}
