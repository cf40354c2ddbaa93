import { type BoostingMode, type BoostingWork, firstBias, setScores } from './boosting-work.ts';
import type { Tree } from './boosting-model.ts';
import { roundRandom } from './sampling.ts';

/**
 * Dropout for trees (Vinayak and Gilad-Bachrach 2015) as LightGBM does it: each round learns without some of the trees
 * grown so far; then the new tree and those left out share their place, so that together they weigh as before.
 */
export function createDart(work: BoostingWork): BoostingMode {
  const { engine, chosen, trees, replay, seed } = work;
  const { learning_rate: rate, xgboost_dart_mode, uniform_drop } = chosen;
  let weights: number[] = [];
  let dropped: readonly number[] = [];
  const own = (count: number) =>
    xgboost_dart_mode ? (count === 0 ? rate : rate / (rate + count)) : rate / (1 + count);
  const kept = (count: number) => (xgboost_dart_mode ? count / (count + rate) : count / (count + 1));
  setScores(work);
  return {
    begin(round) {
      const random = roundRandom(seed, chosen.drop_seed, round);
      dropped = random.next() < chosen.skip_drop ? [] : chooseDropped(weights, work, () => random.next());
      for (const index of dropped) replay(trees[index] as Tree, -1);
      return own(dropped.length);
    },
    biasOf: (round) => firstBias(work, round),
    end() {
      const factor = kept(dropped.length);
      for (const index of dropped) {
        trees[index] = scaleTree(trees[index] as Tree, factor);
        replay(trees[index] as Tree);
        if (!uniform_drop) weights[index] = (weights[index] as number) * factor;
      }
      weights.push(own(dropped.length));
    },
    restore({ dart }) {
      if (!dart) return;
      engine.scores().set(dart.scores);
      weights = Array.from(dart.weights);
    },
    save: () => ({ dart: { scores: engine.scores().slice(), weights: Float64Array.from(weights) } }),
  };
}

/** Each tree is dropped by its weight, or all alike (`uniform_drop`); at most `max_drop` of them. */
function chooseDropped(weights: readonly number[], { chosen }: BoostingWork, next: () => number): number[] {
  const { drop_rate, max_drop, uniform_drop } = chosen;
  const most = max_drop > 0 ? max_drop : Number.POSITIVE_INFINITY;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const perWeight = uniform_drop ? 1 : weights.length / sum;
  const rate = Math.min(drop_rate, uniform_drop ? most / weights.length : (most * perWeight) / sum);
  const dropped: number[] = [];
  for (const [index, weight] of weights.entries()) {
    if (dropped.length >= most) break;
    if (next() < rate * (uniform_drop ? 1 : weight * perWeight)) dropped.push(index);
  }
  return dropped;
}

function scaleTree(tree: Tree, factor: number): Tree {
  return {
    ...tree,
    leafValue: tree.leafValue.map((value) => value * factor),
    internalValue: tree.internalValue.map((value) => value * factor),
    shrinkage: tree.shrinkage * factor,
  };
}
