import { expect, test } from 'vitest';
import { armOf } from './experiment.ts';

const ids = Array.from({ length: 4000 }, (_, i) => `CUST_${i}`);
const challenged = (name: string, share: number) => ids.filter((id) => armOf(id, { name, share }) === 'challenger');

test('the challenger answers its share of customers, within the noise of a draw', () => {
  for (const share of [0.05, 0.3, 0.5]) {
    const noise = 4 * Math.sqrt((share * (1 - share)) / ids.length);
    expect(Math.abs(challenged('spring', share).length / ids.length - share)).toBeLessThan(noise);
  }
  expect(challenged('spring', 0)).toEqual([]);
  expect(challenged('spring', 1)).toEqual(ids);
});

test('a larger share keeps everybody who was in the smaller one', () => {
  const larger = new Set(challenged('spring', 0.4));
  expect(challenged('spring', 0.1).every((id) => larger.has(id))).toBe(true);
});

test('another experiment draws anew', () => {
  const spring = new Set(challenged('spring', 0.5));
  const both = challenged('summer', 0.5).filter((id) => spring.has(id)).length;
  expect(Math.abs(both / ids.length - 0.25)).toBeLessThan(0.04);
});

test('a customer has the arm that any SHA-256 gives: printf "spring\\nCUST_1" | sha256sum', () => {
  const share = 0x949f6f90063f / 2 ** 48;
  expect(armOf('CUST_1', { name: 'spring', share: share + 1e-9 })).toBe('challenger');
  expect(armOf('CUST_1', { name: 'spring', share: share - 1e-9 })).toBe('champion');
});
