import { expect, test } from 'vitest';
import { fitStability, stabilityOf } from './reason-stability.ts';

const original = [['age', 'visits'], ['age'], ['region']];

test('of all customers who have a column as a reason, the share of refits that name it too', () => {
  const table = fitStability(original, [
    [['age'], ['age', 'region'], ['visits']],
    [['visits', 'age'], [], ['region', 'age']],
  ]);
  expect(table).toEqual({
    refits: 2,
    columns: [
      { column: 'age', share: 3 / 4 },
      { column: 'region', share: 1 / 2 },
      { column: 'visits', share: 1 / 2 },
    ],
  });
  expect(stabilityOf(table, 'age')).toBe(3 / 4);
});

test('refits that say the same make it 1; what nobody was told, and what no refit was asked, is not known', () => {
  const table = fitStability(original, [original, original]);
  for (const { share } of table.columns) expect(share).toBe(1);
  expect(stabilityOf(table, 'income')).toBeNull();
  expect(fitStability(original, [])).toEqual({ refits: 0, columns: [] });
  expect(stabilityOf(undefined, 'age')).toBeNull();
});
