import { expect, test, vi } from 'vitest';
import { createCrewFactory } from '../../../adapters/any/crew.ts';
import { createNodeCrewHost } from '../../../adapters/node/crew.ts';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { modelText } from '../../../testing/boosting-sample.ts';
import { tickingClock } from '../../../testing/ticking-clock.ts';
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import * as columns from '../../kernels/boosting-columns.ts';
import type { Crew } from '../../kernels/crew.ts';
import { type Kernels, referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';

const rows = 6000;

/** Flags, counts, categories, one-hot columns of a city, two dense numbers; missing values, some in validation alone. */
function input(): TrainingInput {
  const random = createRandom(8);
  const number = (name: string, of: (row: number) => number): Column & { kind: 'number' } => ({
    kind: 'number',
    name,
    values: Float64Array.from({ length: rows }, (_, row) => of(row)),
  });
  const city = Int32Array.from({ length: rows }, () => Math.min(random.integer(60), random.integer(60)));
  const oneHot = Array.from({ length: 45 }, (_, k) => number(`city ${k}`, (row) => Number(city[row] === k)));
  const amounts = Array.from({ length: 3 }, (_, k) =>
    number(`spent ${k}`, (row) =>
      (city[row] as number) % 3 === k && random.next() < 0.6 ? 1 + random.integer(30) : -1,
    ),
  );
  const counts = Array.from({ length: 9 }, (_, k) =>
    number(`count ${k}`, () => (k === 2 && random.next() < 0.1 ? Number.NaN : random.integer(2 + 2 * k))),
  );
  const late = number('late', (row) => (row > 5500 && random.next() < 0.5 ? Number.NaN : Number(random.next() < 0.2)));
  const dense = [number('a', () => random.normal()), number('b', () => random.normal())];
  const levels = Array.from({ length: 12 }, (_, level) => `level ${level}`);
  const codes = Int32Array.from({ length: rows }, () => random.integer(13) - 1);
  const kind: Column = { kind: 'category', name: 'kind', codes, levels };
  const few: Column = {
    kind: 'category',
    name: 'few',
    codes: codes.map((code) => code % 3),
    levels: levels.slice(0, 3),
  };
  const labels = Int8Array.from({ length: rows }, (_, row) => {
    const at = (column: Column & { kind: 'number' }) => column.values[row] as number;
    const z = [5, 7, 30].includes(city[row] as number)
      ? 1.5
      : ((codes[row] as number) * 5) % 3 === 1
        ? 0.8
        : at(dense[0]!) - 1;
    const more =
      (at(counts[4]!) > 6 ? 0.9 : 0) + (at(amounts[1]!) > 10 ? 1 : 0) + (Number.isNaN(at(counts[2]!)) ? 1 : 0);
    return Number(random.next() < 1 / (1 + Math.exp(1 - z - more)));
  });
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return {
    features: createFrame([dense[0]!, ...oneHot, kind, late, ...amounts, ...counts, few, dense[1]!]),
    labels,
    train: all.slice(0, 5000),
    validation: all.slice(5000),
    seed: 2,
  };
}

const plans: Readonly<Record<string, Parameters>> = {
  'leaf by leaf': { num_leaves: 5, min_data_in_leaf: 5 },
  'leaf by leaf, with L1, bags and few features a tree': {
    num_leaves: 5,
    lambda_l1: 0.3,
    bagging_fraction: 0.6,
    bagging_freq: 1,
    feature_fraction: 0.5,
  },
  'many leaves': { num_leaves: 40, feature_fraction_bynode: 0.5 },
  constrained: { num_leaves: 5, monotone_constraints: 'count 4: 1, spent 1: -1', path_smooth: 2 },
  drawn: { num_leaves: 5, extra_trees: true },
  dart: { num_leaves: 5, boosting: 'dart', skip_drop: 0.2 },
  depthwise: { grow_policy: 'depthwise', max_depth: 2 },
  oblivious: { grow_policy: 'oblivious', max_depth: 2, max_cat_to_onehot: 20 },
};

test.each(Object.keys(plans))('sharing columns changes no byte of the model and no measure: %s', async (name) => {
  const parameters = { n_estimators: 8, early_stopping_round: 0, ...plans[name] };
  const given = input();
  const train = (kernels = createNodeKernels({ threads: 1 })) =>
    boostingEntry.train(given, parameters, { kernels, checkpoint: noCheckpoint });
  const planned = vi.spyOn(columns, 'planColumns');
  planned.mockImplementation((features) => columns.ownColumns(features.map(({ binCount }) => binCount)));
  const apart = await train();
  planned.mockRestore();
  for (const kernels of [1, 2].map((threads) => createNodeKernels({ threads }))) {
    const { model, rounds } = await train(kernels);
    expect(modelText(model)).toBe(modelText(apart.model));
    expect(rounds).toEqual(apart.rounds);
  }
  expect(modelText((await train(referenceKernels)).model)).toBe(modelText(apart.model));
});

test.each([0, 130])('a crew that falls to one member after run %i changes no byte either', async (from) => {
  const given = input();
  const parameters = { n_estimators: 30, early_stopping_round: 0, ...plans['leaf by leaf'] };
  const crews: Crew[] = [];
  const makeCrew = createCrewFactory({
    ...createNodeCrewHost(2),
    now: tickingClock((run) => (run >= from ? 10 : 0)),
  });
  const shrinking: Kernels = {
    ...createNodeKernels({ threads: 2 }),
    async createCrew(name, options) {
      const crew = await makeCrew(name, options);
      crews.push(crew);
      return crew;
    },
  };
  const train = (kernels: Kernels) => boostingEntry.train(given, parameters, { kernels, checkpoint: noCheckpoint });
  const alone = await train(createNodeKernels({ threads: 1 }));
  const shrunk = await train(shrinking);
  expect(crews.map(({ memberCount }) => memberCount)).toContain(1);
  expect(modelText(shrunk.model)).toBe(modelText(alone.model));
  expect(shrunk.rounds).toEqual(alone.rounds);
});
