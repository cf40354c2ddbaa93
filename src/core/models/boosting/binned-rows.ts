import type { Frame } from '../../data/frame.ts';
import type { ThresholdColumn } from '../../kernels/tree-program.ts';
import type { TreeScoring } from '../../kernels/tree-scoring.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BoostingModel } from './boosting-model.ts';
import type { CompiledTrees } from './compile-trees.ts';
import { compileTrees } from './compile-trees.ts';
import { createLogOdds } from './log-odds.ts';
import { columnReaders } from './model-columns.ts';
import { stageColumns } from './stage-columns.ts';

/** Rows as one model's trees tell them apart: per column read, the slot of every row. Of use for that model only. */
export interface BinnedRows {
  readonly rowCount: number;
  readonly slots: readonly Uint16Array[];
}

/** Bins rows once, to be scored often. Throws `model.format` for trees that the kernel does not take. */
export function binRows(model: BoostingModel, features: Frame): BinnedRows {
  const compiled = needCompiled(model);
  const { rowCount } = features;
  const stage = stageColumns(compiled, columnReaders(model, features));
  const slots = compiled.program.columns.map((column, index) => {
    const binned = new Uint16Array(rowCount);
    if (column.kind === 'sets') {
      stage(index, 0, rowCount, binned);
      return binned;
    }
    const values = new Float64Array(rowCount);
    stage(index, 0, rowCount, values);
    return binned.map((_, row) => slotOf(column, values[row] as number));
  });
  return { rowCount, slots };
}

/** Log-odds of binned rows: the bits of `boostingRawScores`. */
export function scoreBinnedRows(
  model: BoostingModel,
  { rowCount, slots }: BinnedRows,
  scoring: TreeScoring,
): Float64Array {
  const scores = new Float64Array(rowCount);
  const stage = (column: number, from: number, to: number, into: Float64Array | Uint16Array) =>
    into.set((slots[column] as Uint16Array).subarray(from, to));
  scoring.score(needCompiled(model).program, rowCount, stage, scores, true);
  return scores.map(createLogOdds(model));
}

function needCompiled(model: BoostingModel): CompiledTrees {
  const compiled = compileTrees(model);
  if (!compiled) throw new StudioError('model.format', 'Rows cannot be binned for trees of more than 256 leaves.');
  return compiled;
}

/** How many thresholds lie below the value; missing comes after all. */
function slotOf({ thresholds, missingIsZero }: ThresholdColumn, value: number): number {
  if (Number.isNaN(value) && !missingIsZero) return thresholds.length + 1;
  const given = Number.isNaN(value) ? 0 : value;
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (given > (thresholds[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
