import { checkParameters } from '../parameter-check.ts';
import type { ParameterSchema, Parameters } from '../parameters.ts';
import type { NetworkSettings } from '../../kernels/dense-training.ts';
import type { ValidationMetric } from './validation-score.ts';

/** Names as in scikit-learn's MLPClassifier and Keras, where they have one. */
export const neuralParameters: readonly ParameterSchema[] = [
  {
    name: 'layers',
    type: 'list',
    min: 1,
    max: 512,
    maxLength: 6,
    default: [128, 64, 32],
    open: true,
    help: 'Units of each hidden layer, first to last.',
  },
  {
    name: 'dropout',
    type: 'number',
    min: 0,
    max: 0.9,
    default: 0.2,
    open: true,
    help: 'Share of hidden units silenced at random in each training step; more guards against overfitting.',
  },
  {
    name: 'learning_rate',
    type: 'number',
    min: 1e-6,
    max: 1,
    default: 0.003,
    open: true,
    help: 'Step size of the Adam optimiser in the first epoch.',
  },
  {
    name: 'epochs',
    type: 'integer',
    min: 1,
    max: 1000,
    default: 50,
    open: true,
    help: 'Passes over the training customers at most; early stopping usually ends sooner.',
  },
  {
    name: 'class_weight',
    type: 'choice',
    choices: ['balanced', 'none'],
    default: 'balanced',
    open: true,
    help: 'balanced gives converters and others the same total weight; none leaves each customer at 1.',
  },
  {
    name: 'batch_size',
    type: 'integer',
    min: 8,
    max: 4096,
    default: 256,
    help: 'Customers per training step at most; an epoch is cut into equal batches.',
  },
  {
    name: 'learning_rate_decay',
    type: 'number',
    min: 0.1,
    max: 1,
    default: 0.95,
    help: 'The learning rate is multiplied by this after every epoch; 1 keeps it constant.',
  },
  {
    name: 'patience',
    type: 'integer',
    min: 0,
    max: 1000,
    default: 8,
    help: 'Epochs without a better validation score before training stops; 0 never stops early. The best weights are kept.',
  },
  {
    name: 'metric',
    type: 'choice',
    choices: ['auc', 'average_precision'],
    default: 'auc',
    help: 'Validation score that early stopping watches.',
  },
  {
    name: 'weight_decay',
    type: 'number',
    min: 0,
    max: 1,
    default: 0.01,
    help: 'Pull of the weights towards zero per unit of learning rate (AdamW).',
  },
  {
    name: 'batch_normalization',
    type: 'boolean',
    default: true,
    help: 'Standardise what each hidden layer receives within a batch; trains faster and steadier.',
  },
  {
    name: 'clip',
    type: 'number',
    min: 0,
    max: 1000,
    default: 5,
    help: 'Inputs are cut at this many training standard deviations so that a few extreme values do not rule; 0 does not cut.',
  },
];

/** The chosen values under the names of the code. */
export interface NeuralSettings extends Omit<NetworkSettings, 'seed'> {
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly epochs: number;
  readonly patience: number;
  readonly metric: ValidationMetric;
  readonly balanced: boolean;
  readonly clip: number;
}

/** Reads the parameters, defaults filled in; throws `parameters.invalid` for one that is unknown or out of range. */
export function readNeuralSettings(parameters: Parameters): NeuralSettings {
  const values = checkParameters('neural', neuralParameters, parameters);
  const number = (name: string) => values[name] as number;
  return {
    hidden: values.layers as readonly number[],
    batchNorm: values.batch_normalization as boolean,
    dropout: number('dropout'),
    batchSize: number('batch_size'),
    weightDecay: number('weight_decay'),
    learningRate: number('learning_rate'),
    learningRateDecay: number('learning_rate_decay'),
    epochs: number('epochs'),
    patience: number('patience'),
    metric: values.metric as ValidationMetric,
    balanced: values.class_weight === 'balanced',
    clip: number('clip'),
  };
}
