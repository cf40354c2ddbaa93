import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import type { Column, Frame } from '../../data/frame.ts';
import { createFrame, takeRows } from '../../data/frame.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingContext, TrainingInput } from '../model.ts';
import { checkParameters } from '../parameter-check.ts';
import { logisticEntry } from './logistic.ts';
import type { LogisticModel } from './logistic-model.ts';
import { penaltyValue } from './penalty.ts';
import { scoreValidation } from './validation.ts';

interface Golden {
  readonly train: number;
  readonly numbers: Record<string, (number | null)[]>;
  readonly categories: Record<string, number[]>;
  readonly labels: number[];
  readonly weights: number[];
  readonly fits: {
    name: string;
    withCategories: boolean;
    weighted: boolean;
    parameters: Record<string, number | string>;
    intercept: number;
    coefficients: number[];
    probabilities: number[];
    objective: number;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../../testing/golden/logistic.json', import.meta.url), 'utf8'),
) as Golden;

const numberColumns: Column[] = Object.entries(golden.numbers).map(([name, values]) => ({
  kind: 'number',
  name,
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
}));
const categoryColumns: Column[] = Object.entries(golden.categories).map(([name, codes]) => ({
  kind: 'category',
  name,
  codes: Int32Array.from(codes),
  levels: Array.from({ length: Math.max(...codes) + 1 }, (_, level) => `${name} ${level}`),
}));
const rowCount = golden.labels.length;
const rowsBetween = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, i) => from + i);

const goldenInput = (columns: readonly Column[], weighted: boolean): TrainingInput => ({
  features: createFrame(columns),
  labels: Int8Array.from(golden.labels),
  train: rowsBetween(0, golden.train),
  validation: rowsBetween(golden.train, rowCount),
  seed: 1,
  ...(weighted ? { weights: Float64Array.from(golden.weights) } : {}),
});

const context: TrainingContext = { kernels: referenceKernels, checkpoint: noCheckpoint };

const train = (input: TrainingInput, values: Record<string, unknown>, within = context) =>
  logisticEntry.train(input, checkParameters('logistic', logisticEntry.parameters, values), within);

const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

test.each(golden.fits)('$name: coefficients and probabilities are those of scikit-learn', async (fit) => {
  const columns = fit.withCategories ? [...numberColumns, ...categoryColumns] : numberColumns;
  const input = goldenInput(columns, fit.weighted);
  const { model, notes, rounds } = await train(input, { ...fit.parameters, choose_C: false, tol: 1e-12 });
  expect(notes[0]).toMatch(/^Converged/);
  const raw = logisticEntry.rawScores(model, input.features);
  const ratio = fit.parameters['penalty'] === 'l1' ? 1 : ((fit.parameters['l1_ratio'] as number | undefined) ?? 0);
  if (ratio === 0) {
    expect(largestGap([model.intercept, ...model.coefficients], [fit.intercept, ...fit.coefficients])).toBeLessThan(
      1e-6,
    );
    expect(largestGap(raw.map(sigmoid), fit.probabilities)).toBeLessThan(1e-9);
    return;
  }
  const weights = golden.weights.slice(0, golden.train);
  const positive = weights.reduce((sum, weight, i) => sum + weight * golden.labels[i]!, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale =
    fit.parameters['class_weight'] === 'balanced' ? [total / 2 / (total - positive), total / 2 / positive] : [1, 1];
  const rowWeights = Float64Array.from(weights, (weight, i) => weight * scale[golden.labels[i]!]!);
  const { loss } = scoreValidation(raw.slice(0, golden.train), input.labels.slice(0, golden.train), rowWeights);
  const strength = 1 / ((fit.parameters['C'] as number) * total);
  const withIntercept = Float64Array.of(model.intercept, ...model.coefficients);
  const ours = loss + penaltyValue({ l1: ratio * strength, l2: (1 - ratio) * strength }, withIntercept);
  expect(ours).toBeLessThanOrEqual(fit.objective * (1 + 1e-9));
  expect(rounds.length).toBeLessThan(30);
});
