import { expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../testing/node-study.ts';
import { createFrame, sliceRows } from '../data/frame.ts';
import { type ModelKind, modelKinds, type Round, type TrainingInput } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import type { TrainingEvent } from './training-contract.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';

const { training } = createNodeStudy({ threads: 1 });
const parameters: Record<ModelKind, Parameters> = {
  logistic: { choose_C: false },
  boosting: { n_estimators: 8 },
  neural: { epochs: 3 },
};

function inputOf(rowCount: number): TrainingInput {
  const random = createRandom(4);
  const draw = () => Float64Array.from({ length: rowCount }, () => random.normal());
  const [a, b] = [draw(), draw()];
  const labels = Int8Array.from(a, (value, row) =>
    random.next() < sigmoid(2 * value - (b[row] as number) - 1) ? 1 : 0,
  );
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const features = createFrame([
    { kind: 'number', name: 'a', values: a },
    { kind: 'number', name: 'b', values: b },
  ]);
  return { features, labels, train: rows.slice(0, rowCount / 2), validation: rows.slice(rowCount / 2), seed: 6 };
}

const input = inputOf(1_000);

test.each(modelKinds)('%s: rounds are told on the way, as the result has them', async (kind) => {
  const told: Round[] = [];
  const run = {
    ...quiet,
    emit: (event: unknown) => {
      if ((event as TrainingEvent).kind === 'round') told.push((event as TrainingEvent & { kind: 'round' }).round);
    },
  };
  const { trained, seconds } = await training.train({ kind, input, parameters: parameters[kind] }, run);
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(trained.rounds);
  expect(trained.model.kind).toBe(kind);
  expect(seconds).toBeGreaterThan(0);
});

test.each(modelKinds)(
  '%s: refits score the rows asked for, each a little differently, and the same each time',
  async (kind) => {
    const { trained } = await training.train({ kind, input, parameters: parameters[kind] }, quiet);
    const request = {
      kind,
      input,
      parameters: parameters[kind],
      trained,
      refits: 2,
      rows: Uint32Array.of(900, 3, 501),
      explained: Uint32Array.of(7, 900),
      background: sliceRows(input.features, 0, 20),
    };
    const refits = await training.refit(request, quiet);
    expect(refits.map(({ rawScores }) => rawScores.length)).toEqual([3, 3]);
    expect(refits[0]?.rawScores).not.toEqual(refits[1]?.rawScores);
    for (const { rawScores, attributions, features } of refits) {
      expect(features).toEqual(['a', 'b']);
      expect(rawScores.every(Number.isFinite)).toBe(true);
      expect(attributions.every(Number.isFinite)).toBe(true);
      // The same customer is scored and explained: attributions lead from one base to each score.
      expect(attributions).toHaveLength(4);
    }
    expect(await training.refit(request, quiet)).toEqual(refits);
  },
);

test.each(modelKinds)('%s: stops at the checkpoint that says so', async (kind) => {
  let passed = 0;
  const run = {
    emit: () => {},
    checkpoint: () => (++passed > 1 ? Promise.reject(new Error('stopped')) : Promise.resolve()),
  };
  await expect(training.train({ kind, input, parameters: parameters[kind] }, run)).rejects.toThrow('stopped');
  expect(passed).toBe(2);
});

test('a parameter that does not exist or is out of range is refused by name', async () => {
  const train = (chosen: Parameters) => training.train({ kind: 'boosting', input, parameters: chosen }, quiet);
  await expect(train({ num_leafs: 3 })).rejects.toMatchObject({ code: 'parameters.invalid' });
  await expect(train({ num_leaves: 1 })).rejects.toMatchObject({
    code: 'parameters.invalid',
    where: { field: 'boosting.num_leaves' },
  });
});

test.each(modelKinds)('%s: warming up says what it will run on', async (kind) => {
  expect(await training.warmUp({ kind }, quiet)).toEqual({ backend: 'WASM, 1 thread' });
});
