import type { BoostingFeature, BoostingModel, Tree } from '../boosting/boosting-model.ts';
import { rulesByPlace } from '../boosting/feature-rules.ts';
import { splitImportance } from '../boosting/importance.ts';
import { missingPlaceholder } from './pandas-categories.ts';

/** The model in LightGBM's text format, version v4; LightGBM loads it and predicts the same raw scores, bit for bit. */
export function writeLightgbmText(model: BoostingModel): string {
  const names = exportedNames(model.features);
  const trees = model.trees.map((tree, index) => `${treeLines(tree, index).join('\n')}\n\n\n`);
  const nameOf = new Map(model.features.map((feature, index) => [feature.name, names[index] as string]));
  const importances = splitImportance(model)
    .filter(({ importance }) => importance > 0)
    .map(({ feature, importance }) => `${nameOf.get(feature)}=${importance}`);
  const header = [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    `max_feature_idx=${model.features.length - 1}`,
    `objective=${objectiveText(model)}`,
    ...(model.averageOutput ? ['average_output'] : []),
    `feature_names=${names.join(' ')}`,
    `feature_infos=${model.features.map((feature) => feature.info).join(' ')}`,
    // Lengths in bytes; a tree is ASCII. A wrong figure here aborts LightGBM's whole process.
    `tree_sizes=${trees.map((text) => text.length).join(' ')}`,
  ];
  return [
    `${header.join('\n')}\n\n`,
    ...trees,
    'end of trees\n\n',
    `feature_importances:\n${importances.map((line) => `${line}\n`).join('')}\n`,
    `parameters:\n${parameterLines(model).join('\n')}\n\nend of parameters\n\n`,
    `pandas_categorical:${model.pandasCategorical ?? JSON.stringify(model.features.filter(isCategory).map(pandasLevels))}\n`,
  ].join('');
}

/** LightGBM takes no spaces and none of " , : [ ] { } in names, and no name twice. */
export function exportedNames(features: readonly { readonly name: string }[]): string[] {
  const taken = new Set<string>();
  return features.map(({ name }) => {
    const plain = name.replace(/[\s\p{Cc}",:[\]{}]/gu, '_') || '_';
    let unique = plain;
    for (let copy = 2; taken.has(unique); copy++) unique = `${plain}_${copy}`;
    taken.add(unique);
    return unique;
  });
}

function objectiveText({ objective }: BoostingModel): string {
  return objective?.name === 'cross_entropy' ? 'cross_entropy' : `binary sigmoid:${objective?.sigmoid ?? 1}`;
}

function isCategory(feature: BoostingFeature): boolean {
  return feature.kind === 'category';
}

function pandasLevels(feature: BoostingFeature): string[] {
  const levels = feature.levels ?? [];
  let placeholder = missingPlaceholder;
  while (levels.includes(placeholder)) placeholder += '_';
  return [placeholder, ...levels];
}

function treeLines(tree: Tree, index: number): string[] {
  const setCount = tree.catBoundaries.length > 1 ? tree.catBoundaries.length - 1 : 0;
  const internal =
    tree.leafCount < 2
      ? ['split_feature=', 'split_gain=', 'threshold=', 'decision_type=', 'left_child=', 'right_child=']
      : [
          `split_feature=${join(tree.splitFeature)}`,
          `split_gain=${join(tree.splitGain)}`,
          `threshold=${join(tree.threshold)}`,
          `decision_type=${join(tree.decisionType)}`,
          `left_child=${join(tree.leftChild)}`,
          `right_child=${join(tree.rightChild)}`,
        ];
  return [
    `Tree=${index}`,
    `num_leaves=${tree.leafCount}`,
    `num_cat=${setCount}`,
    ...internal,
    `leaf_value=${join(tree.leafValue)}`,
    `leaf_weight=${join(tree.leafWeight)}`,
    `leaf_count=${join(tree.leafCountRows)}`,
    `internal_value=${join(tree.internalValue)}`,
    `internal_weight=${join(tree.internalWeight)}`,
    `internal_count=${join(tree.internalCount)}`,
    ...(setCount > 0 ? [`cat_boundaries=${join(tree.catBoundaries)}`, `cat_threshold=${join(tree.catThreshold)}`] : []),
    'is_linear=0',
    `shrinkage=${formatNumber(tree.shrinkage)}`,
  ];
}

function join(values: ArrayLike<number>): string {
  return Array.from(values, formatNumber).join(' ');
}

/** Shortest digits that read back to the same double. */
function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** LightGBM's own order is of no importance, but nothing may stand twice. */
function parameterLines({ parameters, features, trees, objective, averageOutput }: BoostingModel): string[] {
  const categories = features.flatMap((feature, index) => (isCategory(feature) ? [index] : []));
  // LightGBM says the number of trees by another name, knows one way to grow them, and names no feature in its rules.
  const { n_estimators: _, grow_policy: __, ...known } = parameters;
  const fixed = {
    objective: objective?.name ?? 'binary',
    num_iterations: trees.length,
    sigmoid: objective?.sigmoid ?? 1,
    linear_tree: 0,
    ...rulesByPlace(parameters, features),
  };
  const chosen = { boosting: averageOutput ? 'rf' : 'gbdt', categorical_feature: categories.join(','), ...known };
  const all = { ...fixed, ...chosen, ...fixed };
  return Object.entries(all).map(([name, value]) => `[${name}: ${typeof value === 'boolean' ? Number(value) : value}]`);
}
