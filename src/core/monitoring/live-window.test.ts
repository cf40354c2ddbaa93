import { expect, test } from 'vitest';
import { createFrame, type Frame, sliceRows } from '../data/frame.ts';
import { createRandom } from '../shared/random.ts';
import { createLiveWindow, createSlidingWindow, mergeCounts } from './live-window.ts';
import { compareWithReference, makeReferenceWindow } from './window.ts';

const random = createRandom(6);
const parts = 16;

function draw(rowCount: number, shift: number): { features: Frame; propensity: Float64Array } {
  const levels = ['a', 'b', 'c', shift > 0 ? 'new' : 'b2'];
  return {
    features: createFrame([
      {
        kind: 'number',
        name: 'x',
        values: Float64Array.from({ length: rowCount }, () =>
          random.next() < 0.1 ? Number.NaN : random.normal() + shift,
        ),
      },
      { kind: 'number', name: 'n', values: Float64Array.from({ length: rowCount }, () => random.integer(4)) },
      {
        kind: 'category',
        name: 'c',
        levels,
        codes: Int32Array.from({ length: rowCount }, () => random.integer(5) - 1),
      },
    ]),
    propensity: Float64Array.from({ length: rowCount }, random.next),
  };
}

test('customers counted in 16 parts have the PSI of all at once, exactly', async () => {
  const before = draw(4000, 0);
  const now = draw(3200, 0.3);
  const reference = makeReferenceWindow({ ...before, rows: Uint32Array.from({ length: 4000 }, (_, row) => row) });
  const exact = await compareWithReference(reference, now.features, now.propensity);
  const live = createLiveWindow(reference);
  const size = 3200 / parts;
  const counted = Array.from({ length: parts }, (_, i) =>
    live.count(sliceRows(now.features, i * size, (i + 1) * size), now.propensity.subarray(i * size, (i + 1) * size)),
  );
  const { features, score, rowCount } = live.drift(counted.reduce(mergeCounts));
  expect(rowCount).toBe(3200);
  expect(score).toBe(exact.score.psi);
  for (const { feature, psi } of features) {
    expect(psi, feature).toBe(exact.features.find((each) => each.feature === feature)?.psi);
  }
});

test('a sliding window forgets its oldest customers', () => {
  const before = draw(1000, 0);
  const reference = makeReferenceWindow({ ...before, rows: Uint32Array.from({ length: 1000 }, (_, row) => row) });
  const live = createLiveWindow(reference);
  const window = createSlidingWindow(4, 50);
  expect(window.total()).toBeUndefined();
  for (let i = 0; i < 100; i++) {
    const shift = i < 50 ? 3 : 0;
    const { features, propensity } = draw(25, shift);
    window.add(live.count(features, propensity));
  }
  const total = window.total();
  expect(total?.rowCount).toBe(200);
  const strange = live.drift(total!).features.find(({ feature }) => feature === 'x')?.psi as number;
  expect(strange).toBeLessThan(0.3);
});
