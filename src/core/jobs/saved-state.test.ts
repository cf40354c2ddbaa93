import { expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../testing/node-study.ts';
import { createFrame } from '../data/frame.ts';
import { writeModel } from '../models/catalogue.ts';
import type { TrainingInput, TrainingState } from '../models/model.ts';
import { createRandom } from '../shared/random.ts';
import { createSaving, joinStates } from './saved-state.ts';
import type { TrainingRequest } from './training-contract.ts';

const random = createRandom(9);
const draw = () => Float64Array.from({ length: 600 }, () => random.normal());
const [a, b] = [draw(), draw()];
const rows = Uint32Array.from({ length: 600 }, (_, row) => row);
const input: TrainingInput = {
  features: createFrame([
    { kind: 'number', name: 'a', values: a },
    { kind: 'number', name: 'b', values: b },
  ]),
  labels: Int8Array.from(a, (value, row) => (value * (b[row] as number) > 0.2 ? 1 : 0)),
  train: rows.slice(0, 400),
  validation: rows.slice(400),
  seed: 2,
};

const numbersOfTrees = (state: TrainingState | undefined) =>
  state?.kind === 'boosting' ? state.trees.map((_, i) => i + 1) : [];

const { training } = createNodeStudy({ threads: 1 });

test.each([{ boosting: 'gbdt' }, { boosting: 'dart' }])(
  'parts saved on the way, joined, lead to the bytes of a training that was never interrupted: %o',
  async ({ boosting }) => {
    const parameters = { n_estimators: 12, early_stopping_round: 0, boosting, bagging_fraction: 0.7, bagging_freq: 2 };
    const request: TrainingRequest = { kind: 'boosting', input, parameters };
    const whole = await training.train(request, quiet);
    let saved: TrainingState | undefined;
    let parts = 0;
    let seconds = 0;
    // A clock by which a second passes every other time it is looked at.
    const slow = createNodeStudy({ threads: 1, now: () => 500 * seconds++ }).training;
    const lost = new Error('lost');
    const run = {
      ...quiet,
      emit: (event: unknown) => {
        const told = event as {
          readonly kind: string;
          readonly state: TrainingState;
          readonly round: { round: number };
        };
        if (told.kind === 'saved') {
          saved = joinStates(saved, told.state);
          parts++;
        } else if (told.round.round === 9) throw lost;
      },
    };
    await expect(slow.train(request, run)).rejects.toBe(lost);
    expect(parts).toBeGreaterThan(1);
    expect(saved?.rounds.map(({ round }) => round)).toEqual(numbersOfTrees(saved));
    const resumed = await training.train({ ...request, ...(saved ? { resumeFrom: saved } : {}) }, quiet);
    expect(resumed.trained.rounds).toEqual(whole.trained.rounds);
    expect(writeModel(resumed.trained.model)).toEqual(writeModel(whole.trained.model));
  },
);

test('between two seconds nothing is saved', () => {
  let time = 0;
  const given: number[] = [];
  const offer = createSaving(
    () => time,
    undefined,
    ({ rounds }) => given.push(rounds.length),
  );
  const state = (count: number) => () => ({
    kind: 'boosting' as const,
    trees: [],
    rounds: Array.from({ length: count }) as never[],
  });
  for (const at of [400, 900, 1000, 1500, 2100]) {
    time = at;
    offer(state(at));
  }
  expect(given).toHaveLength(2);
});
