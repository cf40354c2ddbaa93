import type { Frame } from '../../data/frame.ts';
import type { BoostingModel } from './boosting-model.ts';
import { createLogOdds } from './log-odds.ts';
import { boostingRawScores } from './raw-scores.ts';

/** Raw scores of all rows by the first `trees` trees. */
export interface Stage {
  readonly trees: number;
  readonly scores: Float64Array;
}

/**
 * The raw scores after every so many trees, and after the last (scikit-learn's `staged_decision_function`): each stage
 * holds the bits that the model cut to so many trees gives. A stage's scores are the caller's to keep.
 */
export function* stagedRawScores(model: BoostingModel, features: Frame, every = 1): Generator<Stage> {
  const sums = new Float64Array(features.rowCount);
  for (const [index, tree] of model.trees.entries()) {
    const values = boostingRawScores(
      { kind: 'boosting', features: model.features, trees: [tree], parameters: {} },
      features,
    );
    for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] as number) + (values[row] as number);
    const trees = index + 1;
    if (trees % every !== 0 && trees < model.trees.length) continue;
    yield { trees, scores: sums.map(createLogOdds({ ...model, trees: model.trees.slice(0, trees) })) };
  }
}
