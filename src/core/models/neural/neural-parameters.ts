import type { NetworkSettings } from '../../kernels/dense-training.ts';
import type { EncodingOptions } from '../encoding.ts';
import { checkParameters } from '../parameter-check.ts';
import type { NumberParameter, ParameterSchema, Parameters } from '../parameters.ts';
import type { ScheduleSettings } from './learning-rate.ts';
import type { ValidationMetric } from './validation-score.ts';

/** Names as in Keras, PyTorch and scikit-learn's MLPClassifier, where they have one. */
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
  choice(
    'activation',
    ['relu', 'gelu', 'silu'],
    'What follows each hidden layer: ReLU, or the smooth GELU or SiLU.',
    true,
  ),
  number(
    'dropout',
    0,
    0.9,
    0.2,
    'Share of hidden units silenced at random in each step; more guards against overfitting.',
    true,
  ),
  number('learning_rate', 1e-6, 1, 0.003, 'Step size of the Adam optimiser in the first epoch.', true),
  integer(
    'epochs',
    1,
    1000,
    50,
    'Passes over the training customers at most; early stopping usually ends sooner.',
    true,
  ),
  choice(
    'class_weight',
    ['balanced', 'none', 'given'],
    'balanced gives converters and others the same total weight; none leaves each customer at 1; given takes positive_weight.',
    true,
  ),
  number(
    'positive_weight',
    1e-6,
    1e6,
    1,
    'With class_weight given: the weight of a conversion; other customers weigh 1.',
  ),
  integer('batch_size', 8, 4096, 256, 'Customers per training step at most; an epoch is cut into equal batches.'),
  choice(
    'schedule',
    ['exponential', 'constant', 'cosine', 'plateau'],
    'How the learning rate falls: by a factor per epoch, not at all, along a half cosine over all epochs, or when validation stalls.',
  ),
  number(
    'learning_rate_decay',
    0.1,
    1,
    0.95,
    'exponential: the learning rate is multiplied by this after every epoch.',
  ),
  number('plateau_factor', 0.01, 0.99, 0.5, 'plateau: what the learning rate is multiplied by.'),
  integer('plateau_patience', 0, 100, 2, 'plateau: epochs without a better validation score that are still borne.'),
  integer(
    'patience',
    0,
    1000,
    8,
    'Epochs without a better validation score before training stops; 0 never stops early. The best weights are kept.',
  ),
  choice('metric', ['auc', 'average_precision'], 'Validation score that early stopping watches.'),
  choice('optimizer', ['adamw', 'adam'], 'AdamW applies weight_decay beside the gradient, Adam within it.'),
  number('weight_decay', 0, 1, 0.01, 'Pull of the weights towards zero.'),
  number(
    'global_clipnorm',
    0,
    1e6,
    0,
    'Gradients of a step are scaled down to at most this norm together; 0 does not.',
  ),
  choice(
    'loss',
    ['binary_crossentropy', 'binary_focal_crossentropy'],
    'Log-loss, or focal loss, which cares less for customers already judged well.',
  ),
  number('focal_gamma', 0, 10, 2, 'Focal loss: how strongly it turns to the hard customers; 0 is log-loss.'),
  number('label_smoothing', 0, 0.5, 0, 'Labels are moved this far towards one half, against overconfidence.'),
  {
    name: 'batch_normalization',
    type: 'boolean',
    default: true,
    help: 'Standardise what each hidden layer receives within a batch; trains faster and steadier.',
  },
  choice(
    'scaling',
    ['standard', 'quantile'],
    'Numbers are standardised as they are, or made normally distributed first.',
  ),
  {
    name: 'missing_indicators',
    type: 'boolean',
    default: true,
    help: 'Tell the network where a number is missing; without, a missing number looks like the mean.',
  },
  number(
    'clip',
    0,
    1000,
    5,
    'Inputs are cut at this many training standard deviations so that a few extreme values do not rule; 0 hardly cuts.',
  ),
  choice(
    'categorical_encoding',
    ['one_hot', 'embedding'],
    'Categories as one input per level, or as learned vectors, which suit many levels.',
  ),
  integer('embedding_dim', 0, 64, 0, 'Length of the learned vectors; 0 lets it grow with the number of levels.'),
  integer('ensemble_size', 1, 10, 1, 'Networks trained from different seeds, whose raw scores are averaged.'),
  choice(
    'backend',
    ['auto', 'wasm', 'webgpu'],
    'auto times a few steps on the graphics card, if there is one, and on the processor, and takes the faster.',
  ),
];

function choice(name: string, choices: readonly [string, ...string[]], help: string, open?: boolean): ParameterSchema {
  return { name, type: 'choice', choices, default: choices[0], help, ...(open ? { open } : {}) };
}

function number(name: string, min: number, max: number, value: number, help: string, open?: boolean): NumberParameter {
  return { name, type: 'number', min, max, default: value, help, ...(open ? { open } : {}) };
}

function integer(...given: [string, number, number, number, string, boolean?]): NumberParameter {
  return { ...number(...given), type: 'integer' };
}

/** Where the network may train. */
export type BackendChoice = 'auto' | 'wasm' | 'webgpu';

/** The chosen values under the names of the code. */
export interface NeuralSettings extends Omit<NetworkSettings, 'seed'>, ScheduleSettings {
  readonly hidden: readonly number[];
  readonly batchNorm: boolean;
  readonly patience: number;
  readonly metric: ValidationMetric;
  readonly classWeight: 'balanced' | 'none' | 'given';
  readonly positiveWeight: number;
  readonly clip: number;
  readonly encoding: EncodingOptions;
  readonly embeds: boolean;
  readonly embeddingDimension: number;
  readonly ensembleSize: number;
  readonly backend: BackendChoice;
}

/** Reads the parameters, defaults filled in; throws `parameters.invalid` for one that is unknown or out of range. */
export function readNeuralSettings(parameters: Parameters): NeuralSettings {
  const values = checkParameters('neural', neuralParameters, parameters);
  const value = <T>(name: string) => values[name] as T;
  return {
    hidden: value('layers'),
    activation: value('activation'),
    batchNorm: value('batch_normalization'),
    dropout: value('dropout'),
    batchSize: value('batch_size'),
    optimizer: value('optimizer'),
    weightDecay: value('weight_decay'),
    clipNorm: value('global_clipnorm'),
    focalGamma: values['loss'] === 'binary_crossentropy' ? 0 : value('focal_gamma'),
    labelSmoothing: value('label_smoothing'),
    schedule: value('schedule'),
    learningRate: value('learning_rate'),
    learningRateDecay: value('learning_rate_decay'),
    plateauFactor: value('plateau_factor'),
    plateauPatience: value('plateau_patience'),
    epochs: value('epochs'),
    patience: value('patience'),
    metric: value('metric'),
    classWeight: value('class_weight'),
    positiveWeight: value('positive_weight'),
    clip: value('clip'),
    encoding: { scaling: value('scaling'), missingIndicators: value('missing_indicators') },
    embeds: values['categorical_encoding'] === 'embedding',
    embeddingDimension: value('embedding_dim'),
    ensembleSize: value('ensemble_size'),
    backend: value('backend'),
  };
}
