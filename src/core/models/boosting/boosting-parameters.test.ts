import { expect, test } from 'vitest';
import { StudioError } from '../../shared/errors.ts';
import { boostingParameters, checkBoostingParameters } from './boosting-parameters.ts';
import { lightgbmAliases, refusedLightgbmParameters } from './lightgbm-names.ts';

function refusal(values: Parameters<typeof checkBoostingParameters>[0]): StudioError {
  try {
    checkBoostingParameters(values);
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

test("settings in LightGBM's other names are taken", () => {
  const chosen = checkBoostingParameters({
    num_iterations: 7,
    eta: 0.2,
    reg_lambda: 3,
    subsample: 0.5,
    subsample_freq: 1,
  });
  expect(chosen).toMatchObject({
    n_estimators: 7,
    learning_rate: 0.2,
    lambda_l2: 3,
    bagging_fraction: 0.5,
    bagging_freq: 1,
  });
  expect(checkBoostingParameters({ boosting_type: 'goss' })).toMatchObject({
    boosting: 'gbdt',
    data_sample_strategy: 'goss',
  });
  expect(refusal({ eta: 0.2, learning_rate: 0.1 }).message).toBe('learning_rate is given twice, under two names.');
});

test('every alias leads to a parameter, and no name is both taken and refused', () => {
  const own = new Set<string>(boostingParameters.map(({ name }) => name));
  const others = Object.values(lightgbmAliases).flat();
  expect(Object.keys(lightgbmAliases).filter((name) => !own.has(name))).toEqual([]);
  expect(new Set(others).size).toBe(others.length);
  for (const name of [...own, ...others]) expect(Object.hasOwn(refusedLightgbmParameters, name)).toBe(false);
  for (const name of others) expect(own.has(name)).toBe(false);
});

test.each([
  'linear_tree',
  'cegb_tradeoff',
  'forcedsplits_filename',
  'use_quantized_grad',
  'monotone_penalty',
  'num_threads',
])('%s is refused by name, with what to do instead', (name) => {
  const error = refusal({ [name]: 1 });
  expect([error.code, error.message, error.where?.field]).toEqual([
    'parameters.invalid',
    `boosting does not support ${name}.`,
    `boosting.${name}`,
  ]);
  expect(error.fix).toMatch(/^Leave it out: .+\.$/);
});

test.each([
  [{ is_unbalance: true, scale_pos_weight: 2 }, 'scale_pos_weight'],
  [{ objective: 'cross_entropy' }, 'objective'],
  [{ boosting: 'goss', bagging_freq: 1, bagging_fraction: 0.5 }, 'data_sample_strategy'],
  [{ boosting: 'goss', top_rate: 0.7, other_rate: 0.4 }, 'top_rate'],
  [{ boosting: 'goss', other_rate: 0 }, 'top_rate'],
  [{ boosting: 'rf' }, 'boosting'],
  [{ boosting: 'rf', bagging_fraction: 0.5 }, 'boosting'],
  [{ path_smooth: 1, min_data_in_leaf: 1 }, 'path_smooth'],
  [{ zero_as_missing: true, use_missing: false }, 'zero_as_missing'],
])('what cannot be meant together is refused: %o', (values, field) => {
  const error = refusal(values);
  expect(error.code).toBe('parameters.invalid');
  expect(error.where?.field).toBe(`boosting.${field}`);
  expect(error.fix).toBeTruthy();
});
