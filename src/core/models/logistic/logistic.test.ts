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

const allColumns = [...numberColumns, ...categoryColumns];

test('the same bytes come from the TypeScript twin and from WebAssembly with 1 and 2 threads', async () => {
  const files: Buffer[] = [];
  for (const kernels of [referenceKernels, createNodeKernels({ threads: 1 }), createNodeKernels({ threads: 2 })]) {
    const { model } = await train(goldenInput(allColumns, true), {}, { ...context, kernels });
    files.push(Buffer.from(logisticEntry.write(model)['logistic.json']!));
  }
  expect(files[1]!.equals(files[0]!)).toBe(true);
  expect(files[2]!.equals(files[0]!)).toBe(true);
});

test('C is chosen on validation: no other tried value does better', async () => {
  const input = goldenInput(allColumns, false);
  const validationOf = async (values: Record<string, unknown>) => {
    const { rounds, bestRound, model } = await train(input, values);
    return { ...rounds[bestRound - 1]!.validation, C: model.parameters['C'] } as {
      loss: number;
      auc: number;
      C: number;
    };
  };
  const byLoss = await validationOf({ tol: 1e-9 });
  const byAuc = await validationOf({ choose_by: 'auc', tol: 1e-9 });
  expect((await validationOf({ choose_C: false, C: byLoss.C, tol: 1e-9 })).loss).toBeCloseTo(byLoss.loss, 9);
  for (const C of [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100]) {
    const { loss, auc } = await validationOf({ choose_C: false, C });
    expect(loss).toBeGreaterThan(byLoss.loss - 1e-5);
    expect(auc).toBeLessThan(byAuc.auc + 1e-3);
  }
});

test('many inputs take another way to the same coefficients', async () => {
  // 520 inputs go by L-BFGS; an elastic net that is all l2 goes by Newton.
  const random = createRandom(5);
  const columns = Array.from({ length: 520 }, (_, j): Column => {
    return { kind: 'number', name: `x${j}`, values: Float64Array.from({ length: 800 }, () => random.normal()) };
  });
  const [first] = columns as [Extract<Column, { kind: 'number' }>];
  const input: TrainingInput = {
    features: createFrame(columns),
    labels: Int8Array.from(first.values, (value) => (value + random.normal() > 1 ? 1 : 0)),
    train: rowsBetween(0, 800),
    validation: new Uint32Array(0),
    seed: 1,
  };
  const values = { C: 0.01, choose_C: false, tol: 1e-9 };
  const within = { ...context, kernels: createNodeKernels({ threads: 1 }) };
  const lbfgs = await train(input, values, within);
  const newton = await train(input, { ...values, penalty: 'elasticnet', l1_ratio: 1e-12 }, within);
  expect(lbfgs.notes[0]).toMatch(/^Converged/);
  expect(largestGap(lbfgs.model.coefficients, newton.model.coefficients)).toBeLessThan(1e-6);
});

test('a row of weight 2 counts as two rows', async () => {
  const input = goldenInput(allColumns, false);
  const weights = new Float64Array(rowCount).fill(1);
  weights.fill(2, 100, 300);
  // Twice the rows change the encoding's means, so numbers are left out.
  const features = createFrame(categoryColumns);
  const doubled = Uint32Array.from([...input.train, ...rowsBetween(100, 300)]);
  const values = { choose_C: false, tol: 1e-12, C: 0.5 };
  const byWeight = await train({ ...input, features, weights }, values);
  const byRows = await train({ ...input, features, train: doubled }, values);
  expect(largestGap(byWeight.model.coefficients, byRows.model.coefficients)).toBeLessThan(1e-9);
});

test('collinear inputs without a penalty are named and the probabilities are still those of the optimum', async () => {
  const twin: Column = { ...(numberColumns[1] as Extract<Column, { kind: 'number' }>), name: 'age again' };
  const values = { penalty: 'none', class_weight: 'none', tol: 1e-12 };
  const { model, notes } = await train(goldenInput([...numberColumns, twin], true), values);
  const fit = golden.fits.find(({ name }) => name === 'none')!;
  expect(notes.join(' ')).toContain('keep the coefficient 0: constant, age again.');
  const raw = logisticEntry.rawScores(model, createFrame([...numberColumns, twin]));
  expect(largestGap(raw.map(sigmoid), fit.probabilities)).toBeLessThan(1e-9);
});

test('perfect separation ends, and is said', async () => {
  const leak: Column = { kind: 'number', name: 'outcome', values: Float64Array.from(golden.labels) };
  for (const penalty of ['none', 'l2', 'l1']) {
    const { model, notes } = await train(goldenInput([...allColumns, leak], false), {
      penalty,
      choose_C: false,
      C: 100,
    });
    expect(model.coefficients.every(Number.isFinite)).toBe(true);
    expect(notes.join(' ')).toContain('tell the classes of all training rows apart');
    if (penalty === 'none') expect(notes.join(' ')).toContain('grow without bound: ');
  }
});

