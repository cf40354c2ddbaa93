import { attributeRows } from '../../../explanation/attribute-rows.ts';
import { featureNames } from '../../../explanation/explain.ts';
import type { Checkpoint } from '../../../shared/checkpoint.ts';
import type { ModelId } from '../../model-id.ts';
import { comparedWith } from '../explainers.ts';
import { everyNth, getModel, getPrepared, type ScoredModel, type StudyHost, type StudyState } from '../state.ts';

/** Attributions of many customers in log-odds, for charts: float32 of exact float64, kept once per model. */
export interface AllAttributions {
  readonly names: readonly string[];
  readonly expectedValue: number;
  /** Rows of the table that are explained, ascending. */
  readonly rows: Uint32Array;
  /** Whether these are all rows: a network is explained for some. */
  readonly isEverybody: boolean;
  /** Feature f of rows[i] is values[f × rows.length + i]. */
  readonly values: Float32Array;
}

/** Test customers that a network, which takes milliseconds each, is explained for. */
const networkRows = 1_000;

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
  scored: ScoredModel,
  checkpoint: Checkpoint,
): Promise<AllAttributions> {
  const { model } = scored.trained;
  const { features, splits } = getPrepared(state);
  const all = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  const isEverybody = model.kind !== 'neural';
  const rows = isEverybody ? all : everyNth(splits.test.length > 0 ? splits.test : all, networkRows);
  const { expectedValue, values } = await attributeRows(
    model,
    features,
    rows,
    await host.kernels,
    checkpoint,
    comparedWith(state, scored),
  );
  return { names: featureNames(model), expectedValue, rows, isEverybody, values: Float32Array.from(values) };
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
