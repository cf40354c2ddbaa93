import type { ModelEntry } from '../model.ts';
import { logisticImportance } from './importance.ts';
import { linearScores } from './linear-scores.ts';
import { readLogistic, writeLogistic } from './logistic-file.ts';
import type { LogisticModel } from './logistic-model.ts';
import { logisticParameters } from './logistic-parameters.ts';
import { trainLogistic } from './train-logistic.ts';

/** Logistic regression on standardised numbers and one-hot categories; the intercept is never penalised. */
export const logisticEntry: ModelEntry<LogisticModel> = {
  kind: 'logistic',
  label: 'Logistic regression',
  parameters: logisticParameters,
  train: trainLogistic,
  rawScores: ({ encoding, intercept, coefficients }, features) =>
    linearScores(encoding, intercept, coefficients, features),
  importance: logisticImportance,
  write: writeLogistic,
  read: readLogistic,
};
