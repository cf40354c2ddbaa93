import { expect, test } from 'vitest';
import { createRandom } from '../shared/random.ts';
import { createTextColumn } from './frame.ts';
import { splitRows, stratifiedFolds } from './split.ts';
import { groupCodes } from './split-groups.ts';

const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
const random = createRandom(3);
const labels = Int8Array.from({ length: 5000 }, (_, row) => (row % 50 === 7 ? -1 : random.next() < 0.06 ? 1 : 0));
const rate = (rows: ArrayLike<number>) => Array.from(rows).filter((row) => labels[row] === 1).length / rows.length;

test('every row is in exactly one part, and unlabelled rows are in none that learns', () => {
  const split = splitRows({ labels, seed: 1, fractions });
  const all = [...split.train, ...split.validation, ...split.test, ...split.unlabelled].sort((a, b) => a - b);
  expect(all).toEqual(Array.from(labels.keys()));
  expect(Array.from(split.unlabelled)).toEqual(Array.from(labels.keys()).filter((row) => row % 50 === 7));
});

test('the parts have their shares and the same conversion rate', () => {
  const { train, validation, test: held } = splitRows({ labels, seed: 1, fractions });
  const labelled = train.length + validation.length + held.length;
  expect(Math.abs(train.length - 0.6 * labelled)).toBeLessThanOrEqual(1);
  expect(Math.abs(rate(train) - rate(held))).toBeLessThan(0.001);
  expect(Math.abs(rate(validation) - rate(held))).toBeLessThan(0.002);
});

test('the seed alone decides', () => {
  expect(splitRows({ labels, seed: 9, fractions })).toEqual(splitRows({ labels, seed: 9, fractions }));
  expect(splitRows({ labels, seed: 9, fractions }).test).not.toEqual(splitRows({ labels, seed: 10, fractions }).test);
});

test('rows of one id stay on one side, in splits and in folds', () => {
  const ids = createTextColumn(
    'id',
    Array.from(labels.keys(), (row) => (row % 11 === 0 ? '' : `c${row % 1500}`)),
  );
  const groups = groupCodes(ids);
  const split = splitRows({ labels, seed: 2, fractions, groups });
  const side = new Map<number, string>();
  for (const [name, rows] of Object.entries(split)) {
    if (name === 'unlabelled') continue;
    for (const row of rows) {
      const group = groups[row] as number;
      if (group < 0) continue;
      expect(side.get(group) ?? name).toBe(name);
      side.set(group, name);
    }
  }
  const fold = stratifiedFolds(labels, 3, 2, groups);
  const foldOf = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const group = groups[row] as number;
    if (group < 0 || fold[row] === 255) continue;
    expect(foldOf.get(group) ?? fold[row]).toBe(fold[row]);
    foldOf.set(group, fold[row] as number);
  }
});

test('folds hold equal shares of both classes and leave unlabelled rows out', () => {
  const fold = stratifiedFolds(labels, 5, 4);
  const counts = Array.from({ length: 5 }, () => [0, 0]);
  fold.forEach((each, row) => {
    if ((labels[row] as number) < 0) expect(each).toBe(255);
    else (counts[each] as number[])[labels[row] as number]!++;
  });
  for (const label of [0, 1]) {
    const each = counts.map((count) => count[label] as number);
    expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
  }
});

test('out of time, no training row is later than a test row and a day is never divided', () => {
  const days = Float64Array.from(labels, () => 19_000 + random.integer(90) + random.next());
  const { train, validation, test: held } = splitRows({ labels, seed: 1, fractions, days });
  const span = (rows: Uint32Array) =>
    [
      Math.min(...Array.from(rows, (row) => Math.floor(days[row] as number))),
      Math.max(...Array.from(rows, (row) => Math.floor(days[row] as number))),
    ] as const;
  expect(span(train)[1]).toBeLessThan(span(validation)[0]);
  expect(span(validation)[1]).toBeLessThan(span(held)[0]);
});

test('too few conversions are refused with the counts', () => {
  const few = Int8Array.from({ length: 100 }, (_, row) => (row < 4 ? 1 : 0));
  expect(() => splitRows({ labels: few, seed: 1, fractions })).toThrow(
    expect.objectContaining({
      code: 'data.split',
      message: expect.stringMatching(/\d conversions among \d+ labelled/),
    }),
  );
  expect(() => stratifiedFolds(few, 5, 1)).toThrow(
    expect.objectContaining({ code: 'data.split', message: expect.stringContaining('there are 4') }),
  );
  expect(() => splitRows({ labels, seed: 1, fractions: { train: 0.5, validation: 0.5, test: 0.5 } })).toThrow(
    expect.objectContaining({ code: 'data.split' }),
  );
});
