import { describe, expect, test } from 'vitest';
import golden from '../../testing/golden/normal-quantile.json' with { type: 'json' };
import type { Column } from '../data/frame.ts';
import { createFrame } from '../data/frame.ts';
import { createEncoder, type EncodedColumn, fitEncoding, inputNames } from './encoding.ts';

type EncodedNumber = Extract<EncodedColumn, { kind: 'number' }>;

const number = (name: string, ...values: number[]): Column => ({
  kind: 'number',
  name,
  values: Float64Array.from(values),
});
const category = (name: string, levels: string[], ...codes: number[]): Column => ({
  kind: 'category',
  name,
  levels,
  codes: Int32Array.from(codes),
});

const frame = createFrame([
  number('age', 1, 3, 5, 100),
  number('visits', 2, Number.NaN, 4, Number.NaN),
  number('constant', 0.1, 0.1, 0.1, 0.1),
  category('region', ['north', 'south'], 0, 1, -1, 0),
]);
const train = Uint32Array.of(0, 1, 2);
const encoding = fitEncoding(frame, train);

function encoded(rows: number[], columns = frame): number[][] {
  const { width, encode } = createEncoder(encoding, columns);
  const out = new Float64Array(rows.length * width).fill(9);
  encode(rows, 0, rows.length, out);
  return rows.map((_, i) => [...out.subarray(i * width, (i + 1) * width)]);
}

test('numbers are standardised with training rows only, gaps stand at the mean and set their indicator', () => {
  const spread = Math.sqrt(8 / 3);
  expect(encoded([0, 1, 3])).toEqual([
    [-2 / spread, -1, 0, 0, 1, 0],
    [0, 0, 1, 0, 0, 1],
    [97 / spread, 0, 1, 0, 1, 0],
  ]);
  expect(inputNames(encoding)).toEqual([
    'age',
    'visits',
    'visits is missing',
    'constant',
    'region = north',
    'region = south',
  ]);
});

test('a missing or unseen level sets none of its inputs, levels are matched by name', () => {
  const other = createFrame([
    category('region', ['west', 'south', 'north'], 0, 1, 2),
    number('constant', 0.1, 0.1, 0.1),
    number('visits', 2, 2, 2),
    number('age', 3, 3, 3),
  ]);
  expect(encoded([0, 1, 2], other).map((row) => row.slice(4))).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
  ]);
  expect(encoded([2])[0]!.slice(4)).toEqual([0, 0]);
});

test('rows can be written column by column', () => {
  const { width, encode } = createEncoder(encoding, frame);
  const rows = [3, 1, 0];
  const out = new Float64Array(width * 4).fill(9);
  encode(rows, 0, 3, out, 1, 4);
  const byRow = encoded(rows);
  for (let i = 0; i < 3; i++) for (let j = 0; j < width; j++) expect(out[j * 4 + i]).toBe(byRow[i]![j]);
});

test('a column all missing becomes an input that is always 0', () => {
  const gaps = createFrame([number('gap', Number.NaN, Number.NaN)]);
  expect(fitEncoding(gaps, Uint32Array.of(0, 1))).toEqual({
    columns: [{ kind: 'number', name: 'gap', mean: 0, scale: 1, slot: 0, missingIndicator: true }],
    width: 2,
  });
});

test('a column of another kind is refused by name', () => {
  const other = createFrame([category('age', ['a'], 0), ...frame.columns.slice(1).map((column) => takeFirst(column))]);
  expect(() => createEncoder(encoding, other)).toThrow('Feature "age" is of kind category, the model expects number.');
  const text: Column = { kind: 'text', name: 'note', bytes: new Uint8Array(0), offsets: new Uint32Array(2) };
  expect(() => fitEncoding(createFrame([text]), Uint32Array.of(0))).toThrow('Feature "note" is of kind text');
});

function takeFirst(column: Column): Column {
  if (column.kind === 'number') return { ...column, values: column.values.slice(0, 1) };
  if (column.kind === 'category') return { ...column, codes: column.codes.slice(0, 1) };
  throw new Error('not used here');
}

describe.each(Object.entries(golden.columns))('numbers made normal by quantiles: %s', (name, reference) => {
  const values = createFrame([number(name, ...reference.values, Number.NaN)]);
  const rows = Uint32Array.from({ length: values.rowCount }, (_, row) => row);
  const fitted = fitEncoding(values, rows, { scaling: 'quantile' });
  const column = fitted.columns[0] as EncodedNumber;

  test('the knots are those of the reference', () => {
    expect(column.knots?.values).toEqual(reference.knots);
    column.knots?.outputs.forEach((output, i) => {
      expect(output).toBeCloseTo(reference.outputs[i] as number, 8);
    });
  });

  test('values between, at and beyond the knots are placed as the reference and nearly as scikit-learn does', () => {
    const at = createFrame([number(name, ...reference.at)]);
    const { width, encode } = createEncoder(fitted, at);
    const out = new Float64Array(reference.at.length * width);
    encode(
      reference.at.map((_, row) => row),
      0,
      reference.at.length,
      out,
    );
    reference.at.forEach((_, i) => {
      const placed = (out[i * width] as number) * column.scale + column.mean;
      expect(placed).toBeCloseTo(reference.transformed[i] as number, 8);
      const theirs = reference.scikitLearn?.[i];
      if (theirs !== undefined && Math.abs(theirs) < 2) expect(Math.abs(placed - theirs)).toBeLessThan(0.06);
    });
  });
});

test('a number that is one value, or nowhere, has no knots', () => {
  for (const only of [number('one', 3, 3, 3), number('none', Number.NaN, Number.NaN, Number.NaN)]) {
    const { columns } = fitEncoding(createFrame([only]), train, { scaling: 'quantile' });
    expect((columns[0] as EncodedNumber).knots).toBeUndefined();
  }
});
