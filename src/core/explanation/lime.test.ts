import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFrame, type Frame } from '../data/frame.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { lime, localLine } from './lime.ts';

interface Golden {
  readonly same: readonly (readonly number[])[];
  readonly numbers: readonly number[];
  readonly intercept: number;
  readonly weights: readonly number[];
  readonly fit: number;
}

const golden = JSON.parse(readFileSync(new URL('../../testing/golden/lime.json', import.meta.url), 'utf8')) as Golden;

test("the local line is the lime package's, to 1e-9", () => {
  const width = golden.weights.length;
  const line = localLine(Uint8Array.from(golden.same.flat()), width, Float64Array.from(golden.numbers));
  expect(Math.abs(line.intercept - golden.intercept)).toBeLessThan(1e-9);
  expect(Math.abs(line.fit - golden.fit)).toBeLessThan(1e-9);
  golden.weights.forEach((weight, i) => expect(Math.abs(line.weights[i]! - weight)).toBeLessThan(1e-9));
});

const random = createRandom(3);
const rowCount = 400;
const names = Array.from({ length: 20 }, (_, i) => `x${i}`);
const customers = createFrame([
  ...names.slice(0, 19).map((name) => ({
    kind: 'number' as const,
    name,
    values: Float64Array.from({ length: rowCount }, () => (random.next() < 0.05 ? Number.NaN : random.normal())),
  })),
  {
    kind: 'category',
    name: 'x19',
    levels: ['north', 'south'],
    codes: Int32Array.from({ length: rowCount }, () => random.integer(3) - 1),
  },
]);
const numbersAt = (frame: Frame, name: string): Float64Array => {
  const column = frame.columns.find((each) => each.name === name);
  if (column?.kind !== 'number') throw new Error('fixture');
  return column.values.map((value) => (Number.isNaN(value) ? 0 : value));
};
const share = (frame: Frame, weights: readonly number[]): Float64Array => {
  const out = new Float64Array(frame.rowCount);
  weights.forEach((weight, i) => {
    numbersAt(frame, names[i]!).forEach((value, row) => {
      out[row]! += weight * value;
    });
  });
  return out.map(sigmoid);
};

test('what the model leans on is named, with its sign, and is stable', async () => {
  // A customer with large values of the two features that count.
  const row = [...numbersAt(customers, 'x0')].findIndex((x, i) => x > 1 && numbersAt(customers, 'x1')[i]! > 1);
  const told = await lime(names, (frame) => share(frame, [2, -1.5]), customers, row, customers, { seed: 1, most: 2 });
  expect(told.features.map(({ feature, weight }) => [feature, Math.sign(weight)])).toEqual([
    ['x0', 1],
    ['x1', -1],
  ]);
  expect(told.stability).toBe(1);
  expect(told.isStable).toBe(true);
  expect(told.fit).toBeGreaterThan(0.4);
});

test('where nothing leads, repeats name other features, and that is said', async () => {
  const noise = createRandom(8);
  const nothing = (frame: Frame) => Float64Array.from({ length: frame.rowCount }, () => noise.next());
  const told = await lime(names, nothing, customers, 5, customers, { seed: 1, samples: 400, most: 5 });
  expect(told.stability).toBeLessThan(0.6);
  expect(told.isStable).toBe(false);
  expect(told.features.every(({ deviation }) => deviation > 0)).toBe(true);
});

test('the same seed tells the same, another one nearly', async () => {
  const ask = (seed: number) => lime(names, (frame) => share(frame, [2, -1.5, 0.7]), customers, 7, customers, { seed });
  const told = await ask(1);
  expect(await ask(1)).toEqual(told);
  const other = await ask(2);
  expect(other).not.toEqual(told);
  expect(other.features[0]!.feature).toBe(told.features[0]!.feature);
});
