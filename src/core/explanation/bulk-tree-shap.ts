import { type Frame, takeRows } from '../data/frame.ts';
import type { StageColumn } from '../kernels/tree-scoring.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { maxPatternBits, openTreeShap, type ShapGroup } from '../kernels/tree-shap.ts';
import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { type CompiledTrees, compileTrees, levelOrder } from '../models/boosting/compile-trees.ts';
import { columnReaders, readRows } from '../models/boosting/model-columns.ts';
import { stageColumns } from '../models/boosting/stage-columns.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { groupTree } from './shap-groups.ts';
import { createTreeShap } from './tree-shap.ts';

/** Attributions of many rows in log-odds: row r of the model's feature f is values[f * rowCount + r]. */
export interface BulkAttributions {
  readonly expectedValue: number;
  readonly rowCount: number;
  readonly values: Float64Array;
}

/** Trees between two checkpoints. */
const treesAtOnce = 16;

/**
 * Path-dependent TreeSHAP of the given rows at once, in float64 and exact as row by row; trees of more than 256 leaves are
 * explained row by row.
 */
export async function bulkTreeShap(
  model: BoostingModel,
  features: Frame,
  rows: Uint32Array,
  kernels: Kernels,
  checkpoint: Checkpoint = noCheckpoint,
): Promise<BulkAttributions> {
  const shap = createTreeShap(model);
  const count = model.features.length;
  const values = new Float64Array(count * rows.length);
  const result = { expectedValue: shap.expectedValue, rowCount: rows.length, values };
  const compiled = compileTrees(model);
  const batches = compiled && batchesOf(shap.trees, compiled);
  const report = (done: number) => checkpoint({ fraction: done / rows.length, stage: 'Explaining customers' });
  if (!batches) {
    const readers = columnReaders(model, features);
    const row = new Float64Array(count);
    const phi = new Float64Array(count);
    for (let i = 0; i < rows.length; i++) {
      readRows(readers, rows[i] as number, (rows[i] as number) + 1, row);
      phi.fill(0);
      shap.addAttributions(row, phi);
      for (let feature = 0; feature < count; feature++) values[feature * rows.length + i] = phi[feature] as number;
      await report(i + 1);
    }
    return result;
  }
  const kernel = await openTreeShap(kernels, compiled.program.columns, count, batches, rows.length);
  try {
    for (let first = 0; first < rows.length; first += kernel.stripRows) {
      const strip = Math.min(kernel.stripRows, rows.length - first);
      let stage: StageColumn | undefined;
      let at = -1;
      const stageRows: StageColumn = (column, from, to, into) => {
        if (!stage || from !== at) {
          at = from;
          stage = stageColumns(compiled, columnReaders(model, takeRows(features, rows.subarray(from, to))));
        }
        stage(column, 0, to - from, into);
      };
      let done = 0;
      for (const _ of kernel.attribute(strip, first, rows.length, stageRows, values)) {
        await report(first + (strip * ++done) / batches.length);
      }
    }
  } finally {
    kernel.close();
  }
  return result;
}

/** Groups of all trees, some trees a batch; undefined where the kernel does not take one. */
function batchesOf(trees: readonly Tree[], compiled: CompiledTrees): ShapGroup[][] | undefined {
  const batches: ShapGroup[][] = [];
  for (const [index, tree] of trees.entries()) {
    if (index % treesAtOnce === 0) batches.push([]);
    if (tree.leafCount < 2) continue;
    const program = compiled.program.trees[index] as CompiledTrees['program']['trees'][number];
    const placeOf = new Map(levelOrder(tree).map((node, place) => [node, place]));
    const testOf = (node: number) => {
      const place = placeOf.get(node) as number;
      return {
        column: program.column[place] as number,
        test: program.test[place] as number,
        missingRight: program.missingRight[place] === 1,
      };
    };
    const groups = groupTree(tree, testOf, maxPatternBits);
    if (!groups) return undefined;
    batches.at(-1)?.push(...groups);
  }
  return batches;
}
