import { StudioError } from '../../shared/errors.ts';
import { checkParameters } from '../parameter-check.ts';
import type { ParameterSchema, Parameters } from '../parameters.ts';

/** LightGBM's names, meanings and ranges; defaults are LightGBM's except where a study needs another. */
export const boostingParameters = [
  number('learning_rate', 0.001, 1, 0.05, 'How much each tree counts; smaller needs more trees.', true),
  {
    name: 'grow_policy',
    type: 'choice',
    choices: ['leafwise', 'depthwise', 'oblivious'],
    default: 'leafwise',
    help: 'How trees grow: leaf by leaf as in LightGBM, level by level as in XGBoost, or one split per level as in CatBoost.',
    open: true,
  },
  integer('num_leaves', 2, 4096, 15, 'Most leaves of one tree; LightGBM itself starts with 31.', true),
  integer('n_estimators', 1, 20_000, 1000, 'Most trees; early stopping usually ends sooner.', true),
  integer(
    'early_stopping_round',
    0,
    10_000,
    50,
    'Stop when the validation metric has not improved for so many trees; 0 never stops.',
    true,
  ),
  {
    name: 'metric',
    type: 'choice',
    choices: ['auc', 'average_precision', 'weighted_binary_logloss', 'binary_logloss'],
    default: 'auc',
    help: 'What early stopping watches on validation; the weighted log-loss balances classes as training does.',
    open: true,
  },
  integer(
    'min_data_in_leaf',
    0,
    1_000_000,
    20,
    'Fewest rows in a leaf (estimated from hessians, as LightGBM does).',
    true,
  ),
  {
    name: 'is_unbalance',
    type: 'boolean',
    default: true,
    help: 'Weigh the rarer class up to the commoner one.',
    open: true,
  },
  number('scale_pos_weight', 1e-6, 1e6, 1, 'Weight of positive rows; not together with is_unbalance.'),
  integer('max_depth', -1, 1000, -1, 'Deepest level of a tree; -1 is no limit.'),
  number('min_sum_hessian_in_leaf', 0, 1e6, 1e-3, 'Least sum of hessians in a leaf.'),
  number('lambda_l1', 0, 1e6, 0, 'L1 regularisation of leaf values.'),
  number('lambda_l2', 0, 1e6, 0, 'L2 regularisation of leaf values.'),
  number('min_gain_to_split', 0, 1e6, 0, 'Least gain of a split.'),
  integer('max_bin', 2, 255, 255, 'Most bins of a feature.'),
  integer('min_data_in_bin', 1, 1_000_000, 3, 'Fewest rows in a bin.'),
  number('feature_fraction', 0.01, 1, 1, 'Share of the features each tree may use.'),
  number('bagging_fraction', 0.01, 1, 1, 'Share of the rows each bag holds; needs bagging_freq.'),
  integer('bagging_freq', 0, 10_000, 0, 'Draw a new bag every so many trees; 0 uses all rows.'),
  {
    name: 'boost_from_average',
    type: 'boolean',
    // LightGBM starts from the unweighted rate even when it balances: few trees then leave every score low.
    default: false,
    help: 'Start from the log-odds of the conversion rate; without, from 0, where balanced scores are centred.',
  },
  number('cat_l2', 0, 1e6, 10, 'L2 regularisation of categorical splits.'),
  number('cat_smooth', 0, 1e6, 10, 'Smooths the order of levels; levels with fewer rows are left out of a split.'),
  integer('max_cat_threshold', 1, 254, 32, 'Most levels on the left of a categorical split.'),
  integer('max_cat_to_onehot', 1, 255, 4, 'Up to so many levels (missing counts) are split one against the rest.'),
  integer('min_data_per_group', 1, 1_000_000, 100, 'Fewest rows per group of levels.'),
] as const satisfies readonly ParameterSchema[];

/** The parameters with their types, checked. */
export type BoostingParameters = {
  readonly [P in (typeof boostingParameters)[number] as P['name']]: P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'choice'; choices: readonly (infer C)[] }
      ? C
      : number;
};

/** Fills in defaults and refuses what is unknown, out of range or contradictory: `parameters.invalid`. */
export function checkBoostingParameters(values: Parameters): BoostingParameters {
  const checked = checkParameters('boosting', boostingParameters, values) as BoostingParameters;
  if (checked.is_unbalance && checked.scale_pos_weight !== 1) {
    throw new StudioError('parameters.invalid', 'is_unbalance and scale_pos_weight are both set.', {
      where: { field: 'boosting.scale_pos_weight' },
      fix: 'Set is_unbalance to false, or leave scale_pos_weight at 1.',
    });
  }
  return checked;
}

function number<N extends string>(name: N, min: number, max: number, value: number, help: string, open = false) {
  return { name, type: 'number', min, max, default: value, help, open } as const;
}

function integer<N extends string>(name: N, min: number, max: number, value: number, help: string, open = false) {
  return { name, type: 'integer', min, max, default: value, help, open } as const;
}
