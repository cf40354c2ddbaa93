import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { modelText, sampleInput } from '../../../testing/boosting-sample.ts';
import type { Frame } from '../../data/frame.ts';
import { createFrame, takeRows } from '../../data/frame.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import type { TrainingContext, TrainingInput, TrainingState } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';
import type { BoostingModel } from './boosting-model.ts';
import { boostingRawScores } from './raw-scores.ts';

const input = sampleInput(1400, 4);
const kernels = createNodeKernels({ threads: 1 });
const usual = { n_estimators: 5, early_stopping_round: 0, min_data_per_group: 20 };

function train(given: Partial<TrainingInput>, parameters: Parameters = {}, context: Partial<TrainingContext> = {}) {
  const host = { kernels, checkpoint: noCheckpoint, ...context };
  return boostingEntry.train({ ...input, ...given }, { ...usual, ...parameters }, host);
}

const { model: initial } = await train({});

/** The same table with its columns and levels in another order, one level less and one that the model never saw. */
function reordered(frame: Frame): Frame {
  return createFrame(
    frame.columns.toReversed().map((column) => {
      if (column.kind !== 'category') return column;
      const levels = ['new', ...column.levels.slice(0, 7).toReversed()];
      const codes = column.codes.map((code) => (code === 7 ? 0 : code < 0 ? -1 : 7 - code));
      return { ...column, levels, codes };
    }),
  );
}

test('a continued model begins with the old scores, whatever the order of columns and levels', async () => {
  const features = reordered(input.features);
  const { model } = await train({ features, initialModel: initial });
  expect(model.trees).toHaveLength(10);
  const first: BoostingModel = { ...model, trees: model.trees.slice(0, 5) };
  expect(boostingRawScores(first, features)).toEqual(boostingRawScores(initial, features));
  // Also on the old table, whose level 7 the new one does not have.
  expect(boostingRawScores(first, input.features)).toEqual(boostingRawScores(initial, input.features));
  const back = boostingEntry.read(boostingEntry.write(model));
  expect(boostingRawScores(back, features)).toEqual(boostingRawScores(model, features));
});

test('going on from a model is going on with its training: the same trees as if grown at once', async () => {
  const whole = await train({}, { n_estimators: 9, early_stopping_round: 0 });
  const continued = await train({ initialModel: initial }, { n_estimators: 4 });
  expect(modelText(continued.model).split('\nparameters')[0]).toBe(modelText(whole.model).split('\nparameters')[0]);
});

test('a continued training can itself be resumed', async () => {
  const states: TrainingState[] = [];
  const whole = await train({ initialModel: initial }, {}, { onState: (save) => states.push(save()) });
  const resumed = await train(
    { initialModel: initial },
    {},
    { resumeFrom: structuredClone(states[2] as TrainingState) },
  );
  expect(modelText(resumed.model)).toBe(modelText(whole.model));
  expect(resumed.rounds).toEqual(whole.rounds);
});

test('what cannot be continued is refused with the reason', async () => {
  const without = createFrame(input.features.columns.filter(({ name }) => name !== 'x0'));
  await expect(train({ features: without, initialModel: initial })).rejects.toMatchObject({
    code: 'data.missing-column',
    where: { column: 'x0' },
  });
  const asText = createFrame(
    takeRows(
      input.features,
      Uint32Array.from({ length: 1400 }, (_, row) => row),
    ).columns.map((column) =>
      column.kind === 'category'
        ? { kind: 'number', name: column.name, values: Float64Array.from(column.codes) }
        : column,
    ),
  );
  await expect(train({ features: asText, initialModel: initial })).rejects.toMatchObject({ code: 'data.type' });
  const forest = { ...initial, averageOutput: true as const };
  await expect(train({ initialModel: forest })).rejects.toThrow(/random forest/i);
  const steep = { ...initial, objective: { name: 'binary', sigmoid: 2 } as const };
  await expect(train({ initialModel: steep })).rejects.toThrow(/sigmoid is 2/);
});
