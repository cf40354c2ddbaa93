import { StudioError } from '../../shared/errors.ts';
import { checkParameters, schemaFor } from '../parameter-check.ts';
import type { ParameterSchema, Parameters } from '../parameters.ts';
import { type GrowPolicy, growers } from './growers/catalogue.ts';

/** LightGBM's names, meanings and ranges; defaults are LightGBM's except where a study needs another. */
export const boostingParameters = [
  number('learning_rate', 0.001, 1, 0.05, 'How much each tree counts; smaller needs more trees.', true),
  {
    name: 'grow_policy',
    type: 'choice',
    choices: ['leafwise', 'depthwise', 'oblivious'],
    default: 'leafwise',
    help: 'How trees grow: leaf by leaf as in LightGBM (num_leaves), or to max_depth, level by level as in XGBoost or with one split a level as in CatBoost.',
    open: true,
  },
  byGrower(integer('num_leaves', 2, 4096, 15, 'Most leaves of one tree; LightGBM itself starts with 31.', true), {
    depthwise: 4096,
    oblivious: 4096,
  }),
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
    choices: ['auc', 'average_precision', 'weighted_binary_logloss', 'binary_logloss', 'binary_error'],
    default: 'auc',
    help: 'What early stopping watches on validation; the weighted log-loss balances classes as training does.',
    open: true,
  },
  byGrower(
    integer(
      'min_data_in_leaf',
      0,
      1_000_000,
      20,
      'Fewest rows in a leaf (estimated from hessians, as LightGBM does).',
      true,
    ),
    { depthwise: 0, oblivious: 0 },
  ),
  {
    name: 'is_unbalance',
    type: 'boolean',
    default: true,
    help: 'Weigh the rarer class up to the commoner one.',
    open: true,
  },
  number('scale_pos_weight', 1e-6, 1e6, 1, 'Weight of positive rows; not together with is_unbalance.'),
  byGrower(integer('max_depth', -1, 1000, -1, 'Deepest level of a tree; -1 is no limit.'), {
    depthwise: 6,
    oblivious: 6,
  }),
  byGrower(
    number('min_sum_hessian_in_leaf', 0, 1e6, 1e-3, 'Least sum of hessians in a leaf (min_child_weight in XGBoost).'),
    { depthwise: 1, oblivious: 0 },
  ),
  number('lambda_l1', 0, 1e6, 0, 'L1 regularisation of leaf values.'),
  byGrower(number('lambda_l2', 0, 1e6, 0, 'L2 regularisation of leaf values.'), { depthwise: 1, oblivious: 3 }),
  number('min_gain_to_split', 0, 1e6, 0, 'Least gain of a split.'),
  integer('max_bin', 2, 65_535, 255, 'Most bins of a feature; beyond 255 they take twice the memory.'),
  integer('min_data_in_bin', 1, 1_000_000, 3, 'Fewest rows in a bin.'),
  number('feature_fraction', 0.01, 1, 1, 'Share of the features each tree may use.'),
  number('feature_fraction_bynode', 0.01, 1, 1, 'Share of those features each leaf may split on.'),
  byGrower(number('bagging_fraction', 0.01, 1, 1, 'Share of the rows each bag holds; needs bagging_freq.'), {
    oblivious: 0.8,
  }),
  byGrower(integer('bagging_freq', 0, 10_000, 0, 'Draw a new bag every so many trees; 0 uses all rows.'), {
    oblivious: 1,
  }),
  number('pos_bagging_fraction', 0.01, 1, 1, 'Share of the converted in each bag, instead of bagging_fraction.'),
  number('neg_bagging_fraction', 0.01, 1, 1, 'Share of the others in each bag, instead of bagging_fraction.'),
  {
    name: 'data_sample_strategy',
    type: 'choice',
    choices: ['bagging', 'goss'],
    default: 'bagging',
    help: 'How rows are sampled: bags, or those with large gradients and a share of the rest (GOSS).',
  },
  number('top_rate', 0, 1, 0.2, 'GOSS: share of the rows kept for their large gradients.'),
  number('other_rate', 0, 1, 0.1, 'GOSS: share of the rows drawn from the rest.'),
  {
    name: 'boosting',
    type: 'choice',
    choices: ['gbdt', 'dart', 'rf', 'goss'],
    default: 'gbdt',
    help: 'Each tree mends those before (gbdt), or those left after dropping some (dart); or their mean counts (rf); goss is gbdt with that data_sample_strategy.',
  },
  number('drop_rate', 0, 1, 0.1, 'Dart: share of the trees dropped in a round.'),
  integer('max_drop', -1, 20_000, 50, 'Dart: most trees dropped in a round; 0 or -1 is no limit.'),
  number('skip_drop', 0, 1, 0.5, 'Dart: chance that a round drops no tree.'),
  boolean('uniform_drop', false, 'Dart: drop all trees alike, whatever they weigh.'),
  boolean('xgboost_dart_mode', false, 'Dart: weigh trees as XGBoost does.'),
  {
    name: 'objective',
    type: 'choice',
    choices: ['binary', 'cross_entropy'],
    default: 'binary',
    help: 'What is learned: binary, or cross_entropy, which knows no class weights; labels are 0 or 1 (a share is two weighted rows).',
  },
  text('monotone_constraints', 'Features that may only raise (1) or lower (-1) the score: "age: 1, balance: -1".'),
  text('interaction_constraints', 'Features that may share a branch: "[age, balance], [city]"; others are not used.'),
  number('max_delta_step', 0, 1e6, 0, 'Largest output of a leaf before the learning rate; 0 is no limit.'),
  number('path_smooth', 0, 1e6, 0, 'Draws small leaves towards the leaf they came from; needs min_data_in_leaf of 2.'),
  boolean('extra_trees', false, 'Try one drawn threshold per feature and leaf (extremely randomised trees).'),
  boolean('use_missing', true, 'Tell missing numbers from others; without, they count as 0.'),
  boolean('zero_as_missing', false, 'Zeros are missing too.'),
  boolean('first_metric_only', true, 'Early stopping watches metric alone; without, all measures shown, metric first.'),
  number('early_stopping_min_delta', 0, 1, 0, 'What counts as an improvement for early stopping.'),
  seed('bagging_seed', 3, 'rows drawn'),
  seed('feature_fraction_seed', 2, 'features drawn'),
  seed('extra_seed', 6, 'thresholds drawn'),
  seed('drop_seed', 4, 'trees dropped'),
  {
    name: 'boost_from_average',
    type: 'boolean',
    // LightGBM starts from the unweighted rate even when it balances: few trees then leave every score low.
    default: false,
    help: 'Start from the log-odds of the conversion rate; without, from 0, where balanced scores are centred.',
  },
  number('cat_l2', 0, 1e6, 10, 'L2 regularisation of categorical splits.'),
  number('cat_smooth', 0, 1e6, 10, 'Smooths the order of levels; levels with fewer rows are left out of a split.'),
  integer('max_cat_threshold', 1, 65_535, 32, 'Most levels on the left of a categorical split.'),
  byGrower(
    integer('max_cat_to_onehot', 1, 65_535, 4, 'Up to so many levels (missing counts) are split one against the rest.'),
    { oblivious: 10 },
  ),
  integer('min_data_per_group', 1, 1_000_000, 100, 'Fewest rows per group of levels.'),
] as const satisfies readonly ParameterSchema[];

