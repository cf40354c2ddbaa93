import { expect, test } from 'vitest';
import { createFrame, type Frame, sliceRows } from '../core/data/frame.ts';
import { compareWithReference, makeReferenceWindow } from '../core/monitoring/window.ts';
import { createRandom } from '../core/shared/random.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createDriftWindow, type DriftWindow } from './drift-window.ts';

const levels = ['north', 'south', 'west'];

function customers(rowCount: number, seed: number, shift = 0) {
  const random = createRandom(seed);
  const features = createFrame([
    {
      kind: 'number',
      name: 'visits',
      values: Float64Array.from({ length: rowCount }, () => (random.integer(9) ? random.next() + shift : Number.NaN)),
    },
    {
      kind: 'category',
      name: 'region',
      codes: Int32Array.from({ length: rowCount }, () => random.integer(4) - 1),
      levels,
    },
  ]);
  return { features, propensity: Float64Array.from({ length: rowCount }, () => random.next() * (1 - shift)) };
}

const reference = customers(3000, 1);
const rows = Uint32Array.from({ length: 3000 }, (_, row) => row);
const referenceWindow = makeReferenceWindow({ ...reference, rows });
const bundle = { ...tinyBundle('logistic'), referenceWindow: JSON.parse(JSON.stringify(referenceWindow)) as unknown };

function observe(window: DriftWindow, { features, propensity }: { features: Frame; propensity: Float64Array }): void {
  for (let from = 0; from < propensity.length; from += 250) {
    const part = propensity.subarray(from, from + 250);
    window.observe(
      sliceRows(features, from, from + part.length),
      Array.from(part, (score) => ({ propensity_score: score })),
    );
  }
}

test('the window has the PSI of the drift page for the same customers', async () => {
  const current = customers(2500, 2, 0.1);
  const window = createDriftWindow(bundle)!;
  observe(window, current);
  const compared = await compareWithReference(referenceWindow, current.features, current.propensity);
  const told = window.psi()!;
  expect(told.score).toBeCloseTo(compared.score.psi, 12);
  for (const { feature, psi } of compared.features) expect(told.features.get(feature)).toBeCloseTo(psi, 12);
});

test('customers leave the window when 10,000 others have come', () => {
  const window = createDriftWindow(bundle)!;
  observe(window, customers(4000, 3, 0.5));
  expect(window.psi()!.score).toBeGreaterThan(0.2);
  for (let seed = 10; seed < 14; seed++) observe(window, customers(2500, seed));
  expect(window.size).toBe(10_000);
  const fresh = createDriftWindow(bundle)!;
  for (let seed = 10; seed < 14; seed++) observe(fresh, customers(2500, seed));
  expect(window.psi()).toEqual(fresh.psi());
  expect(window.psi()!.score).toBeLessThan(0.02);
});

test('a thousand customers are needed, and refused ones do not count', () => {
  const window = createDriftWindow(bundle)!;
  observe(window, customers(999, 4));
  window.observe(customers(1, 5).features, [undefined]);
  expect(window.psi()).toBeUndefined();
  observe(window, customers(1, 6));
  expect(window.psi()).toBeDefined();
});
