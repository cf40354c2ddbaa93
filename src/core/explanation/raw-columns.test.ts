import { expect, test } from 'vitest';
import { createRandom } from '../shared/random.ts';
import { byRawColumn } from './raw-columns.ts';

const columnsOf = [['visits'], ['opens', 'mails'], ['visits'], ['mails', 'opens'], []];
const attributions = [0.5, 0.3, -0.2, 0.1, 0.05];

test('what is made of several columns is split equally among them', () => {
  expect(byRawColumn(attributions, columnsOf, 'split')).toEqual([
    { columns: ['visits'], attribution: 0.3 },
    { columns: ['opens'], attribution: 0.2 },
    { columns: ['mails'], attribution: 0.2 },
    { columns: [], attribution: 0.05 },
  ]);
});

test('or stays together, whatever the order its columns are named in', () => {
  expect(byRawColumn(attributions, columnsOf, 'group')).toEqual([
    { columns: ['visits'], attribution: 0.3 },
    { columns: ['mails', 'opens'], attribution: 0.4 },
    { columns: [], attribution: 0.05 },
  ]);
});

test.each(['split', 'group'] as const)('the total stays, to rounding: %s', (sharing) => {
  const random = createRandom(3);
  for (let repeat = 0; repeat < 50; repeat++) {
    const many = Array.from({ length: 70 }, () => random.normal());
    const made = many.map(() => Array.from({ length: random.integer(4) }, (_, i) => `c${i * 7 + random.integer(7)}`));
    const total = byRawColumn(many, made, sharing).reduce((sum, each) => sum + each.attribution, 0);
    expect(Math.abs(total - many.reduce((sum, each) => sum + each, 0))).toBeLessThan(1e-12);
  }
});
