import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draw = (seed: number, stream = 0, count = 5): number[] => {
  const random = createRandom(seed, stream);
  return Array.from({ length: count }, () => random.next());
};

test('the same seed and stream give the same numbers, another seed or stream gives others', () => {
  expect(draw(7, 3)).toEqual(draw(7, 3));
  expect(new Set([draw(7)[0], draw(8)[0], draw(7, 1)[0], draw(1, 7)[0], draw(7 + 2 ** 32)[0], draw(-7)[0]]).size).toBe(
    6,
  );
});

test('numbers are uniform in [0, 1), also across the first draws of many streams', () => {
  const count = 100_000;
  const random = createRandom(1);
  const bins = new Float64Array(20);
  const firsts = new Float64Array(20);
  for (let i = 0; i < count; i++) {
    const value = random.next();
    expect(value >= 0 && value < 1).toBe(true);
    bins[Math.floor(value * 20)]!++;
    firsts[Math.floor(createRandom(1, i).next() * 20)]!++;
  }
  // Chi-square with 19 degrees of freedom: 43.8 is the 99.9 % point.
  for (const counts of [bins, firsts]) {
    expect(counts.reduce((sum, n) => sum + (n - count / 20) ** 2 / (count / 20), 0)).toBeLessThan(43.8);
  }
});

test('two streams of one seed are uncorrelated', () => {
  const a = createRandom(5, 0);
  const b = createRandom(5, 1);
  let product = 0;
  for (let i = 0; i < 50_000; i++) product += a.normal() * b.normal();
  expect(Math.abs(product / 50_000)).toBeLessThan(4 / Math.sqrt(50_000));
});

test('integers cover 0 … n − 1 evenly', () => {
  const random = createRandom(2);
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) counts[random.integer(3)]!++;
  for (const n of counts) expect(Math.abs(n - 10_000)).toBeLessThan(400);
  expect(random.integer(1)).toBe(0);
});

test('normal numbers have mean 0, variance 1 and the tails of a normal', () => {
  const random = createRandom(3);
  const count = 100_000;
  let sum = 0;
  let squares = 0;
  let beyond = 0;
  for (let i = 0; i < count; i++) {
    const z = random.normal();
    sum += z;
    squares += z * z;
    if (Math.abs(z) > 1.959963984540054) beyond++;
  }
  expect(Math.abs(sum / count)).toBeLessThan(0.015);
  expect(Math.abs(squares / count - 1)).toBeLessThan(0.02);
  expect(Math.abs(beyond / count - 0.05)).toBeLessThan(0.003);
});

test('a shuffle keeps every element and every order is as likely', () => {
  const random = createRandom(4);
  const seen = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = random.shuffle([1, 2, 3]).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
  for (const n of seen.values()) expect(Math.abs(n - 2000)).toBeLessThan(200);
  expect(
    random
      .shuffle(new Uint32Array([5, 5, 9]))
      .slice()
      .sort(),
  ).toEqual(new Uint32Array([5, 5, 9]));
  expect(random.shuffle([])).toEqual([]);
});

test('the numbers of a seed stay what they are from version to version', () => {
  expect(draw(42, 0, 3)).toMatchInlineSnapshot(`
    [
      0.7907557102380942,
      0.8839177483664464,
      0.2909857679246961,
    ]
  `);
});
