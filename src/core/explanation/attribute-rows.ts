import type { Frame } from '../data/frame.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Model } from '../models/model.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { type BulkAttributions, bulkTreeShap } from './bulk-tree-shap.ts';
import { createAttributions, featureNames } from './explain.ts';

/** Attributions of many rows, by the method that one row is explained by, in the order of the rows given. */
export async function attributeRows(
  model: Model,
  features: Frame,
  rows: Uint32Array,
  kernels: Kernels,
  checkpoint: Checkpoint = noCheckpoint,
  background?: Frame,
): Promise<BulkAttributions> {
  if (model.kind === 'boosting') return bulkTreeShap(model, features, rows, kernels, checkpoint);
  const attributionsOf = createAttributions(model, background)(features);
  const width = featureNames(model).length;
  const values = new Float64Array(width * rows.length);
  let expectedValue = 0;
  for (const [i, row] of rows.entries()) {
    const attributions = attributionsOf(row);
    expectedValue = attributions.expectedValue;
    for (let feature = 0; feature < width; feature++) {
      values[feature * rows.length + i] = attributions.phi[feature] as number;
    }
    if (i % rowsAtOnce === 0) await checkpoint({ fraction: i / rows.length, stage: 'Explaining customers' });
  }
  return { expectedValue, rowCount: rows.length, values };
}

/** Between two checkpoints: some milliseconds of a network. */
const rowsAtOnce = 4;

/**
 * The mean size of each feature's attribution over rows, largest first: what the model leans on. The network, which takes
 * milliseconds a row, is read on at most 500 of the rows.
 */
export async function meanAbsoluteShap(
  model: Model,
  features: Frame,
  rows: Uint32Array,
  kernels: Kernels,
  checkpoint: Checkpoint = noCheckpoint,
  background?: Frame,
): Promise<{ readonly feature: string; readonly importance: number }[]> {
  const count = model.kind === 'neural' ? Math.min(rows.length, 500) : rows.length;
  const read = Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
  const { values } = await attributeRows(model, features, read, kernels, checkpoint, background);
  return featureNames(model)
    .map((feature, f) => {
      let sum = 0;
      for (let i = f * count; i < (f + 1) * count; i++) sum += Math.abs(values[i]!);
      return { feature, importance: count ? sum / count : 0 };
    })
    .sort((a, b) => b.importance - a.importance);
}
