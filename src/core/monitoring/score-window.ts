import type { DataFinding } from '../data/findings.ts';
import type { Frame } from '../data/frame.ts';
import { calibrate } from '../evaluation/calibration/calibrator.ts';
import { applyRecipe } from '../features/apply.ts';
import { columnsRead } from '../features/expression.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { scoreRows } from '../models/score-rows.ts';
import type { Bundle } from '../scoring/bundle.ts';
import { matchTable } from '../scoring/match-table.ts';
import { propensityOf } from '../scoring/propensity.ts';
import { type Checkpoint, noCheckpoint, partOf } from '../shared/checkpoint.ts';

/** A window's features and what the model says of them. */
export interface ScoredFeatures {
  readonly features: Frame;
  readonly scores: { readonly propensity: Float64Array; readonly probability: Float64Array };
  /** Scores other features of the same customers. */
  readonly score: (features: Frame) => Promise<ScoredFeatures['scores']>;
  readonly findings: readonly DataFinding[];
}

/** Makes the features of a table of raw customers and scores them as the bundle does. */
export async function scoreWindow(
  bundle: Bundle,
  frame: Frame,
  {
    kernels,
    asOf = bundle.asOf,
    checkpoint = noCheckpoint,
  }: { readonly kernels: Kernels; readonly asOf?: number | undefined; readonly checkpoint?: Checkpoint },
): Promise<ScoredFeatures> {
  const { recipe, schema, model, calibrator, centre } = bundle;
  const needed = new Set(recipe.features.flatMap(({ expression }) => columnsRead(expression)).map(({ name }) => name));
  const matched = matchTable(frame, schema, needed);
  const features = await applyRecipe(
    recipe,
    { frame: matched.frame, ...(asOf === undefined ? {} : { asOf }) },
    { checkpoint: partOf(checkpoint, 0, 0.5) },
  );
  const score = async (of: Frame, watch: Checkpoint = noCheckpoint): Promise<ScoredFeatures['scores']> => {
    const raw = await scoreRows(model, of, { kernels, checkpoint: watch });
    return { propensity: propensityOf(raw, centre), probability: calibrate(calibrator, raw) };
  };
  const scores = await score(features, partOf(checkpoint, 0.5, 1));
  return { features, scores, score: (of) => score(of), findings: matched.findings };
}
