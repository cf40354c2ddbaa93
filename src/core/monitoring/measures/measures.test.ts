import { expect, test } from 'vitest';
import golden from '../../../testing/golden/drift.json' with { type: 'json' };
import type { Column, Frame } from '../../data/frame.ts';
import { compareWithReference, type FeatureDrift, makeReferenceWindow } from '../window.ts';
import { driftMeasures } from './catalogue.ts';

type Cell = number | string | null;

function columnOf(kind: string, cells: readonly Cell[]): Column {
  if (kind === 'number') {
    return {
      kind: 'number',
      name: 'x',
      values: Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN),
    };
  }
  const levels = [...new Set(cells.filter((cell) => cell !== null))] as string[];
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(cell as string)));
  return { kind: 'category', name: 'x', levels, codes };
}

async function compare(
  kind: string,
  before: readonly Cell[],
  now: readonly Cell[],
  atHand = true,
): Promise<FeatureDrift> {
  const reference: Frame = { rowCount: before.length, columns: [columnOf(kind, before)] };
  const customers = {
    features: reference,
    rows: Uint32Array.from(before, (_, row) => row),
    propensity: new Float64Array(before.length).fill(0.5),
  };
  const current: Frame = { rowCount: now.length, columns: [columnOf(kind, now)] };
  const scores = new Float64Array(now.length).fill(0.5);
  const window = makeReferenceWindow(customers);
  const options = atHand ? { customers } : {};
  return (await compareWithReference(window, current, scores, options)).features[0] as FeatureDrift;
}

test.each(golden.cases)(
  'every measure equals Evidently or scipy: $name',
  async ({ kind, reference, current, measures }) => {
    const found = (await compare(kind, reference, current)).measures;
    expect(Object.keys(measures).length).toBeGreaterThan(5);
    for (const [id, value] of Object.entries(measures)) {
      expect(Math.abs((found[id] as number) - value), id).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
    }
  },
);

test.each(golden.cases)('nothing has moved against itself: $name', async ({ kind, reference }) => {
  for (const [id, value] of Object.entries((await compare(kind, reference, reference)).measures)) {
    if (!Number.isNaN(value)) expect(Math.abs(value), id).toBeLessThan(1e-7);
  }
});

test('a measure that does not apply says so, and none is missing', async () => {
  const number = (await compare('number', [1, 2, 3], [2, 3, 4])).measures;
  const category = (await compare('category', ['a', 'b'], ['a', 'c'])).measures;
  expect(Object.keys(number)).toEqual(driftMeasures.map(({ id }) => id));
  expect(Object.keys(number).filter((id) => Number.isNaN(number[id]))).toEqual(['unseen_share']);
  expect(Object.keys(category).filter((id) => Number.isNaN(category[id]))).toEqual(['ks', 'wasserstein']);
});

test.each(['number', 'category'])('a window of missing values only is measured without failing: %s', async (kind) => {
  const gone = (await compare(kind, kind === 'number' ? [1, 2, 3] : ['a', 'b', 'a'], [null, null])).measures;
  expect(gone.missing_shift).toBe(1);
  expect(gone.hellinger).toBe(1);
  expect(gone.psi).toBeGreaterThan(5);
});

test('against the quantiles of a bundle KS stays within half a quantile, and PSI is exact', async () => {
  const [shifted] = golden.cases;
  if (!shifted) throw new Error('The golden cases are gone.');
  const exact = (await compare('number', shifted.reference, shifted.current)).measures;
  const sketched = (await compare('number', shifted.reference, shifted.current, false)).measures;
  expect(sketched.psi).toBe(exact.psi);
  // Half a quantile's share, and one customer of the 512.
  expect(Math.abs((sketched.ks as number) - (exact.ks as number))).toBeLessThanOrEqual(0.005 + 1 / 512);
  expect(Math.abs((sketched.wasserstein as number) - (exact.wasserstein as number))).toBeLessThan(0.01);
  expect(sketched.psi_evidently).toBeNaN();
});
