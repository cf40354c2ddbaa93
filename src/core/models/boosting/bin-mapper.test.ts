import { expect, test } from 'vitest';
import { createRandom } from '../../shared/random.ts';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { openBinning } from '../../kernels/binning.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { nextUp, referenceBinning } from '../../kernels/reference/binning.ts';
import { binOfNumber, findCategoryBins, findNumberBins } from './bin-mapper.ts';

const limits = { maxBin: 255, minDataInBin: 3 };

test('equal counts: no bin of continuous values holds more than three times its share', () => {
  const random = createRandom(5);
  const values = Float64Array.from({ length: 10_000 }, () => random.normal());
  const bins = findNumberBins(values.slice(), limits);
  const counts = new Uint32Array(bins.binCount);
  for (const value of values) counts[binOfNumber(bins, value)] = (counts[binOfNumber(bins, value)] as number) + 1;
  expect(bins.binCount).toBeGreaterThan(240);
  expect(bins.binCount).toBeLessThanOrEqual(255);
  expect(Math.max(...counts)).toBeLessThan((3 * 10_000) / 255);
});

test('bounds rise, end at infinity, and are never a value of the data', () => {
  const random = createRandom(6);
  const values = Float64Array.from({ length: 3000 }, () => Math.round(random.normal() * 20) / 8);
  const { upperBounds } = findNumberBins(values.slice(), limits);
  const held = new Set(values);
  upperBounds.forEach((bound, i) => {
    expect(held.has(bound)).toBe(false);
    if (i > 0) expect(bound).toBeGreaterThan(upperBounds[i - 1] as number);
  });
  expect(upperBounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
});

test('zero has a bin of its own, between the boundaries LightGBM puts around it', () => {
  const bins = findNumberBins(Float64Array.from([-2, -2, -2, 0, 0, 0, -0, 1, 1, 1, 5, 5, 5]), limits);
  expect([...bins.upperBounds]).toEqual([
    -1.0000000180025095e-35,
    1.0000000180025095e-35,
    nextUp(3),
    Number.POSITIVE_INFINITY,
  ]);
  expect([-2, 0, -0, 1, 5].map((value) => binOfNumber(bins, value))).toEqual([0, 1, 1, 2, 3]);
});

test.each([
  ['even', (x: number) => x],
  ['long-tailed', (x: number) => x ** 41],
  ['few', (x: number) => Math.round(x * 3) / 2],
  ['neighbouring', (x: number) => (x > 0 ? 1 : x > -1 ? 1 + Number.EPSILON : 1 - Number.EPSILON)],
  [
    'with infinities and missing',
    (x: number) => (x > 1.5 ? Infinity : x < -1.5 ? -Infinity : x > 0.7 && x < 0.8 ? Number.NaN : x),
  ],
  ['at the ends of the range', (x: number) => (x > 1 ? Number.MAX_VALUE : x < -1 ? -Infinity : -Number.MAX_VALUE)],
  ['tiny', (x: number) => x * 1e-320],
  ['constant', () => 4],
  ['missing', () => Number.NaN],
])(
  '%s values have the same bins from the kernel, its twin and one by one, values outside the range too',
  async (_, shape) => {
    const random = createRandom(8);
    const values = Float64Array.from({ length: 4000 }, () => shape(random.normal()));
    const kernel = await openBinning(createNodeKernels(), 2000);
    for (const limits of [
      { maxBin: 255, minDataInBin: 3 },
      { maxBin: 9, minDataInBin: 1 },
    ]) {
      const bins = findNumberBins(values.slice(0, 2000), limits);
      expect(findNumberBins(values.slice(0, 2000), limits, kernel)).toEqual(bins);
      const edges = Float64Array.from([...values, ...bins.upperBounds, ...bins.upperBounds.map(nextUp)]);
      const rows = Uint32Array.from(edges, (_value, row) => edges.length - 1 - row);
      const oneByOne = Array.from(rows, (row) => binOfNumber(bins, edges[row] as number));
      for (const binning of [kernel, referenceBinning])
        expect([...binning.assign(edges, rows, bins)]).toEqual(oneByOne);
    }
    kernel.close();
  },
);

test('neighbouring doubles are one value, the largest of them, however many there are', async () => {
  const chain = [1, 2, 3, 4, 5, 6].reduce<number[]>((values) => [...values, nextUp(values.at(-1) as number)], [1]);
  const values = Float64Array.from([...chain, ...chain, 3, 3, 3]);
  const between = nextUp(((chain.at(-1) as number) + 3) / 2);
  for (const kernels of [referenceKernels, createNodeKernels({ threads: 1 })]) {
    const binning = await openBinning(kernels, values.length);
    const { upperBounds } = findNumberBins(values.slice(), limits, binning);
    binning.close();
    expect([...upperBounds]).toEqual([1.0000000180025095e-35, between, Number.POSITIVE_INFINITY]);
  }
});

test('a value held by most rows stands alone', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 700 ? 10 : 11 + i));
  const bins = findNumberBins(values, { maxBin: 16, minDataInBin: 3 });
  expect(binOfNumber(bins, 10)).toBeLessThan(binOfNumber(bins, 711));
  expect(bins.binCount).toBeLessThanOrEqual(16);
});

test('infinities and huge values keep their order', () => {
  const values = [-Infinity, -1e308, 0, 1e308, 1.5e308, Infinity].flatMap((value) => [value, value, value]);
  const bins = findNumberBins(Float64Array.from(values), limits);
  const found = values.map((value) => binOfNumber(bins, value));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(new Set(found).size).toBe(6);
});

test('constant, empty and all-missing columns have a single bin of values', () => {
  expect(findNumberBins(Float64Array.from([7, 7, 7, 7]), limits).upperBounds.length).toBeLessThanOrEqual(2);
  expect(findNumberBins(new Float64Array(0), limits).binCount).toBe(1);
  const missing = findNumberBins(Float64Array.from([Number.NaN, Number.NaN]), limits);
  expect(missing.upperBounds.length).toBe(1);
  expect(missing.hasMissing).toBe(true);
});

test('frequent levels come first; levels beyond 99 % of the rows share the bin of missing', () => {
  const counts = [1, 500, 0, 498, 1];
  expect([...findCategoryBins(counts, limits).codes]).toEqual([1, 3]);
  expect([...findCategoryBins([5, 9, 5], limits).codes]).toEqual([1, 0, 2]);
  expect([...findCategoryBins([500, 495, 5], limits).codes]).toEqual([0, 1]);
  expect([...findCategoryBins([500, 495, 5], limits, true).codes]).toEqual([0, 1, 2]);
});
