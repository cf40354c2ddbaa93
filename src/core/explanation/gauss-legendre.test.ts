import { expect, test } from 'vitest';
import { gaussLegendre } from './gauss-legendre.ts';

test('n nodes integrate every power up to 2n - 1 exactly', () => {
  for (const n of [1, 2, 3, 5, 8, 16, 40]) {
    const { nodes, weights } = gaussLegendre(n);
    const powers = Float64Array.from(nodes, () => 1);
    for (let degree = 0; degree < 2 * n; degree++) {
      const integral = powers.reduce((sum, power, i) => sum + power * weights[i]!, 0);
      expect(Math.abs(integral - 1 / (degree + 1)), `${n} nodes, degree ${degree}`).toBeLessThan(1e-14);
      nodes.forEach((node, i) => {
        powers[i]! *= node;
      });
    }
  }
});

test('the two nodes are those of the textbook', () => {
  const { nodes, weights } = gaussLegendre(2);
  expect([...nodes]).toEqual([
    expect.closeTo(0.5 - Math.sqrt(1 / 12), 15),
    expect.closeTo(0.5 + Math.sqrt(1 / 12), 15),
  ]);
  expect([...weights]).toEqual([expect.closeTo(0.5, 15), expect.closeTo(0.5, 15)]);
});
