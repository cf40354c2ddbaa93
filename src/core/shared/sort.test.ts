import { expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { sortAscending } from './sort.ts';

const random = createRandom(8);
const draw = (length: number, of: () => number): Float64Array => Float64Array.from({ length }, of);

test.each<[string, Float64Array]>([
  ['nothing', draw(0, random.next)],
  ['one', draw(1, random.next)],
  ['few', draw(30, random.normal)],
  ['spread values', draw(20_000, random.normal)],
  ['flags', draw(5000, () => random.integer(2))],
  ['counts', draw(5000, () => random.integer(300))],
  ['a crowd and one far away', draw(5000, () => (random.integer(5000) === 0 ? 1e300 : random.next()))],
  ['values so near each other that their spread is denormal', draw(5000, () => random.integer(9) * 5e-324)],
  ['values whose spread overflows', draw(5000, () => (2 * random.next() - 1) * Number.MAX_VALUE)],
  ['one value', draw(5000, () => 7)],
])('%s comes out as the engine sorts it', (_, values) => {
  expect(sortAscending(values.slice())).toEqual(values.slice().sort());
});
