import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { createFrame, sliceRows } from '../../data/frame.ts';
import { openDenseScoring } from '../../kernels/dense-inference.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingContext, TrainingInput, TrainingState } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { openKernelSession } from './kernel-session.ts';
import { neuralEntry } from './neural.ts';

const rowCount = 2400;
const kernels = createNodeKernels({ threads: 2 });
const small: Parameters = { layers: [16, 8], epochs: 6, batch_size: 64, learning_rate: 0.01 };

/** Customers whose label follows a number of heavy tail and which of 40 shops they buy at; a tenth name none. */
function customers(): TrainingInput {
  const random = createRandom(8);
  const effects = Array.from({ length: 40 }, () => 2 * random.normal());
  const codes = new Int32Array(rowCount).map(() => random.integer(44) - 4).map((code) => Math.max(-1, code));
  const spend = new Float64Array(rowCount).map(() => random.normal());
  const labels = new Int8Array(rowCount).map((_, i) => {
    const score = (effects[codes[i] as number] ?? 0) + (spend[i] as number);
    return score + random.normal() > 0.5 ? 1 : 0;
  });
  const values = spend.map((value, i) => (i % 11 === 0 ? Number.NaN : value * value * value * 1000));
  const features = createFrame([
    { kind: 'number', name: 'spend', values },
    { kind: 'category', name: 'shop', codes, levels: effects.map((_, i) => `shop ${i}`) },
  ]);
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  return { features, labels, train: rows.slice(0, 1800), validation: rows.slice(1800), seed: 2 };
}

const input = customers();
const train = (parameters: Parameters, context: Partial<TrainingContext> = {}) =>
  neuralEntry.train(input, { ...small, ...parameters }, { kernels, checkpoint: noCheckpoint, ...context });

const variants: readonly Parameters[] = [
  { activation: 'gelu', optimizer: 'adam', schedule: 'cosine' },
  { activation: 'silu', scaling: 'quantile', missing_indicators: false, schedule: 'plateau' },
  { categorical_encoding: 'embedding', global_clipnorm: 0.5, loss: 'binary_focal_crossentropy' },
  { ensemble_size: 3, batch_normalization: false, label_smoothing: 0.1, class_weight: 'given', positive_weight: 3 },
];

test.each(variants)('learns, leaves the same bytes on the twin, and reads back: %o', async (parameters) => {
  const [ours, twin] = await Promise.all([
    train({ ...parameters, epochs: 2 }),
    train({ ...parameters, epochs: 2 }, { kernels: referenceKernels }),
  ]);
  const files = neuralEntry.write(ours.model);
  expect(neuralEntry.write(twin.model)).toEqual(files);
  expect(neuralEntry.write(neuralEntry.read(files))).toEqual(files);
  const { rounds, bestRound } = await train(parameters);
  expect(rounds[bestRound - 1]?.validation.auc).toBeGreaterThan(0.85);
});

test.each(variants)('the kernel scores the very bits of its twin: %o', async (parameters) => {
  const { model } = await train({ ...parameters, epochs: 1 });
  const scoring = await openDenseScoring(kernels);
  const twin = neuralEntry.rawScores(model, input.features);
  expect(neuralEntry.rawScores(model, input.features, scoring)).toEqual(twin);
  const part = sliceRows(input.features, 100, 177);
  expect(neuralEntry.rawScores(model, part, scoring)).toEqual(twin.slice(100, 177));
});

test('an embedding of few numbers learns what shops are like; missing and unseen ones share a vector', async () => {
  const { model } = await train({ categorical_encoding: 'embedding', embedding_dim: 2 });
  const one = (codes: number, levels: readonly string[]) =>
    neuralEntry.rawScores(
      model,
      createFrame([
        { kind: 'number', name: 'spend', values: Float64Array.of(0) },
        { kind: 'category', name: 'shop', codes: Int32Array.of(codes), levels: [...levels] },
      ]),
    )[0] as number;
  expect(one(0, ['elsewhere'])).toBe(one(-1, ['shop 1']));
  const scores = Array.from({ length: 40 }, (_, i) => one(0, [`shop ${i}`]));
  expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(2);
});

test('an ensemble is the mean of its networks', async () => {
  const { model } = await train({ ensemble_size: 2, epochs: 2 });
  const alone = [0, 1].map((member) => {
    const layers = [model.layers, ...(model.ensemble ?? [])][member] ?? [];
    const { ensemble: _, ...rest } = model;
    return neuralEntry.rawScores({ ...rest, layers }, input.features);
  });
  const together = neuralEntry.rawScores(model, input.features);
  together.forEach((score, i) => {
    expect(score).toBe(((alone[0]?.[i] as number) + (alone[1]?.[i] as number)) / 2);
  });
});

test.each([
  [{}, 3],
  [{ categorical_encoding: 'embedding', dropout: 0.3, schedule: 'plateau' }, 2],
  [{ ensemble_size: 2, epochs: 3 }, 4],
] as const)('a training goes on from a saved state to the same bytes: %o after round %i', async (parameters, at) => {
  const whole = await train(parameters);
  let saved: TrainingState | undefined;
  let round = 0;
  const interrupted = train(parameters, {
    onRound: () => round++,
    onState: (save) => {
      if (round === at) saved = structuredClone(save());
    },
    checkpoint: () => (round > at ? Promise.reject(new StudioError('job.cancelled', 'Lost.')) : Promise.resolve()),
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'job.cancelled' });
  expect(saved).toBeDefined();
  const resumed = await train(parameters, { kernels: referenceKernels, resumeFrom: saved as TrainingState });
  expect(neuralEntry.write(resumed.model)).toEqual(neuralEntry.write(whole.model));
  expect(resumed.rounds).toEqual(whole.rounds);
});

test("a caller's own measure is watched and shown", async () => {
  const measure = (scores: Float64Array) => -(scores[0] as number);
  const stoppingMetric = { name: 'first', higherIsBetter: false, measure };
  const { rounds, bestRound } = await train({ patience: 0 }, { stoppingMetric });
  const values = rounds.map(({ validation }) => validation.first as number);
  expect(values[bestRound - 1]).toBe(Math.min(...values));
});

test('rounds tell the learning rate and the norm of the gradients', async () => {
  const { rounds } = await train({ schedule: 'exponential', learning_rate_decay: 0.5, epochs: 3, patience: 0 });
  expect(rounds.map((round) => round.train.learning_rate)).toEqual([0.01, 0.005, 0.0025]);
  for (const round of rounds) expect(round.train.gradient_norm).toBeGreaterThan(0);
});

test.each([
  ['auto', [9, 1], 'WASM, 1 thread', 'Timed beforehand: WebGPU 9 ms, the processor 1 ms'],
  ['auto', [1, 9], 'GPU', 'WebGPU trained.'],
  ['webgpu', [], 'GPU', ''],
  ['wasm', [], 'WASM, 1 thread', ''],
] as const)('the backend %s, timed %o, is %s', async (backend, times, expected, note) => {
  let clock = 0;
  let asked = 0;
  const gpu = {
    // Each trial asks twice: before and after.
    now: () => (asked++ % 2 === 0 ? clock : (clock += times[(asked - 2) / 2] ?? 0)),
    open: async (start: Start) => ({ ...(await openKernelSession(referenceKernels, start)), backend: 'GPU' }),
  };
  const one = createNodeKernels({ threads: 1 });
  const { backend: used, notes } = await train({ backend, epochs: 1 }, { kernels: { ...one, gpu } });
  expect(used).toBe(expected);
  expect(notes.join(' ')).toContain(note);
});

type Start = globalThis.Parameters<typeof openKernelSession>[1];
