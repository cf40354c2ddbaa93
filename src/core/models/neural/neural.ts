import type { ModelEntry } from '../model.ts';
import { readNeural, writeNeural } from './neural-files.ts';
import type { NeuralModel } from './neural-model.ts';
import { neuralParameters } from './neural-parameters.ts';
import { scoreNeural } from './score-neural.ts';
import { featureSensitivity } from './sensitivity.ts';
import { trainNeural } from './train-neural.ts';

/** The neural network's line in the catalogue. */
export const neuralEntry: ModelEntry<NeuralModel> = {
  kind: 'neural',
  label: 'Neural network',
  parameters: neuralParameters,
  train: trainNeural,
  rawScores: scoreNeural,
  importance: featureSensitivity,
  write: writeNeural,
  read: readNeural,
};
