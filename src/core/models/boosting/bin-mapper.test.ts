import { expect, test } from 'vitest';
import { createRandom } from '../../shared/random.ts';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { type BinnedNumbers, openBinning } from '../../kernels/binning.ts';
import { openBoostingCrew } from '../../kernels/boosting-engine.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { nextUp, referenceBinning } from '../../kernels/reference/binning.ts';
import { binOfNumber, findCategoryBins, type NumberBins } from './bin-mapper.ts';
import { zeroThreshold } from './decision.ts';

const limits = { maxBin: 255, minDataInBin: 3, zero: zeroThreshold };

function everyRow(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from(values, (_value, row) => row);
}

/** The bins of all values, found on all of them. */
function findNumberBins(values: Float64Array, some: Partial<typeof limits> = {}): NumberBins {
  const all = { rows: everyRow(values), train: values.length, sample: values.length };
  return mapperOf(referenceBinning.bin([values], all, { ...limits, ...some })[0] as BinnedNumbers);
}

function mapperOf({ upperBounds, min, max, counts }: BinnedNumbers): NumberBins {
  const hasMissing = (counts[upperBounds.length] as number) > 0;
  return { kind: 'number', upperBounds, min, max, hasMissing, binCount: upperBounds.length + Number(hasMissing) };
}

test('equal counts: no bin of continuous values holds more than three times its share', () => {
  const random = createRandom(5);
  const values = Float64Array.from({ length: 10_000 }, () => random.normal());
  const bins = findNumberBins(values);
  const counts = new Uint32Array(bins.binCount);
  for (const value of values) counts[binOfNumber(bins, value)] = (counts[binOfNumber(bins, value)] as number) + 1;
  expect(bins.binCount).toBeGreaterThan(240);
  expect(bins.binCount).toBeLessThanOrEqual(255);
  expect(Math.max(...counts)).toBeLessThan((3 * 10_000) / 255);
});

test('bounds rise, end at infinity, and are never a value of the data', () => {
  const random = createRandom(6);
  const values = Float64Array.from({ length: 3000 }, () => Math.round(random.normal() * 20) / 8);
  const { upperBounds } = findNumberBins(values);
  const held = new Set(values);
  upperBounds.forEach((bound, i) => {
    expect(held.has(bound)).toBe(false);
    if (i > 0) expect(bound).toBeGreaterThan(upperBounds[i - 1] as number);
  });
  expect(upperBounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
});

test('zero has a bin of its own, between the boundaries LightGBM puts around it', () => {
  const bins = findNumberBins(Float64Array.from([-2, -2, -2, 0, 0, 0, -0, 1, 1, 1, 5, 5, 5]));
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
  async (name, shape) => {
    const random = createRandom(8);
    const columns = [0, 1, 2].map(() => Float64Array.from({ length: 4000 }, () => shape(random.normal())));
    const wide = name === 'even' ? [{ maxBin: 1023 }, { maxBin: 65_535, minDataInBin: 1 }] : [];
    for (const some of [{}, { maxBin: 9, minDataInBin: 1 }, ...wide]) {
      // Rows beyond the training rows hold bounds, and what lies next to them.
      const bounds = columns.map((values) => findNumberBins(values.slice(0, 2000), some).upperBounds);
      const longest = Math.max(...bounds.map((each) => each.length));
      const all = columns.map((values, i) => {
        const edges = Float64Array.from({ length: longest }, (_, at) => bounds[i]?.[at] ?? 0);
        return Float64Array.from([...values, ...edges, ...edges.map(nextUp)]);
      });
      const rows = everyRow(all[0] as Float64Array);
      rows.subarray(2000).reverse();
      for (const sample of [2000, 700]) {
        const asked = { rows, train: 2000, sample };
        const answers = referenceBinning.bin(all, asked, { ...limits, ...some });
        for (const threads of [1, 2]) {
          const binned = await binWith(createNodeKernels({ threads }), all, asked, { ...limits, ...some });
          expect(binned).toEqual(answers);
        }
        answers.forEach((answer, i) => {
          const bins = mapperOf(answer);
          const values = all[i] as Float64Array;
          expect([...answer.bins]).toEqual(Array.from(rows, (row) => binOfNumber(bins, values[row] as number)));
          if (sample === 2000) expect(answer.upperBounds).toEqual(bounds[i]);
        });
      }
    }
  },
);

async function binWith(kernels: Kernels, ...[columns, rows, own]: Parameters<typeof referenceBinning.bin>) {
  const crew = await openBoostingCrew(kernels, 1e6, 64);
  const binning = openBinning(kernels, crew);
  const binned = binning.bin(columns, rows, own);
  binning.close();
  expect(new Uint8Array(crew.memory.buffer).subarray(65_536).every((byte) => byte === 0)).toBe(true);
  crew.close();
  return binned;
}

test('neighbouring doubles are one value, the largest of them, however many there are', async () => {
  const chain = [1, 2, 3, 4, 5, 6].reduce<number[]>((values) => [...values, nextUp(values.at(-1) as number)], [1]);
  const values = Float64Array.from([...chain, ...chain, 3, 3, 3]);
  const between = nextUp(((chain.at(-1) as number) + 3) / 2);
  for (const kernels of [createNodeKernels({ threads: 1 }), createNodeKernels({ threads: 2 })]) {
    const all = { rows: everyRow(values), train: values.length, sample: values.length };
    const [binned] = await binWith(kernels, [values], all, limits);
    const upperBounds = binned?.upperBounds ?? [];
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
  const bins = findNumberBins(Float64Array.from(values));
  const found = values.map((value) => binOfNumber(bins, value));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(new Set(found).size).toBe(6);
});

test('constant, empty and all-missing columns have a single bin of values', () => {
  expect(findNumberBins(Float64Array.from([7, 7, 7, 7])).upperBounds.length).toBeLessThanOrEqual(2);
  expect(findNumberBins(new Float64Array(0)).binCount).toBe(1);
  const missing = findNumberBins(Float64Array.from([Number.NaN, Number.NaN]));
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