/** The parameters with their types, checked. */
export type BoostingParameters = {
  readonly [P in (typeof boostingParameters)[number] as P['name']]: P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'choice'; choices: readonly (infer C)[] }
      ? C
      : P extends { type: 'text' }
        ? string
        : number;
};

/** Fills in defaults and refuses what is unknown, out of range or contradictory: `parameters.invalid`. */
export function checkBoostingParameters(values: Parameters): BoostingParameters {
  const given = checkParameters('boosting', boostingParameters, values) as BoostingParameters;
  const checked: BoostingParameters =
    given.boosting === 'goss' ? { ...given, boosting: 'gbdt', data_sample_strategy: 'goss' } : given;
  const clash = clashOf(checked);
  if (clash) {
    const [field, found, fix] = clash;
    throw new StudioError('parameters.invalid', found, { where: { field: `boosting.${field}` }, fix });
  }
  return checked;
}

/** Two values that cannot both be meant: the parameter, what was found, and what to do. */
function clashOf(p: BoostingParameters): readonly [string, string, string] | undefined {
  const bags =
    p.bagging_freq > 0 && (p.bagging_fraction < 1 || p.pos_bagging_fraction < 1 || p.neg_bagging_fraction < 1);
  const isGoss = p.data_sample_strategy === 'goss';
  if (p.is_unbalance && p.scale_pos_weight !== 1) {
    const fix = 'Set is_unbalance to false, or leave scale_pos_weight at 1.';
    return ['scale_pos_weight', 'is_unbalance and scale_pos_weight are both set.', fix];
  }
  if (p.objective === 'cross_entropy' && (p.is_unbalance || p.scale_pos_weight !== 1)) {
    const fix = 'Set is_unbalance to false and leave scale_pos_weight at 1, or choose objective binary.';
    return ['objective', 'cross_entropy knows no class weights.', fix];
  }
  if (isGoss && bags) {
    return [
      'data_sample_strategy',
      'goss and bagging are both asked for.',
      'Set bagging_freq to 0, or leave goss out.',
    ];
  }
  if (isGoss && p.top_rate + p.other_rate > 1) {
    return [
      'top_rate',
      `top_rate and other_rate add up to ${p.top_rate + p.other_rate}.`,
      'Let them add up to 1 at most.',
    ];
  }
  if (isGoss && (p.top_rate === 0 || p.other_rate === 0)) {
    return ['top_rate', 'goss needs both a top_rate and an other_rate.', 'Give both a share above 0.'];
  }
  if (p.boosting === 'rf' && (isGoss || !(bags || p.feature_fraction < 1))) {
    const fix = 'Set bagging_freq to 1 and bagging_fraction below 1, or feature_fraction below 1.';
    return ['boosting', 'A random forest of trees that see the same data is one tree.', fix];
  }
  if (p.path_smooth > 0 && p.min_data_in_leaf < 2) {
    return [
      'path_smooth',
      `path_smooth with min_data_in_leaf ${p.min_data_in_leaf}.`,
      'Let leaves hold at least 2 rows.',
    ];
  }
  if (p.zero_as_missing && !p.use_missing) {
    return [
      'zero_as_missing',
      'zero_as_missing without use_missing.',
      'Switch use_missing on, or zero_as_missing off.',
    ];
  }
  return clashWithGrower(p);
}

