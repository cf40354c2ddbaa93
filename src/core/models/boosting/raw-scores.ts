import type { Frame } from '../../data/frame.ts';
import type { TreeScoring } from '../../kernels/tree-scoring.ts';
import type { BoostingModel } from './boosting-model.ts';
import { compileTrees } from './compile-trees.ts';
import { createLogOdds } from './log-odds.ts';
import type { ModelColumn } from './model-columns.ts';
import { columnReaders, readRows } from './model-columns.ts';
import { stageColumns } from './stage-columns.ts';
import { treeWalkers } from './tree-walkers.ts';

/** Below so many rows walking is faster than the kernel's blocks. */
const fewRows = 48;
/** Rows walked through one tree before the next: their values and the tree stay in the first cache. */
const blockRows = 64;

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
    walkRows(model, columns, scores);
  }
  const logOdds = createLogOdds(model);
  for (let row = 0; row < scores.length; row++) scores[row] = logOdds(scores[row] as number);
  return scores;
}

function walkRows(model: BoostingModel, columns: readonly ModelColumn[], scores: Float64Array): void {
  const walkers = treeWalkers(model);
  const values = new Float64Array(Math.min(blockRows, scores.length) * columns.length);
  for (let from = 0; from < scores.length; from += blockRows) {
    const to = Math.min(from + blockRows, scores.length);
    readRows(columns, from, to, values);
    for (const walk of walkers) walk(values, to - from, scores, from);
  }
}
