import { expect, test } from 'vitest';
import golden from '../../testing/golden/psi.json' with { type: 'json' };
import type { Column, Frame } from '../data/frame.ts';
import { createRandom } from '../shared/random.ts';
import { driftBandOf } from './psi.ts';
import { readReferenceWindow } from './read-window.ts';
import { compareWithReference, makeReferenceWindow } from './window.ts';

function numbers(name: string, values: readonly (number | null)[]): Column {
  return { kind: 'number', name, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

function categories(name: string, values: readonly string[], levels: readonly string[]): Column {
  return { kind: 'category', name, levels, codes: Int32Array.from(values, (value) => levels.indexOf(value)) };
}

function frameOf(...columns: Column[]): Frame {
  const first = columns[0] as Column;
  return {
    rowCount: first.kind === 'number' ? first.values.length : first.kind === 'category' ? first.codes.length : 0,
    columns,
  };
}

function windowOf(frame: Frame) {
  const rows = Uint32Array.from({ length: frame.rowCount }, (_, row) => row);
  return makeReferenceWindow({ features: frame, rows, propensity: scores(frame.rowCount) });
}

function scores(rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => (row + 0.5) / rows);
}

test.each(golden.cases)(
  'PSI equals numpy for $name',
  async ({ reference, current, edges, referenceShares, currentShares, psi }) => {
    const window = windowOf(frameOf(numbers('x', reference)));
    const feature = window.features[0];
    if (feature?.kind !== 'number') throw new Error('The window lost its feature.');
    expect(feature.edges).toHaveLength(edges.length);
    edges.forEach((edge, i) => expect(feature.edges[i]).toBeCloseTo(edge, 12));
    const drift = (await compareWithReference(window, frameOf(numbers('x', current)), scores(current.length)))
      .features[0];
    expect(drift?.psi).toBeCloseTo(psi, 9);
    referenceShares.forEach((share, bin) => expect(drift?.reference[bin]).toBeCloseTo(share, 12));
    currentShares.forEach((share, bin) => expect(drift?.current[bin]).toBeCloseTo(share, 12));
  },
);

test('a window compared with itself has not drifted', async () => {
  const random = createRandom(1);
  const frame = frameOf(
    numbers(
      'spend',
      Array.from({ length: 300 }, (_, i) => (i % 7 === 0 ? null : random.normal())),
    ),
    categories(
      'channel',
      Array.from({ length: 300 }, (_, i) => (['web', 'shop', ''] as const)[i % 3] as string),
      ['web', 'shop'],
    ),
  );
  const found = await compareWithReference(windowOf(frame), frame, scores(300));
  for (const drift of [...found.features, found.score]) {
    expect(drift.psi).toBe(0);
    expect(drift.band).toBe('stable');
    expect(drift.reference.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  }
});

test('a rare flag that becomes common is seen', async () => {
  const flag = (every: number) =>
    numbers(
      'flag',
      Array.from({ length: 1000 }, (_, i) => (i % every === 0 ? 1 : 0)),
    );
  const found = await compareWithReference(windowOf(frameOf(flag(50))), frameOf(flag(4)), scores(1000));
  expect(found.features[0]?.band).toBe('significant');
});

test('levels never seen before have a bin of their own', async () => {
  const window = windowOf(frameOf(categories('plan', ['a', 'a', 'b', 'b'], ['a', 'b'])));
  const now = frameOf(categories('plan', ['a', 'b', 'c', 'c'], ['c', 'b', 'a']));
  const drift = (await compareWithReference(window, now, scores(4))).features[0];
  expect(drift?.bins).toEqual(['a', 'b', 'not seen before', 'missing']);
  expect(drift?.current).toEqual([0.25, 0.25, 0.5, 0]);
  expect(drift?.band).toBe('significant');
});

test('an all-missing and a constant feature are comparable', async () => {
  const frame = frameOf(numbers('gone', [null, null, null]), numbers('same', [5, 5, 5]));
  const found = await compareWithReference(windowOf(frame), frame, scores(3));
  expect(found.features.map((drift) => drift.psi)).toEqual([0, 0]);
});

test('a moved score is seen apart from the features', async () => {
  const frame = frameOf(
    numbers(
      'x',
      Array.from({ length: 200 }, (_, i) => i),
    ),
  );
  const found = await compareWithReference(
    windowOf(frame),
    frame,
    scores(200).map((score) => score / 2),
  );
  expect(found.features[0]?.psi).toBe(0);
  expect(found.score.band).toBe('significant');
});

test('the bands begin at 0.1 and 0.2', () => {
  expect([0.0999, 0.1, 0.1999, 0.2].map(driftBandOf)).toEqual(['stable', 'moderate', 'moderate', 'significant']);
});

test('a window survives JSON, and a malformed one is refused with its place', () => {
  const window = windowOf(frameOf(numbers('x', [1, 2, null]), categories('c', ['a', 'b', 'a'], ['a', 'b'])));
  const plain = JSON.parse(JSON.stringify(window));
  expect(readReferenceWindow(plain)).toEqual(window);
  expect(() => readReferenceWindow({ ...plain, version: 2 })).toThrow('version');
  expect(() => readReferenceWindow({ ...plain, features: [{ ...plain.features[0], counts: [1] }] })).toThrow(
    'features[0].counts',
  );
  expect(() => readReferenceWindow({ ...plain, score: { ...plain.score, edges: [1, 1] } })).toThrow('score.edges');
});

test('a column the window knows and the table lacks is named', async () => {
  const window = windowOf(frameOf(numbers('x', [1, 2, 3])));
  await expect(compareWithReference(window, frameOf(numbers('y', [1])), scores(1))).rejects.toThrow('"x"');
});
