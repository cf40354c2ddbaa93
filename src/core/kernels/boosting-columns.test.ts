import { expect, test } from 'vitest';
import { createRandom } from '../shared/random.ts';
import { binsOfCodes, type ColumnFeature, type ColumnPlan, codesOf, planColumns } from './boosting-columns.ts';

const rows = 3000;

/** Every feature's bins, read back from the codes of its column. */
function readBack(features: readonly ColumnFeature[], plan: ColumnPlan): number[][] {
  const codes = plan.codeCounts.map((_, column) =>
    codesOf(
      features.flatMap(({ bins }, feature) => {
        const place = plan.places[feature];
        return place?.column === column ? [{ bins, place }] : [];
      }),
    ),
  );
  return features.map(({ binCount }, feature) => {
    const place = plan.places[feature] as ColumnPlan['places'][0];
    const binOf = binsOfCodes(place, binCount);
    return Array.from(codes[place.column] as Uint8Array, (code) => binOf[code] as number);
  });
}

function randomFeatures(seed: number): ColumnFeature[] {
  const random = createRandom(seed);
  const pick = Uint32Array.from({ length: rows }, () => random.integer(40));
  return Array.from({ length: 60 }, (_, f) => {
    const binCount = 2 + random.integer(f % 3 === 0 ? 6 : f % 7 === 0 ? 250 : 20);
    const rest = random.integer(binCount);
    const isSparse = f % 2 === 0;
    const bins = Uint8Array.from({ length: rows }, (_, row) =>
      isSparse ? (pick[row] === f % 40 ? random.integer(binCount) : rest) : random.integer(binCount),
    );
    return { binCount, bins };
  });
}

test('every bin of every feature can be told from its column, and no column has more than 256 codes', () => {
  for (const seed of [1, 2, 3]) {
    const features = randomFeatures(seed);
    const plan = planColumns(features, rows, 3);
    expect(plan.codeCounts.length).toBeLessThan(features.length);
    expect(Math.max(...plan.codeCounts)).toBeLessThanOrEqual(256);
    expect(new Set(plan.places.map(({ coding }) => coding))).toEqual(new Set(['own', 'product', 'range']));
    expect(readBack(features, plan)).toEqual(features.map(({ bins }) => Array.from(bins)));
  }
});

test('one-hot columns of one category share a column; two that meet in one row do not', () => {
  const oneHot = Array.from({ length: 100 }, (_, k) => ({
    binCount: 2,
    bins: Uint8Array.from({ length: rows }, (_, row) => Number(row % 120 === k)),
  }));
  expect(planColumns(oneHot, rows, 1000).codeCounts).toEqual([101]);
  (oneHot[7] as ColumnFeature).bins[9] = 1;
  const { codeCounts, places } = planColumns(oneHot, rows, 1000);
  expect(codeCounts.toSorted()).toEqual([100, 2]);
  expect(places[7]?.column).not.toBe(places[9]?.column);
});

test('a feature that validation alone saw missing has a column of its own', () => {
  const flags = Array.from({ length: 4 }, () => ({
    binCount: 2,
    bins: Uint8Array.from({ length: rows }, (_, row) => Number(row % 7 === 0)),
  }));
  (flags[2] as ColumnFeature).bins[rows - 1] = 2;
  const { places } = planColumns(flags, rows - 100, 1);
  expect(places.map(({ coding }) => coding)).toEqual(['product', 'product', 'own', 'product']);
});
