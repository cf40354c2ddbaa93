import { expect, test } from 'vitest';
import { type CandidateChange, findCounterfactuals } from './counterfactuals.ts';

const steps = [0.1, 0.2, 0.3, 0.4, 0.5];
const candidates: CandidateChange<number>[] = ['a', 'b', 'c', 'd'].flatMap((column) =>
  steps.map((value) => ({ column, value, cost: value })),
);
const sumOf = (weights: Readonly<Record<string, number>>) => (sets: readonly (readonly CandidateChange<number>[])[]) =>
  Float64Array.from(sets, (changes) =>
    changes.reduce((sum, { column, value }) => sum + (weights[column] ?? 0) * value, 0),
  );
const find = (weights: Readonly<Record<string, number>>, cut: number, most = 3) =>
  findCounterfactuals(
    candidates,
    sumOf(weights),
    (answer) => answer >= cut,
    (answer) => answer,
    { most },
  );

test('the cheapest single change that crosses is found, and no cheaper one crosses', async () => {
  const weights = { a: 1, b: 3, c: 0.5 };
  const [best] = await find(weights, 0.85);
  expect(best?.changes.map(({ column, value }) => [column, value])).toEqual([['b', 0.3]]);
  const singles = sumOf(weights)(candidates.map((candidate) => [candidate]));
  candidates.forEach(({ cost }, i) => {
    if (singles[i]! >= 0.85) expect(cost).toBeGreaterThanOrEqual(best!.cost);
  });
});

test('where no single change is enough two are taken, then three, and each column once', async () => {
  const two = await find({ a: 1, b: 1, c: 0.1 }, 0.9);
  expect(two[0]?.changes).toHaveLength(2);
  const three = await find({ a: 1, b: 1, c: 1 }, 1.4);
  expect(three[0]?.changes.map(({ column }) => column).sort()).toEqual(['a', 'b', 'c']);
  for (const { changes, answer } of [...two, ...three]) {
    expect(new Set(changes.map(({ column }) => column)).size).toBe(changes.length);
    expect(answer).toBeGreaterThanOrEqual(changes.length === 2 ? 0.9 : 1.4);
  }
});

test('what cannot be crossed with three columns, or has no candidates, has no answer', async () => {
  expect(await find({ a: 1, b: 1, c: 1, d: 1 }, 1.9)).toEqual([]);
  expect(
    await findCounterfactuals(
      [],
      () => new Float64Array(),
      () => true,
      () => 0,
    ),
  ).toEqual([]);
});

test('each set of columns is told once, cheapest first', async () => {
  const found = await find({ a: 1, b: 1 }, 0.2);
  expect(found.map(({ changes }) => changes[0]?.column)).toEqual(['a', 'b']);
  expect(found.map(({ cost }) => cost)).toEqual([0.2, 0.2]);
});
