import { StudioError } from '../../shared/errors.ts';
import type { ModelEntry } from '../model.ts';
import { neuralParameters } from './neural-parameters.ts';
import type { NeuralModel } from './neural-model.ts';

/** The neural network's line in the catalogue. */
export const neuralEntry: ModelEntry<NeuralModel> = {
  kind: 'neural',
  label: 'Neural network',
  parameters: neuralParameters,
  train: () => Promise.reject(notYet()),
  rawScores: () => {
    throw notYet();
  },
  importance: () => {
    throw notYet();
  },
  write: () => {
    throw notYet();
  },
  read: () => {
    throw notYet();
  },
};

function notYet(): StudioError {
  return new StudioError('model.not-trained', 'The network is not built yet.');
}
