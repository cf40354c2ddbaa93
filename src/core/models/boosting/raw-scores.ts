import type { Frame } from '../../data/frame.ts';
import type { TreeScoring } from '../../kernels/tree-scoring.ts';
import type { BoostingModel } from './boosting-model.ts';
import { compileTrees } from './compile-trees.ts';
import { createLogOdds } from './log-odds.ts';
import { columnReaders } from './model-columns.ts';
import { stageColumns } from './stage-columns.ts';
import { walkedTrees, walkRows } from './tree-walkers.ts';

/** Below so many rows walking is faster than the kernel's blocks. */
const fewRows = 48;

/**
 * Log-odds of every row: leaf values added in file order, from 0, in float64; then `createLogOdds`. The same bits with and
 * without the host's kernel.
 */
export function boostingRawScores(model: BoostingModel, features: Frame, scoring?: TreeScoring): Float64Array {
  const columns = columnReaders(model, features);
  const scores = new Float64Array(features.rowCount);
  const compiled = scoring && features.rowCount >= fewRows ? compileTrees(model) : undefined;
  if (scoring && compiled && scoring.canScore(compiled.program)) {
    scoring.score(compiled.program, features.rowCount, stageColumns(compiled, columns), scores);
  } else {
    walkRows(walkedTrees(model), columns, scores);
  }
  const logOdds = createLogOdds(model);
  for (let row = 0; row < scores.length; row++) scores[row] = logOdds(scores[row] as number);
  return scores;
}
