import { expect, test } from 'vitest';
import { createTextColumn } from '../data/frame.ts';
import { groupsOf } from './cohorts.ts';
import { nearestRows } from './nearest-rows.ts';

test('numbers part into fifths of about the same size, missing ones stand alone', () => {
  const values = Float64Array.from({ length: 1_000 }, (_, i) => (i < 50 ? Number.NaN : i));
  const { labels, groupOf } = groupsOf({ kind: 'number', name: 'a', values })!;
  expect(labels).toHaveLength(6);
  expect(labels.at(-1)).toBe('missing');
  const counts = labels.map((_, group) => groupOf.filter((each) => each === group).length);
  expect(counts.at(-1)).toBe(50);
  for (const count of counts.slice(0, 5)) expect(Math.abs(count - 190)).toBeLessThanOrEqual(1);
});

test('few values are groups of their own, in order', () => {
  const values = Float64Array.of(3, 1, 2, 3, 1);
  expect(groupsOf({ kind: 'number', name: 'a', values })).toEqual({
    labels: ['1', '2', '3'],
    groupOf: Uint8Array.of(2, 0, 1, 2, 0),
  });
});

test('of many levels the rarest stand together, levels that nobody has are left out', () => {
  const levels = Array.from({ length: 30 }, (_, i) => `level ${i}`);
  const codes = Int32Array.from({ length: 2_000 }, (_, i) => (i % 400 === 0 ? -1 : i % 29));
  const { labels, groupOf } = groupsOf({ kind: 'category', name: 'a', codes, levels })!;
  expect(labels).toHaveLength(13);
  expect(labels.slice(-2)).toEqual(['all others', 'missing']);
  expect(groupOf.every((group) => group < labels.length)).toBe(true);
  const few = groupsOf({ kind: 'category', name: 'a', codes: Int32Array.of(2, 0), levels: ['x', 'y', 'z'] });
  expect(few?.labels).toEqual(['x', 'z']);
});

test('a constant, days and text: one group, groups named by days, none', () => {
  expect(groupsOf({ kind: 'number', name: 'a', values: new Float64Array(9).fill(4) })?.labels).toEqual(['4']);
  const days = Float64Array.from({ length: 100 }, (_, i) => 20_000 + i);
  expect(groupsOf({ kind: 'date', name: 'a', days })?.labels[0]).toMatch(/^up to 2024-/);
  expect(groupsOf(createTextColumn('a', ['x']))).toBeUndefined();
});

test('the nearest customers are those that differ least, by Gower’s distance', () => {
  const frame = {
    rowCount: 5,
    columns: [
      { kind: 'number' as const, name: 'a', values: Float64Array.of(0, 1, 0, 10, Number.NaN) },
      { kind: 'category' as const, name: 'b', codes: Int32Array.of(0, 0, 1, 0, 0), levels: ['x', 'y'] },
    ],
  };
  expect(nearestRows(frame, 0, 3, [10, 1])).toEqual([
    { row: 1, distance: 0.05 },
    { row: 2, distance: 0.5 },
    { row: 3, distance: 0.5 },
  ]);
  // Two missing values are alike.
  expect(nearestRows(frame, 4, 5, [10, 1]).every(({ distance }) => distance >= 0.5)).toBe(true);
});
