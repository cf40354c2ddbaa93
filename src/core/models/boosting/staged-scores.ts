import type { Frame } from '../../data/frame.ts';
import type { BoostingModel } from './boosting-model.ts';
import { createLogOdds } from './log-odds.ts';
import { columnReaders, readRows } from './model-columns.ts';
import { treeWalkers } from './tree-walkers.ts';

const blockRows = 64;

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
  const walkers = treeWalkers(model);
  const sums = new Float64Array(features.rowCount);
  const values = new Float64Array(blockRows * columns.length);
  for (let first = 0; first < walkers.length; first += every) {
    const trees = Math.min(first + every, walkers.length);
    const stage = walkers.slice(first, trees);
    for (let from = 0; from < sums.length; from += blockRows) {
      const to = Math.min(from + blockRows, sums.length);
      readRows(columns, from, to, values);
      for (const walk of stage) walk(values, to - from, sums, from);
    }
    const logOdds = createLogOdds({ ...model, trees: model.trees.slice(0, trees) });
    yield { trees, scores: sums.map(logOdds) };
  }
}
