import type { Frame } from '../../data/frame.ts';
import type { BoostingModel } from './boosting-model.ts';
import { createLogOdds } from './log-odds.ts';
import { columnReaders } from './model-columns.ts';
import { walkedTrees, walkRows } from './tree-walkers.ts';

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
  const columns = columnReaders(model, features);
  const walked = walkedTrees(model);
  const sums = new Float64Array(features.rowCount);
  for (let first = 0; first < model.trees.length; first += every) {
    const trees = Math.min(first + every, model.trees.length);
    walkRows(walked, columns, sums, first, trees);
    const logOdds = createLogOdds({ ...model, trees: model.trees.slice(0, trees) });
    yield { trees, scores: sums.map(logOdds) };
  }
}
