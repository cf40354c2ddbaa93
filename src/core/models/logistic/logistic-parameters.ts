import type { ParameterSchema, Parameters } from '../parameters.ts';

/** Names and meanings as in scikit-learn's LogisticRegression, where it has them. */
export const logisticParameters: readonly ParameterSchema[] = [
  {
    name: 'C',
    type: 'number',
    min: 1e-8,
    max: 1e8,
    default: 1,
    open: true,
    help: 'Inverse strength of the penalty: smaller keeps coefficients closer to zero. Ignored while choose_C is on.',
  },
  {
    name: 'choose_C',
    type: 'boolean',
    default: true,
    open: true,
    help: 'Try values of C from strong to weak penalty and keep the one that does best on validation.',
  },
  {
    name: 'choose_by',
    type: 'choice',
    choices: ['log_loss', 'auc'],
    default: 'log_loss',
    help: 'What "best on validation" means: the log-loss, weighted as in training, or the AUC.',
  },
  {
    name: 'penalty',
    type: 'choice',
    choices: ['l2', 'l1', 'elasticnet', 'none'],
    default: 'l2',
    open: true,
    help: 'l2 shrinks all coefficients, l1 sets some to zero, elasticnet does both, none leaves them free.',
  },
  {
    name: 'l1_ratio',
    type: 'number',
    min: 0,
    max: 1,
    default: 0.5,
    help: 'Share of l1 in the elasticnet penalty: 0 is l2, 1 is l1.',
  },
  {
    name: 'class_weight',
    type: 'choice',
    choices: ['balanced', 'none', 'given'],
    default: 'balanced',
    open: true,
    help: 'balanced lets both classes weigh the same in training, however rare conversions are; given takes positive_weight.',
  },
  {
    name: 'positive_weight',
    type: 'number',
    min: 1e-6,
    max: 1e6,
    default: 1,
    help: 'With class_weight given: the weight of a conversion; other customers weigh 1.',
  },
  { name: 'max_iter', type: 'integer', min: 1, max: 10_000, default: 100, help: 'At most this many steps for each C.' },
  {
    name: 'tol',
    type: 'number',
    min: 1e-14,
    max: 0.1,
    default: 1e-6,
    help: "Converged when no component of the mean loss's gradient is larger than this.",
  },
];

/** The parameters by their types. */
export interface LogisticSettings {
  readonly c: number;
  readonly chooseC: boolean;
  readonly chooseBy: 'log_loss' | 'auc';
  readonly penalised: boolean;
  /** Share of l1 in the penalty. */
  readonly l1Ratio: number;
  readonly classWeight: 'balanced' | 'none' | 'given';
  /** Of a conversion, where class weights are given. */
  readonly positiveWeight: number;
  readonly maxSteps: number;
  readonly tolerance: number;
}

/** Reads parameters that have been checked against the schema. */
export function logisticSettings(parameters: Parameters): LogisticSettings {
  const ratios: Readonly<Record<string, number>> = {
    l2: 0,
    l1: 1,
    none: 0,
    elasticnet: parameters['l1_ratio'] as number,
  };
  const penalty = parameters['penalty'] as string;
  return {
    c: parameters['C'] as number,
    chooseC: parameters['choose_C'] as boolean,
    chooseBy: parameters['choose_by'] as 'log_loss' | 'auc',
    penalised: penalty !== 'none',
    l1Ratio: ratios[penalty] as number,
    classWeight: parameters['class_weight'] as LogisticSettings['classWeight'],
    positiveWeight: parameters['positive_weight'] as number,
    maxSteps: parameters['max_iter'] as number,
    tolerance: parameters['tol'] as number,
  };
}