test('training rows of one class are refused', async () => {
  const input = { ...goldenInput(allColumns, false), labels: new Int8Array(rowCount) };
  await expect(train(input, {})).rejects.toThrow('There is no conversion among the 1200 training rows.');
});

test('an infinite feature is refused, not learned', async () => {
  const values = Float64Array.from(golden.labels);
  values[3] = Number.POSITIVE_INFINITY;
  const input = goldenInput([{ kind: 'number', name: 'x', values }], false);
  await expect(train(input, {})).rejects.toMatchObject({ code: 'model.numeric' });
});

test('stopping on request stops', async () => {
  let calls = 0;
  const checkpoint = (): Promise<void> => (++calls > 5 ? Promise.reject(new Error('stop')) : Promise.resolve());
  await expect(train(goldenInput(allColumns, false), {}, { ...context, checkpoint })).rejects.toThrow('stop');
});

interface PlainModel {
  version: number;
  intercept: number | null;
  coefficients: number[];
  columns: { slot?: number; scale?: number; levels?: unknown[] }[];
}

const trained = (): Promise<{ model: LogisticModel }> => train(goldenInput(allColumns, true), { choose_C: false });

test('a row has the same score alone, in a chunk and in the whole table', async () => {
  const { model } = await trained();
  const frame = createFrame(allColumns.toReversed());
  const whole = logisticEntry.rawScores(model, frame);
  const alone = (row: number): Frame => takeRows(frame, [row]);
  for (const row of [0, 7, 1234]) expect(logisticEntry.rawScores(model, alone(row))[0]).toBe(whole[row]);
  expect(logisticEntry.rawScores(model, takeRows(frame, rowsBetween(500, 900)))).toEqual(whole.slice(500, 900));
});

test('the model comes back from its file with all bits', async () => {
  const { model } = await trained();
  expect(logisticEntry.read(logisticEntry.write(model))).toEqual(model);
});

test.each([
  [
    'coefficients',
    (plain: PlainModel) => plain.coefficients.pop(),
    'logistic.json at /coefficients: expected 12 finite numbers.',
  ],
  [
    'intercept',
    (plain: PlainModel) => (plain.intercept = null),
    'logistic.json at /intercept: expected a finite number.',
  ],
  [
    'slot',
    (plain: PlainModel) => (plain.columns[1]!.slot = 5),
    'logistic.json at /columns/1/slot: expected 1, after the inputs before it.',
  ],
  [
    'scale',
    (plain: PlainModel) => (plain.columns[0]!.scale = 0),
    'logistic.json at /columns/0/scale: expected a positive number.',
  ],
  [
    'levels',
    (plain: PlainModel) => (plain.columns[4]!.levels = [1]),
    'logistic.json at /columns/4/levels: expected a list of texts.',
  ],
  ['version', (plain: PlainModel) => (plain.version = 2), 'logistic.json at /version: this program reads version 1.'],
])('a file with a bad %s is refused with its place', async (_name, spoil, sentence) => {
  const { model } = await trained();
  const plain = JSON.parse(new TextDecoder().decode(logisticEntry.write(model)['logistic.json'])) as PlainModel;
  spoil(plain);
  const files = { 'logistic.json': new TextEncoder().encode(JSON.stringify(plain)) };
  expect(() => logisticEntry.read(files)).toThrow(sentence);
});

test('bytes that are no JSON, and a missing file, are refused', () => {
  expect(() => logisticEntry.read({ 'logistic.json': Uint8Array.of(0xff, 0x7b) })).toThrow(
    'logistic.json is not JSON.',
  );
  expect(() => logisticEntry.read({})).toThrow('The model has no logistic.json.');
});

test('importance is the spread of what a feature adds to the score on training rows', async () => {
  const { model } = await trained();
  const frame = takeRows(createFrame(allColumns), rowsBetween(0, golden.train));
  for (const { feature, importance } of logisticEntry.importance(model)) {
    const place = model.encoding.columns.findIndex(({ name }) => name === feature);
    const next = model.encoding.columns[place + 1]?.slot ?? model.encoding.width;
    const alone = model.coefficients.map((value, j) =>
      j >= model.encoding.columns[place]!.slot && j < next ? value : 0,
    );
    const added = logisticEntry.rawScores({ ...model, intercept: 0, coefficients: alone }, frame);
    const mean = added.reduce((sum, value) => sum + value, 0) / added.length;
    const variance = added.reduce((sum, value) => sum + (value - mean) ** 2, 0) / added.length;
    expect(importance).toBeCloseTo(Math.sqrt(variance), 9);
  }
});
