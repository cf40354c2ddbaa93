import { expect, test } from 'vitest';
import golden from '../../testing/golden/column-effects.json' with { type: 'json' };
import { type NumberColumn, createFrame, type Frame } from '../data/frame.ts';
import { importanceBands } from './importance-bands.ts';
import { interactionStrengths } from './interaction-partner.ts';
import { permutationImportance } from './permutation-importance.ts';

const columnOf = (index: number) => Float64Array.from(golden.rows, (row) => row[index]!);
const names = ['a', 'b', 'c', 'd'];
const features = createFrame(names.map((name, i) => ({ kind: 'number', name, values: columnOf(i) })));
const target = Float64Array.from(golden.target);

function rSquared(frame: Frame): number {
  const [a, b, c, d] = frame.columns.map((column) => (column as NumberColumn).values) as Float64Array[];
  const mean = target.reduce((sum, each) => sum + each, 0) / target.length;
  let [left, total] = [0, 0];
  target.forEach((value, i) => {
    const answer = a![i]! + 2 * b![i]! * c![i]! - (a![i]! * a![i]!) / 2 + (d![i]! > 0.5 ? 3 : 0);
    left += (value - answer) * (value - answer);
    total += (value - mean) * (value - mean);
  });
  return 1 - left / total;
}

test('permutation importance is scikit-learn’s within three standard errors of both, with its spread', async () => {
  const repeats = 200;
  const found = await permutationImportance({ features, names, measure: rSquared, seed: 1, repeats });
  const { mean, standardDeviation, repeats: theirs } = golden.permutation;
  found.forEach(({ importance, spread }, i) => {
    const error = standardDeviation[i]! * Math.sqrt(1 / repeats + 1 / theirs);
    expect(Math.abs(importance - mean[i]!)).toBeLessThan(3 * error);
    expect(spread / standardDeviation[i]!).toBeGreaterThan(0.8);
    expect(spread / standardDeviation[i]!).toBeLessThan(1.25);
  });
});

test('a column that is not read loses nothing, and the same seed gives the same bits', async () => {
  const spare = {
    ...features,
    columns: [...features.columns, { kind: 'number' as const, name: 'spare', values: columnOf(0) }],
  };
  const measure = (frame: Frame) => rSquared({ ...frame, columns: frame.columns.slice(0, 4) });
  const ask = () => permutationImportance({ features: spare, names: ['spare', 'b'], measure, seed: 3 });
  const [none, some] = await ask();
  expect([none?.importance, none?.spread]).toEqual([0, 0]);
  expect(await ask()).toEqual([none, some]);
});

test('interaction partners are those of shap’s approximate_interactions', () => {
  const values = Float64Array.from(golden.interactions.values);
  const others = names.map((_, i) => (i === 1 ? values : columnOf(i)));
  const found = interactionStrengths(values, Float64Array.from(golden.interactions.attributions), others);
  golden.interactions.strengths.forEach((strength, i) => expect(found[i]).toBeCloseTo(strength, 9));
});

test('missing values can be the partner: their pattern counts as a column', () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => i);
  const other = values.map((value) => (value % 2 === 0 ? Number.NaN : 1));
  const attributions = values.map((value) => (value % 2 === 0 ? 1 : -1));
  expect(interactionStrengths(values, attributions, [values, other])[1]).toBeCloseTo(10, 9);
});

test('bands of importance hold the mean, shrink with the root of the customers, and are nothing for a constant', () => {
  const spread = (count: number) => Float64Array.from({ length: count }, (_, i) => (i * 7919) % 101);
  const [small] = importanceBands([spread(400)], 5);
  const [large, constant] = importanceBands([spread(6_400), new Float64Array(6_400).fill(2)], 5);
  expect(small!.low).toBeLessThan(small!.value);
  expect(small!.high).toBeGreaterThan(small!.value);
  expect((small!.high - small!.low) / (large!.high - large!.low)).toBeCloseTo(4, 0);
  expect(constant).toEqual({ value: 2, low: 2, high: 2 });
});
