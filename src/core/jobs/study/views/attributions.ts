import { takeRows } from '../../../data/frame.ts';
import { bulkTreeShap } from '../../../explanation/bulk-tree-shap.ts';
import { featureNames } from '../../../explanation/explain.ts';
import { createLinearShap } from '../../../explanation/linear-shap.ts';
import { permutationShap } from '../../../explanation/permutation-shap.ts';
import { modelEntry } from '../../../models/catalogue.ts';
import type { Checkpoint } from '../../../shared/checkpoint.ts';
import type { ModelId } from '../../model-id.ts';
import {
  background,
  everyNth,
  getModel,
  getPrepared,
  type ScoredModel,
  type StudyHost,
  type StudyState,
} from '../state.ts';

/** Attributions of many customers in log-odds, for charts: float32 of exact float64, kept once per model. */
export interface AllAttributions {
  readonly names: readonly string[];
  readonly expectedValue: number;
  /** Rows of the table that are explained, ascending. */
  readonly rows: Uint32Array;
  /** Whether these are all rows: sampled attributions cost too much for that. */
  readonly isEverybody: boolean;
  /** Feature f of rows[i] is values[f × rows.length + i]. */
  readonly values: Float32Array;
}

/** Customers of whom sampled attributions are taken. */
const sampledRows = 400;

const kept = new WeakMap<ScoredModel, Promise<AllAttributions>>();

/** Of all customers, worked out once per model; who asks meanwhile waits for the same work. */
export async function attributionsOf(
  state: StudyState,
  host: StudyHost,
  id: ModelId,
  checkpoint: Checkpoint,
): Promise<AllAttributions> {
  const scored = getModel(state, id);
  for (let known = kept.get(scored); known; known = kept.get(scored)) {
    await checkpoint({ fraction: 0.5, stage: 'Explaining customers' });
    const answer = await known.catch(() => undefined);
    if (answer) return answer;
    // Whoever began it stopped it: begin again.
    if (kept.get(scored) === known) kept.delete(scored);
  }
  const made = explainEverybody(state, host, scored, checkpoint);
  kept.set(scored, made);
  return made;
}

async function explainEverybody(
  state: StudyState,
  host: StudyHost,
  { trained: { model } }: ScoredModel,
  checkpoint: Checkpoint,
): Promise<AllAttributions> {
  const { features, splits } = getPrepared(state);
  const names = featureNames(model);
  const all = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  switch (model.kind) {
    case 'boosting': {
      const { expectedValue, values } = await bulkTreeShap(model, features, all, await host.kernels, checkpoint);
      return { names, expectedValue, rows: all, isEverybody: true, values: Float32Array.from(values) };
    }
    case 'logistic': {
      const shap = createLinearShap(model, features);
      const values = new Float32Array(names.length * all.length);
      const phi = new Float64Array(names.length);
      for (const row of all) {
        phi.fill(0);
        shap.addAttributions(row, phi);
        for (let feature = 0; feature < names.length; feature++) values[feature * all.length + row] = phi[feature]!;
        if (row % 512 === 0) await checkpoint({ fraction: row / all.length, stage: 'Explaining customers' });
      }
      return { names, expectedValue: shap.expectedValue, rows: all, isEverybody: true, values };
    }
    case 'neural': {
      const rows = everyNth(splits.test.length > 0 ? splits.test : all, sampledRows);
      const others = background(state);
      const sample = takeRows(
        others,
        everyNth(
          Uint32Array.from({ length: others.rowCount }, (_, row) => row),
          8,
        ),
      );
      const values = new Float32Array(names.length * rows.length);
      const rawScores = (mixed: typeof features) => modelEntry('neural').rawScores(model, mixed);
      let expectedValue = 0;
      for (const [i, row] of rows.entries()) {
        const one = await permutationShap(names, rawScores, features, row, sample, { walks: sample.rowCount, seed: 0 });
        expectedValue = one.expectedValue;
        for (let feature = 0; feature < names.length; feature++) values[feature * rows.length + i] = one.phi[feature]!;
        await checkpoint({ fraction: (i + 1) / rows.length, stage: 'Explaining customers' });
      }
      return { names, expectedValue, rows, isEverybody: false, values };
    }
  }
}

/** Attributions of one feature, a view. */
export function valuesOf({ values, rows }: AllAttributions, feature: number): Float32Array {
  return values.subarray(feature * rows.length, (feature + 1) * rows.length);
}

/** Positions in `rows` that are among these rows of the table; both ascend. */
export function positionsOf({ rows }: AllAttributions, wanted: Uint32Array): Uint32Array {
  const found = new Uint32Array(Math.min(rows.length, wanted.length));
  let count = 0;
  for (let i = 0, j = 0; i < rows.length && j < wanted.length; ) {
    if (rows[i] === wanted[j]) {
      found[count++] = i++;
      j++;
    } else if (rows[i]! < wanted[j]!) i++;
    else j++;
  }
  return found.subarray(0, count);
}

/** Mean |attribution| by feature over positions in `rows`. */
export function meanSizes(attributions: AllAttributions, positions: Uint32Array): Float64Array {
  return Float64Array.from(attributions.names, (_, feature) => {
    const values = valuesOf(attributions, feature);
    let sum = 0;
    for (const position of positions) sum += Math.abs(values[position]!);
    return positions.length === 0 ? 0 : sum / positions.length;
  });
}
