import { StudioError } from '../../shared/errors.ts';
import type { ParameterSchema, Parameters, ParameterValue } from '../parameters.ts';
import type { NetworkSettings } from './gpu.ts';

/** Names as in scikit-learn's MLPClassifier and Keras, where they have one. */
export const neuralParameters: readonly ParameterSchema[] = [
  {
    name: 'layers',
    type: 'list',
    min: 1,
    max: 1024,
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
    default: 0.001,
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
    max: 8192,
    default: 256,
    help: 'Customers per training step at most; an epoch is cut into equal batches.',
  },
  {
    name: 'learning_rate_decay',
    type: 'number',
    min: 0.1,
    max: 1,
    default: 0.9,
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

/** The chosen values with defaults filled in; what the network's own rules need beyond the schema is checked here. */
export interface NeuralSettings extends Omit<NetworkSettings, 'seed'> {
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly epochs: number;
  readonly patience: number;
  readonly metric: 'auc' | 'average_precision';
  readonly balanced: boolean;
  readonly clip: number;
}

/** Reads the parameters by name, or `parameters.invalid` naming the first that is out of range. */
export function readNeuralSettings(parameters: Parameters): NeuralSettings {
  const values = new Map(neuralParameters.map((schema) => [schema.name, checked(schema, parameters[schema.name])]));
  const number = (name: string) => values.get(name) as number;
  return {
    hidden: values.get('layers') as readonly number[],
    batchNorm: values.get('batch_normalization') as boolean,
    dropout: number('dropout'),
    batchSize: number('batch_size'),
    weightDecay: number('weight_decay'),
    learningRate: number('learning_rate'),
    learningRateDecay: number('learning_rate_decay'),
    epochs: number('epochs'),
    patience: number('patience'),
    metric: values.get('metric') as 'auc' | 'average_precision',
    balanced: values.get('class_weight') === 'balanced',
    clip: number('clip'),
  };
}

function checked(schema: ParameterSchema, value: ParameterValue | undefined): ParameterValue {
  const chosen = value ?? schema.default;
  if (fits(schema, chosen)) return chosen;
  throw new StudioError('parameters.invalid', `${schema.name} is ${JSON.stringify(chosen)}. ${schema.help}`, {
    where: { field: `neural.${schema.name}` },
    fix: schema.type === 'choice' ? `Choose one of: ${schema.choices.join(', ')}.` : rangeOf(schema),
  });
}

function fits(schema: ParameterSchema, value: ParameterValue): boolean {
  switch (schema.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && schema.choices.includes(value);
    case 'list':
      return (
        Array.isArray(value) &&
        value.length >= 1 &&
        value.length <= schema.maxLength &&
        value.every((each) => Number.isInteger(each) && each >= schema.min && each <= schema.max)
      );
    default:
      return (
        typeof value === 'number' &&
        value >= schema.min &&
        value <= schema.max &&
        (schema.type === 'number' || Number.isInteger(value))
      );
  }
}

function rangeOf(schema: ParameterSchema): string {
  if (schema.type === 'boolean') return 'Give true or false.';
  if (schema.type === 'list')
    return `Give 1 to ${schema.maxLength} whole numbers from ${schema.min} to ${schema.max}.`;
  if (schema.type === 'choice') return '';
  return `Give a ${schema.type === 'integer' ? 'whole number' : 'number'} from ${schema.min} to ${schema.max}.`;
}
