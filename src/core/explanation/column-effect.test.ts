import { expect, test } from 'vitest';
import golden from '../../testing/golden/column-effects.json' with { type: 'json' };
import { accumulatedLocalEffects, type AnswerWith, partialDependence, quantileEdges } from './column-effect.ts';

const all = Uint32Array.from(golden.rows, (_, row) => row);

/** f = a + 2 b c − a² / 2 + 3 (d > 0.5), with a (or another column) set to what is asked. */
const answerFor =
  (column: number): AnswerWith =>
  (rows, values) =>
    Float64Array.from(rows, (row, i) => {
      const [a, b, c, d] = golden.rows[row]!.map((value, k) => (k === column ? values[i]! : value)) as [
        number,
        number,
        number,
        number,
      ];
      return a + 2 * b * c - (a * a) / 2 + (d > 0.5 ? 3 : 0);
    });

test('partial dependence and single customers are those of scikit-learn', async () => {
  const { grid, average, first } = golden.partialDependence;
  const found = await partialDependence(answerFor(0), all, Float64Array.from(grid), [0]);
  average.forEach((value, i) => expect(found.average[i]).toBeCloseTo(value, 12));
  first.forEach((value, i) => expect(found.individual[0]?.[i]).toBeCloseTo(value, 12));
});

test('accumulated local effects are those of PyALE', async () => {
  const { edges, effects, counts } = golden.ale;
  const values = Float64Array.from(golden.rows, (row) => row[0]!);
  const found = await accumulatedLocalEffects(answerFor(0), all, values, Float64Array.from(edges));
  expect([...found.counts]).toEqual(counts);
  effects.forEach((value, i) => expect(found.effects[i]).toBeCloseTo(value, 10));
});

test('a column that the answer does not read has no effect, and missing values are left out', async () => {
  const values = Float64Array.from(golden.rows, (row, i) => (i % 3 === 0 ? Number.NaN : row[1]!));
  const edges = quantileEdges(
    values.filter((value) => !Number.isNaN(value)),
    10,
  );
  const found = await accumulatedLocalEffects((rows) => new Float64Array(rows.length).fill(2), all, values, edges);
  expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(160);
  expect([...found.effects].every((effect) => effect === 0)).toBe(true);
});

test('the effect of a sum of single terms is its own term, whatever the columns have in common', async () => {
  const term = (a: number) => a * a;
  const values = Float64Array.from(golden.rows, (row) => row[0]!);
  const answer: AnswerWith = (rows, given) =>
    Float64Array.from(rows, (row, i) => term(given[i]!) + golden.rows[row]![1]!);
  const { edges, effects } = await accumulatedLocalEffects(answer, all, values, quantileEdges(values, 12));
  edges.forEach((edge, i) => expect(effects[i]! - effects[0]!).toBeCloseTo(term(edge) - term(edges[0]!), 10));
});

test('quantile edges are distinct and hold every value', () => {
  expect([...quantileEdges(Float64Array.of(3, 1, 1, 1, 2), 4)]).toEqual([1, 2, 3]);
  expect([...quantileEdges(new Float64Array(), 4)]).toEqual([]);
});
