import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { modelText } from '../../../testing/boosting-sample.ts';
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { referenceKernels } from '../../kernels/kernels.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createRandom } from '../../shared/random.ts';
import type { TrainingContext, TrainingInput, TrainingState } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { boostingEntry } from './boosting.ts';

const rows = 4400;
const trained = 4000;

/** Wide and narrow numbers, with missing values, in validation alone too, and categories of few and of 700 levels. */
function makeInput(wideNumbers: number, narrow: number): TrainingInput {
  const random = createRandom(6);
  const number = (name: string, of: (row: number) => number): Column & { kind: 'number' } => ({
    kind: 'number',
    name,
    values: Float64Array.from({ length: rows }, (_, row) => of(row)),
  });
  const category = (name: string, count: number): Column & { kind: 'category' } => ({
    kind: 'category',
    name,
    codes: Int32Array.from({ length: rows }, () => random.integer(count + 1) - 1),
    levels: Array.from({ length: count }, (_, level) => `level ${level}`),
  });
  const wide = Array.from({ length: wideNumbers }, (_, k) =>
    number(`wide ${k}`, (row) =>
      (k % 3 === 1 && random.next() < 0.1) || (k === 0 && row >= trained && random.next() < 0.3)
        ? Number.NaN
        : random.normal(),
    ),
  );
  const others = Array.from({ length: narrow }, (_, k) => number(`narrow ${k}`, () => random.integer(2 + 9 * k)));
  const shop = category('shop', 700);
  const plan = category('plan', 6);
  const labels = Int8Array.from({ length: rows }, (_, row) => {
    const at = (k: number) => wide[k]?.values[row] ?? 0;
    const z = (at(0) > 0.9 ? 1 : 0) + (Number.isNaN(at(1)) ? 1 : at(1) / 2) + ((shop.codes[row] as number) % 3) / 2;
    return Number(random.next() < 1 / (1 + Math.exp(1.5 - z)));
  });
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const columns = [...wide.slice(0, 3), ...others, shop, ...wide.slice(3), ...(narrow > 0 ? [plan] : [])];
  return {
    features: createFrame(columns),
    labels,
    train: all.slice(0, trained),
    validation: all.slice(trained),
    seed: 3,
  };
}

const usual = { n_estimators: 3, max_depth: 3, early_stopping_round: 0, max_bin: 65_535, min_data_in_bin: 1 };
const groups = { cat_smooth: 1, min_data_per_group: 5, max_cat_threshold: 200 };

function train(input: TrainingInput, own: Parameters, context: Partial<TrainingContext> = {}) {
  const parameters = { ...usual, ...own };
  const host = { kernels: createNodeKernels({ threads: 1 }), checkpoint: noCheckpoint, ...context };
  return boostingEntry.train(input, parameters, host);
}

const plans: Readonly<Record<string, Parameters>> = {
  'leaf by leaf': groups,
  'at most 1,000 bins, bags and few features a tree': {
    max_bin: 1000,
    bagging_fraction: 0.6,
    bagging_freq: 1,
    feature_fraction: 0.6,
    ...groups,
  },
  'one level against the rest, L1': { max_cat_to_onehot: 1000, lambda_l1: 0.3, feature_fraction_bynode: 0.3 },
  constrained: { max_bin: 400, monotone_constraints: 'wide 0: 1, wide 1: 1', path_smooth: 2, ...groups },
  'drawn, goss': { max_bin: 400, extra_trees: true, data_sample_strategy: 'goss', learning_rate: 0.8 },
  dart: { max_bin: 400, boosting: 'dart', skip_drop: 0, drop_rate: 0.5 },
  oblivious: {
    grow_policy: 'oblivious',
    max_bin: 400,
    bagging_fraction: 0.7,
    bagging_freq: 1,
    max_cat_to_onehot: 1000,
  },
};
const input = makeInput(4, 45);

test.each(Object.keys(plans))(
  'columns of more than 256 bins leave the same bytes with 1, 2 and 4 threads and in the TypeScript twin: %s',
  async (name) => {
    const own = plans[name] as Parameters;
    const { model, rounds, backend } = await train(input, own, { kernels: createNodeKernels({ threads: 4 }) });
    expect(backend).toContain('4');
    for (const kernels of [1, 2].map((threads) => createNodeKernels({ threads }))) {
      const other = await train(input, own, { kernels });
      expect(modelText(other.model)).toBe(modelText(model));
      expect(other.rounds).toEqual(rounds);
    }
    expect(modelText((await train(input, own, { kernels: referenceKernels })).model)).toBe(modelText(model));
    expect(model.trees.some(({ splitFeature }) => splitFeature.includes(0) || splitFeature.includes(1))).toBe(true);
  },
);

test('rows of validation end in the leaves that the model sends them to, missing where training saw none too', async () => {
  for (const own of [groups, { max_cat_to_onehot: 1000 }]) {
    const { model, rounds } = await train(input, { n_estimators: 10, ...own });
    const scores = boostingEntry.rawScores(model, input.features);
    let loss = 0;
    for (const row of input.validation) {
      const score = scores[row] as number;
      loss += Math.log(1 + Math.exp(input.labels[row] === 1 ? -score : score));
    }
    expect(rounds.at(-1)?.validation['binary_logloss']).toBeCloseTo(loss / input.validation.length, 8);
  }
});

test('a table of wide columns alone is trained like any other', async () => {
  const alone = makeInput(9, 0);
  const { model } = await train(alone, groups);
  for (const kernels of [createNodeKernels({ threads: 2 }), referenceKernels]) {
    expect(modelText((await train(alone, groups, { kernels })).model)).toBe(modelText(model));
  }
});

test.each([{}, { boosting: 'dart', skip_drop: 0.2 }, { data_sample_strategy: 'goss', learning_rate: 0.5 }])(
  'a training on wide columns is resumed and continued to the same bytes: %o',
  async (own) => {
    const states: TrainingState[] = [];
    const whole = await train(input, { ...groups, ...own }, { onState: (save) => states.push(save()) });
    const resumeFrom = structuredClone(states[1] as TrainingState);
    const resumed = await train(input, { ...groups, ...own }, { resumeFrom });
    expect(modelText(resumed.model)).toBe(modelText(whole.model));
    expect(resumed.rounds).toEqual(whole.rounds);
  },
);

test('going on from a model on wide columns is going on with its training', async () => {
  const treesOf = (text: string) => text.split('\nparameters')[0];
  const { model } = await train(input, groups);
  const whole = await train(input, { ...groups, n_estimators: 5 });
  const continued = await train({ ...input, initialModel: model }, { ...groups, n_estimators: 2 });
  expect(treesOf(modelText(continued.model))).toBe(treesOf(modelText(whole.model)));
});
