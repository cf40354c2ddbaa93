import { expect, test } from 'vitest';
import { boostingParameters } from '../../core/models/boosting/boosting-parameters.ts';
import { logisticParameters } from '../../core/models/logistic/logistic-parameters.ts';
import { neuralParameters } from '../../core/models/neural/neural-parameters.ts';
import { defaultParameters } from '../../core/models/parameter-check.ts';
import { type ConfiguredModel, readModelConfig, writeModelConfig } from './yaml.ts';

const models: readonly ConfiguredModel[] = [
  { kind: 'logistic', label: 'Logistic regression', parameters: logisticParameters },
  { kind: 'boosting', label: 'Gradient boosting', parameters: boostingParameters },
  { kind: 'neural', label: 'Neural network', parameters: neuralParameters },
];
const defaults = Object.fromEntries(models.map(({ kind, parameters }) => [kind, defaultParameters(parameters)]));

test('the default config in the product is the one the declared parameters give (-u writes it anew)', async () => {
  await expect(writeModelConfig(models)).toMatchFileSnapshot('../../../public/config/model.yaml');
});

test('the default config, an empty one and a missing section give the defaults', () => {
  expect(readModelConfig(writeModelConfig(models), models)).toEqual(defaults);
  expect(readModelConfig('', models)).toEqual(defaults);
  expect(readModelConfig('# nothing here\nboosting:\n', models)).toEqual(defaults);
});

test('chosen values replace the defaults and survive writing', () => {
  const config = readModelConfig('boosting:\n  num_leaves: 63\nneural:\n  layers: [8, 4]\n', models);
  expect(config).toEqual({
    ...defaults,
    boosting: { ...defaults.boosting, num_leaves: 63 },
    neural: { ...defaults.neural, layers: [8, 4] },
  });
  expect(readModelConfig(writeModelConfig(models, config), models)).toEqual(config);
});

test.each([
  ['a misspelt key', 'boosting:\n  num_leaves: 31\n  learing_rate: 0.1\n', 3, /learning_rate/],
  ['an unknown model', 'logistic:\n  C: 1\nxgboost:\n  depth: 3\n', 3, /logistic, boosting, neural/],
  ['a key twice', 'boosting:\n  num_leaves: 31\n  num_leaves: 63\n', 3, /./],
  ['a value out of range', 'boosting:\n\n  learning_rate: 7\n', 3, /0\.001 to 1/],
  ['not a number', 'boosting:\n  learning_rate: .nan\n', 2, /./],
  ['infinity', 'boosting:\n  learning_rate: .inf\n', 2, /./],
  ['a number as text', 'boosting:\n  learning_rate: "0.1"\n', 2, /number/],
  ['a key without a value', 'boosting:\n  learning_rate:\n', 2, /number/],
  ['a map where a value belongs', 'boosting:\n  learning_rate: {a: 1}\n', 2, /./],
  ['an anchor and its alias', 'boosting:\n  num_leaves: &a 3\n  max_depth: *a\n', 3, /./],
  ['__proto__', 'boosting:\n  __proto__: 1\n', 2, /./],
  ['constructor', 'boosting:\n  constructor: 1\n', 2, /./],
  ['a tab for indentation', 'boosting:\n\tlearning_rate: 0.1\n', 2, /./],
  ['an unclosed list', 'neural:\n  layers: [8, 4\n', 3, /./],
  ['a list at the top', '- boosting\n', 1, /./],
  ['a foreign tag', 'boosting:\n  num_leaves: !!js/function 3\n', 2, /./],
  ['deep nesting', '['.repeat(20_000), 1, /./],
  ['a very long file', '#'.repeat(70_000), 1, /./],
])('%s is refused at its line', (_, text, row, words) => {
  let error: unknown;
  try {
    readModelConfig(text, models);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'parameters.invalid', where: { row } });
  const { message, fix } = error as { message: string; fix: string };
  expect(`${message} ${fix}`).toMatch(words);
  expect(message).toMatch(new RegExp(`^Line ${row}:`));
});
