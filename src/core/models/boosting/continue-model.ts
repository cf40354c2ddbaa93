import { StudioError } from '../../shared/errors.ts';
import type { BoostingFeature, BoostingModel, Tree } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import { categoricalBit } from './decision.ts';

/**
 * An initial model's trees, told in the features of the training that continues it: columns by name, categories by
 * level. Levels that only the model knows are added behind those of the data. Throws `model.format` where the two cannot
 * be one model, `data.missing-column` and `data.type` where its features are not there.
 */
export function adoptModel(
  initial: BoostingModel,
  features: readonly BoostingFeature[],
  { boosting }: BoostingParameters,
): { readonly trees: readonly Tree[]; readonly features: readonly BoostingFeature[] } {
  checkContinuable(initial, boosting);
  const merged = [...features];
  const matches = initial.features.map((feature) => {
    const index = features.findIndex(({ name }) => name === feature.name);
    if (index < 0) {
      throw new StudioError('data.missing-column', `The initial model reads "${feature.name}", which is not there.`, {
        where: { column: feature.name },
        fix: 'Keep that feature, or train without an initial model.',
      });
    }
    const { own, numberOf } = mergeFeature(merged[index] as BoostingFeature, feature);
    merged[index] = own;
    return { index, numberOf };
  });
  const trees = initial.trees.map((tree) => {
    const match = (node: number) => matches[tree.splitFeature[node] as number] as (typeof matches)[number];
    return {
      ...tree,
      splitFeature: tree.splitFeature.map((_, node) => match(node).index),
      ...renumberSets(tree, (node) => match(node).numberOf),
    };
  });
  return { trees, features: merged };
}

function checkContinuable({ averageOutput, objective, features }: BoostingModel, boosting: string): void {
  const refuse = (found: string, fix: string) => new StudioError('model.format', found, { fix });
  if (averageOutput || boosting === 'rf') {
    throw refuse('A random forest is a mean of trees and cannot be continued.', 'Train without an initial model.');
  }
  if (objective && objective.sigmoid !== 1) {
    const found = `The initial model's sigmoid is ${objective.sigmoid}; trees are added for sigmoid 1.`;
    throw refuse(found, 'Train the initial model with sigmoid=1.');
  }
  const read = features.find(({ statistic }) => statistic);
  if (read) {
    const found = `The initial model reads "${read.name}" by target statistics, which new rows would change.`;
    throw refuse(found, 'Continue a model grown leafwise or depthwise.');
  }
}

/** The feature with the levels of both, and the model's category numbers in its own. */
function mergeFeature(own: BoostingFeature, old: BoostingFeature) {
  if (own.kind !== old.kind || own.statistic) {
    const found = `"${own.name}" is of kind ${own.kind}, the initial model reads a ${old.kind}.`;
    throw new StudioError('data.type', found, { where: { column: own.name }, fix: 'Give the column its former kind.' });
  }
  const info = own.info === 'none' ? old.info : own.info;
  if (own.kind === 'number') return { own: { ...own, info }, numberOf: (number: number) => number };
  const levels = [...new Set([...(own.levels ?? []), ...(old.levels ?? [])])];
  const { firstCode = 1 } = old;
  const numbers = (old.levels ?? []).map((level) => levels.indexOf(level) + 1);
  const numberOf = (number: number) => (number < firstCode ? 0 : (numbers[number - firstCode] ?? -1));
  return { own: { ...own, levels, info: mergeInfos(own.info, old.info, numberOf) }, numberOf };
}

/** "-1:1:2" of both: the category numbers that training saw. */
function mergeInfos(own: string, old: string, numberOf: (number: number) => number): string {
  const numbers = (info: string) =>
    info === 'none'
      ? []
      : info
          .split(':')
          .map(Number)
          .filter((number) => number >= 0);
  const all = new Set([...numbers(own), ...numbers(old).map(numberOf)].filter((number) => number > 0));
  return all.size === 0 ? 'none' : ['-1', ...all].join(':');
}

/** Category sets with each feature's numbers changed; numeric thresholds stay. */
function renumberSets(tree: Tree, ofNode: (node: number) => (number: number) => number) {
  const boundaries = [0];
  const words: number[] = [];
  const threshold = tree.threshold.map((value, node) => {
    if (!((tree.decisionType[node] as number) & categoricalBit)) return value;
    const numberOf = ofNode(node);
    const from = words.length;
    const first = tree.catBoundaries[value] as number;
    const last = tree.catBoundaries[value + 1] as number;
    for (let bit = 0; bit < 32 * (last - first); bit++) {
      if (!(((tree.catThreshold[first + (bit >> 5)] as number) >>> (bit & 31)) & 1)) continue;
      const number = numberOf(bit);
      if (number < 0) continue;
      while (words.length - from <= number >> 5) words.push(0);
      words[from + (number >> 5)] = ((words[from + (number >> 5)] as number) | (1 << (number & 31))) >>> 0;
    }
    // LightGBM wants a word even where no level is left.
    if (words.length === from) words.push(0);
    boundaries.push(words.length);
    return boundaries.length - 2;
  });
  if (boundaries.length === 1) return {};
  return { threshold, catBoundaries: Int32Array.from(boundaries), catThreshold: Uint32Array.from(words) };
}
