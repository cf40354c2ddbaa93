import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import type { TrainingContext, TrainingState } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';
import { modelText, sampleInput } from '../../../testing/boosting-sample.ts';

const kernels = createNodeKernels({ threads: 1 });

function train(input: Parameters, context: Partial<TrainingContext> = {}, sample = sampleInput(1200, 4)) {
  return boostingEntry.train(sample, input, { kernels, checkpoint: noCheckpoint, ...context });
}

const everyKind: Parameters[] = [
  { bagging_fraction: 0.6, bagging_freq: 3, feature_fraction: 0.7, feature_fraction_bynode: 0.7 },
  { boosting: 'dart', skip_drop: 0.2, drop_rate: 0.4 },
  { boosting: 'rf', bagging_fraction: 0.6, bagging_freq: 1, boost_from_average: true },
  { data_sample_strategy: 'goss', learning_rate: 0.4 },
  { extra_trees: true, path_smooth: 3, zero_as_missing: true, monotone_constraints: 'x0: 1' },
  { grow_policy: 'oblivious' },
];

test.each(everyKind)(
  'a training resumed from a saved state ends in the bytes of one that never stopped: %o',
  async (kind) => {
    const parameters = { n_estimators: 12, early_stopping_round: 4, boost_from_average: true, ...kind };
    const states: TrainingState[] = [];
    const whole = await train(parameters, { onState: (save) => states.push(save()) });
    expect(states.length).toBeGreaterThan(5);
    // As it comes back from a worker or a store.
    const resumeFrom = structuredClone(states[4] as TrainingState);
    const seen: number[] = [];
    const resumed = await train(parameters, { resumeFrom, onRound: ({ round }) => seen.push(round) });
    expect(seen[0]).toBe(6);
    expect(modelText(resumed.model)).toBe(modelText(whole.model));
    expect(resumed.rounds).toEqual(whole.rounds);
    expect(resumed.bestRound).toBe(whole.bestRound);
  },
);

test('a host that asks to finish gets the best model so far, and is told so', async () => {
  let asked = 0;
  const finished = await train({ n_estimators: 50 }, { shouldFinish: () => ++asked === 7 });
  expect(finished.rounds).toHaveLength(7);
  expect(finished.notes.join(' ')).toContain('Finished on request after 7 of at most 50 trees.');
  const short = await train({ n_estimators: 7 });
  expect(finished.bestRound).toBe(short.bestRound);
  expect(modelText(finished.model)).toContain(modelText(short.model).split('\nparameters')[0] as string);
});

test('trees that were not grown on these columns are refused', async () => {
  const states: TrainingState[] = [];
  await train({ n_estimators: 3 }, { onState: (save) => states.push(save()) });
  const resumeFrom = states[1] as TrainingState;
  await expect(train({ n_estimators: 5 }, { resumeFrom }, sampleInput(1000, 6, 9))).rejects.toMatchObject({
    code: 'model.format',
  });
});

test("a caller's own metric decides when to stop, and is shown with the others", async () => {
  const values = [0.5, 0.9, 0.3, 0.2, 0.1, 0.05];
  const called: number[] = [];
  const trained = await train(
    { n_estimators: 30, early_stopping_round: 3 },
    {
      stoppingMetric: {
        name: 'profit',
        higherIsBetter: true,
        measure: (scores, labels) => {
          called.push(scores.length, labels.length);
          return values[called.length / 2 - 1] as number;
        },
      },
    },
  );
  expect(trained.bestRound).toBe(2);
  expect(trained.rounds).toHaveLength(5);
  expect(trained.rounds[1]?.validation['profit']).toBe(0.9);
  expect(new Set(called)).toEqual(new Set([300]));
});
