import { expect, test } from 'vitest';
import { logit, sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import { fitCentre } from './centre.ts';

const random = createRandom(3);
const truth = Float64Array.from({ length: 20_000 }, () => random.normal() - 3);
const labels = Int8Array.from(truth, (raw) => (random.next() < sigmoid(raw) ? 1 : 0));

test('true log-odds of rare buyers are lifted by about the log-odds of their rate', () => {
  const rate = labels.reduce<number>((sum, label) => sum + label, 0) / labels.length;
  expect(fitCentre(truth, labels)).toBeCloseTo(-logit(rate), 0);
});

test('scores that are centred already stay where they are, whatever they were before', () => {
  const centre = fitCentre(truth, labels);
  expect(
    fitCentre(
      truth.map((raw) => raw + centre),
      labels,
    ),
  ).toBeCloseTo(0, 8);
  expect(
    fitCentre(
      truth.map((raw) => raw - 100),
      labels,
    ),
  ).toBeCloseTo(centre + 100, 8);
});

test('labels of one kind say nothing about the centre', () => {
  expect(fitCentre(truth, new Int8Array(truth.length))).toBe(0);
});
