import { expect, test } from 'vitest';
import { StudioError } from '../shared/errors.ts';
import { checkParameters, defaultParameters } from './parameter-check.ts';
import type { ParameterSchema } from './parameters.ts';

const schema: readonly ParameterSchema[] = [
  { name: 'num_leaves', type: 'integer', min: 2, max: 256, default: 31, help: 'Leaves per tree.' },
  { name: 'learning_rate', type: 'number', min: 0.001, max: 1, default: 0.1, help: 'Shrinkage.' },
  { name: 'penalty', type: 'choice', choices: ['l1', 'l2'], default: 'l2', help: 'Penalty.' },
  { name: 'balanced', type: 'boolean', default: true, help: 'Class weights.' },
  { name: 'layers', type: 'list', min: 1, max: 512, maxLength: 3, default: [128, 64], help: 'Widths.' },
];

function refusal(values: Record<string, unknown>): StudioError {
  try {
    checkParameters('boosting', schema, values);
  } catch (error) {
    if (error instanceof StudioError) return error;
  }
  throw new Error('was not refused');
}

test('what is not given takes its default', () => {
  expect(checkParameters('boosting', schema, {})).toEqual(defaultParameters(schema));
  expect(checkParameters('boosting', schema, { num_leaves: 63, layers: [8], penalty: undefined })).toEqual({
    num_leaves: 63,
    learning_rate: 0.1,
    penalty: 'l2',
    balanced: true,
    layers: [8],
  });
});

test('an unknown name is refused with the nearest one', () => {
  const error = refusal({ num_leafs: 3 });
  expect([error.code, error.where?.field, error.fix]).toEqual([
    'parameters.invalid',
    'boosting.num_leafs',
    'Did you mean num_leaves?',
  ]);
  expect(refusal({ colour: 1 }).fix).toBe('Choose one of: num_leaves, learning_rate, penalty, balanced, layers.');
  expect(refusal({ constructor: 1 }).where?.field).toBe('boosting.constructor');
});

test.each([
  [{ num_leaves: 2.5 }, 'num_leaves is 2.5; expected a whole number from 2 to 256.'],
  [{ num_leaves: '31' }, 'num_leaves is "31"; expected a whole number from 2 to 256.'],
  [{ learning_rate: 0 }, 'learning_rate is 0; expected a number from 0.001 to 1.'],
  [{ learning_rate: Number.NaN }, 'learning_rate is NaN; expected a number from 0.001 to 1.'],
  [{ penalty: 'l3' }, 'penalty is "l3"; expected one of l1, l2.'],
  [{ balanced: 1 }, 'balanced is 1; expected true or false.'],
  [{ layers: [] }, 'layers is []; expected 1 to 3 whole numbers from 1 to 512.'],
  [{ layers: [8, 0] }, 'layers is [8, 0]; expected 1 to 3 whole numbers from 1 to 512.'],
])('a value that does not fit is refused with what was expected', (values, sentence) => {
  const error = refusal(values);
  expect(error.message).toBe(sentence);
  expect(error.where?.field).toBe(`boosting.${Object.keys(values)[0]}`);
});