function clashWithGrower(p: BoostingParameters): readonly [string, string, string] | undefined {
  const { unknown, deepest } = growers[p.grow_policy];
  const set = schemaFor(boostingParameters, p).find(
    ({ name, default: usual }) => unknown.includes(name) && usual !== p[name as keyof BoostingParameters],
  );
  if (set) {
    const fix = `Leave ${set.name} out, or choose grow_policy leafwise.`;
    return [set.name, `grow_policy ${p.grow_policy} knows no ${set.name}.`, fix];
  }
  if (deepest !== undefined && !(p.max_depth >= 1 && p.max_depth <= deepest)) {
    const found = `max_depth is ${p.max_depth} with grow_policy ${p.grow_policy}, whose trees are full.`;
    return ['max_depth', found, `Give a max_depth from 1 to ${deepest}.`];
  }
  return undefined;
}

/** A parameter whose default follows `grow_policy`: the others grow as the libraries that they come from. */
function byGrower<P extends ParameterSchema, V extends Partial<Record<GrowPolicy, number>>>(parameter: P, values: V) {
  return { ...parameter, defaultBy: { parameter: 'grow_policy', values } };
}

function number<N extends string>(name: N, min: number, max: number, value: number, help: string, open = false) {
  return { name, type: 'number', min, max, default: value, help, open } as const;
}

function integer<N extends string>(name: N, min: number, max: number, value: number, help: string, open = false) {
  return { name, type: 'integer', min, max, default: value, help, open } as const;
}

function boolean<N extends string>(name: N, value: boolean, help: string) {
  return { name, type: 'boolean', default: value, help } as const;
}

function text<N extends string>(name: N, help: string) {
  return { name, type: 'text', default: '', maxLength: 20_000, help } as const;
}

function seed<N extends string>(name: N, value: number, what: string) {
  const help = `Seed of the ${what}, on top of the study's; not LightGBM's own generator, so alike on average only.`;
  return { name, type: 'integer', min: 0, max: 1_000_000, default: value, help } as const;
}
