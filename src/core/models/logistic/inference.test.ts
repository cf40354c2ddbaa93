import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import expected from '../../../testing/golden/logistic-inference.json' with { type: 'json' };
import golden from '../../../testing/golden/logistic.json' with { type: 'json' };
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import type { TrainingContext, TrainingInput } from '../model.ts';
import { checkParameters } from '../parameter-check.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { measureCollinearity } from './collinearity.ts';
import { inferCoefficients } from './inference.ts';
import { logisticEntry } from './logistic.ts';
import { fitScorecard, usualScorecard } from './scorecard.ts';

const numbers = Object.entries(golden.numbers).map(([name, values]): Column & { kind: 'number' } => {
  return { kind: 'number', name, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
});
const categories = Object.entries(golden.categories).map(([name, codes]): Column => {
  const levels = Array.from({ length: Math.max(...codes) + 1 }, (_, level) => `${name} ${level}`);
  return { kind: 'category', name, codes: Int32Array.from(codes), levels };
});
const features = createFrame([...numbers, ...categories]);
const input: TrainingInput = {
  features,
  labels: Int8Array.from(golden.labels),
  train: Uint32Array.from({ length: golden.train }, (_, row) => row),
  validation: new Uint32Array(0),
  seed: 1,
  weights: Float64Array.from(golden.weights),
};
const context: TrainingContext = { kernels: referenceKernels, checkpoint: noCheckpoint };
const parameters = (values: Record<string, unknown> = {}) =>
  checkParameters('logistic', logisticEntry.parameters, values);

test.each([
  ['likelihood', false],
  ['robust', true],
] as const)('estimates, errors, p-values and intervals are those of statsmodels: %s', async (covariance, weighted) => {
  const found = await inferCoefficients(input, parameters(), context, { weighted });
  expect(found.covariance).toBe(covariance);
  expect(found.dropped).toEqual(['constant']);
  expect(found.coefficients.map(({ name }) => name)).toEqual(expected.names);
  for (const [figure, values] of Object.entries(expected[covariance]) as ['z', number[]][]) {
    found.coefficients.forEach((each, j) => {
      expect(Math.abs(each[figure] - values[j]!), `${figure} of ${each.name}`).toBeLessThan(1e-6);
    });
  }
  if (!weighted) expect(found.logLikelihood).toBeCloseTo(expected.logLikelihood, 6);
});

test('each coefficient is said in words, with what it is compared with', async () => {
  const { coefficients, notes } = await inferCoefficients(input, parameters(), context);
  const wordsOf = (name: string) => coefficients.find((each) => each.name === name)?.words;
  expect(wordsOf('age')).toBe('Each 17.8 more of age multiplies the odds by 1.68 (95 % interval 1.47 to 1.93).');
  expect(wordsOf('device = device 2')).toBe(
    'device = device 2 has 2.4 times the odds of device 1 (95 % interval 1.74 to 3.33).',
  );
  expect(wordsOf('region = region 2')).toMatch(/could as well make no difference\.$/);
  expect(wordsOf('visits is missing')).toMatch(/^Where visits is missing, the odds are 0\.\d+ times as high/);
  expect(notes.join(' ')).toContain('without a penalty and without weights');
});

test('separated classes have estimates that mean nothing, and the notes say so', async () => {
  const leak: Column = { kind: 'number', name: 'outcome', values: Float64Array.from(golden.labels) };
  const leaking = { ...input, features: createFrame([...features.columns, leak]) };
  const { notes } = await inferCoefficients(leaking, parameters(), context);
  expect(notes.join(' ')).toContain('their errors mean nothing');
});

test('variance inflation is that of statsmodels; twins of a column are told of', async () => {
  const { inflation, dropped } = await measureCollinearity(input, context);
  expect(dropped).toEqual(['constant']);
  for (const { name, factor } of inflation) {
    const place = expected.names.indexOf(name) - 1;
    expect(Math.abs(factor - (expected.inflation[place] as number))).toBeLessThan(1e-6);
  }
  expect(inflation.length).toBe(expected.inflation.length);
  const age = numbers[1] as Column & { kind: 'number' };
  const nearly: Column = { ...age, name: 'nearly age', values: age.values.map((value, row) => value + (row % 3)) };
  const twin: Column = { ...age, name: 'twin', values: age.values.map((value) => 2 * value + 1) };
  const twins = await measureCollinearity({ ...input, features: createFrame([age, nearly, twin]) }, context);
  expect(twins.dropped).toEqual(['twin']);
  expect(twins.correlated.map(({ first, second }) => `${first}, ${second}`)).toContain('age, nearly age');
  expect(twins.correlated[0]?.correlation).toBeCloseTo(1, 9);
  expect(twins.notes.join(' ')).toContain('Most of nearly age is told by the other inputs');
});

test('bootstrap intervals hold the coefficient, agree with the robust errors of a mild penalty, and repeat', async () => {
  const within = { ...context, kernels: createNodeKernels({ threads: 1 }) };
  const frame = createFrame(numbers.slice(0, 2));
  const narrow = { ...input, features: frame };
  const { model } = await logisticEntry.train(narrow, parameters({ choose_C: false, C: 1e6, tol: 1e-10 }), within);
  const options = { draws: 200, seed: 3 };
  const intervals = await bootstrapIntervals(narrow, model, within, options);
  const { coefficients } = await inferCoefficients(narrow, parameters(), within, { weighted: true });
  expect(intervals.map(({ name }) => name)).toEqual(['intercept', 'income', 'age']);
  intervals.forEach(({ low, high, coefficient }, j) => {
    expect(low).toBeLessThan(coefficient);
    expect(high).toBeGreaterThan(coefficient);
    const { standardError } = coefficients[j] as { standardError: number };
    expect((high - low) / (2 * 1.96 * standardError)).toBeGreaterThan(0.8);
    expect((high - low) / (2 * 1.96 * standardError)).toBeLessThan(1.25);
  });
  expect(await bootstrapIntervals(narrow, model, context, options)).toEqual(intervals);
});

test('an l1 penalty drops inputs in some draws: the share that keeps them is told', async () => {
  const values = { penalty: 'l1', C: 0.02, choose_C: false };
  const { model } = await logisticEntry.train(input, parameters(values), context);
  const intervals = await bootstrapIntervals(input, model, context, { draws: 30, seed: 1 });
  const shares = new Map(intervals.map(({ name, keptShare }) => [name, keptShare]));
  expect(shares.get('constant')).toBe(0);
  expect(shares.get('intercept')).toBe(1);
  expect([...shares.values()].some((share) => share > 0 && share < 1)).toBe(true);
});

test('the scorecard has the evidence, information and points of the reference', async () => {
  const options = { ...usualScorecard, maxBins: 4, leastShare: 0.1, leastInformation: 0.005 };
  const { card, points } = await fitScorecard(input, context, options);
  const reference = expected.scorecard;
  expect(card.basePoints).toBe(reference.basePoints);
  expect(card.features.map(({ name }) => name)).toEqual(reference.features.map(({ name }) => name));
  card.features.forEach((feature, j) => {
    const like = reference.features[j] as (typeof reference.features)[number];
    expect(feature.informationValue).toBeCloseTo(like.informationValue, 12);
    expect(Math.abs(feature.coefficient - like.coefficient)).toBeLessThan(1e-8);
    expect(feature.bins.map(({ rows }) => rows)).toEqual(like.rows);
    expect(feature.bins.map(({ conversions }) => conversions)).toEqual(like.conversions);
    feature.bins.forEach(({ weightOfEvidence }, bin) => {
      expect(weightOfEvidence).toBeCloseTo(like.weightOfEvidence[bin] as number, 12);
    });
    expect(feature.bins.map((bin) => bin.points)).toEqual(like.points);
  });
  expect(card.leftOut).toContain('constant');
  const byHand = (row: number) =>
    card.features.reduce((sum, feature) => {
      const column = features.columns.find(({ name }) => name === feature.name) as Column;
      if (column.kind !== 'category') return sum;
      const code = column.codes[row] as number;
      const label = code < 0 ? 'missing' : (column.levels[code] as string);
      const bin =
        feature.bins.find((each) => each.label === label) ?? feature.bins.find(({ label: l }) => l === 'other');
      return sum + (bin?.points ?? Number.NaN);
    }, card.basePoints);
  const onlyCategories = { ...input, features: createFrame(categories) };
  const small = await fitScorecard(onlyCategories, context, options);
  expect(small.points(createFrame(categories)).every(Number.isInteger)).toBe(true);
  const numbersOnly = card.features.filter(({ name }) => name in golden.numbers);
  const most = numbersOnly.reduce((sum, { bins }) => sum + Math.max(...bins.map((bin) => bin.points)), 0);
  points(features).forEach((score, row) => expect(score).toBeLessThanOrEqual(byHand(row) + most));
});

test('a weight given to conversions counts as so many rows', async () => {
  const plain = { ...input, features: createFrame(categories) };
  const { weights: _, ...unweighted } = plain;
  const values = { choose_C: false, C: 0.5, tol: 1e-12 };
  const given = await logisticEntry.train(
    unweighted,
    parameters({ ...values, class_weight: 'given', positive_weight: 3 }),
    context,
  );
  const tripled = { ...unweighted, weights: Float64Array.from(golden.labels, (label) => (label === 1 ? 3 : 1)) };
  const byRows = await logisticEntry.train(tripled, parameters({ ...values, class_weight: 'none' }), context);
  expect(given.model.coefficients).toEqual(byRows.model.coefficients);
});
