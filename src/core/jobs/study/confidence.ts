import { fitStability, type ReasonStability } from '../../explanation/reason-stability.ts';
import { mostReasons, strongestColumns } from '../../explanation/reasons.ts';
import type { ModelKind } from '../../models/model.ts';
import { confidenceVerdict } from '../../reports/verdicts.ts';
import { confidenceOf, fitConfidence } from '../../scoring/confidence.ts';
import { defaultCutoffs } from '../../scoring/cutoffs.ts';
import { fitProbabilityIntervals } from '../../scoring/probability-interval.ts';
import { StudioError } from '../../shared/errors.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import type { JobRun } from '../job.ts';
import { isTrainedHere, type ModelId } from '../model-id.ts';
import type { ConfidenceSummary } from '../study-contract.ts';
import type { Refit, RefitRequest } from '../training-contract.ts';
import { comparedWith, explainerOf } from './explainers.ts';
import { trainingInputOf } from './models.ts';
import {
  bestModel,
  everyNth,
  getDataset,
  getModel,
  getPrepared,
  pick,
  pickLabels,
  type ScoredModel,
  type StudyState,
} from './state.ts';

const refitCount = 10;
/** Validation customers whose bands are watched: more would only cost memory. */
const watchedRows = 20_000;
/** Validation customers whose reasons are. */
const explainedRows = 200;

function refittable(id: ModelId): ModelKind {
  if (isTrainedHere(id)) return id;
  throw new StudioError(
    'study.not-ready',
    'A model from a file cannot be refitted: how sure its bands are is unknown.',
    {
      fix: 'Train a model here.',
    },
  );
}

/** How sure the bands are: asks for refits of a model and reads how often they agree. */
export function confidenceJobs(state: StudyState) {
  return {
    async refitRequest({ kind = refittable(bestModel(state)) }: { readonly kind?: ModelKind }): Promise<RefitRequest> {
      const scored = getModel(state, kind);
      const { splits } = getPrepared(state);
      return {
        kind,
        input: trainingInputOf(state),
        parameters: scored.parameters,
        trained: scored.trained,
        refits: refitCount,
        rows: everyNth(splits.validation, watchedRows),
        explained: everyNth(splits.validation, explainedRows),
        ...(kind === 'neural' ? { background: comparedWith(state, scored) } : {}),
      };
    },

    async acceptRefits(
      { kind, refits }: { readonly kind: ModelKind; readonly refits: readonly Refit[] },
      { checkpoint }: JobRun,
    ): Promise<ConfidenceSummary> {
      const { splits, labels, choice } = getPrepared(state);
      const model = getModel(state, kind);
      const { calibrator, propensity, raw } = model;
      // More customers would take seconds; intervals of fewer are wider than need be.
      const resampled = everyNth(splits.validation, watchedRows);
      const [scores, outcomes] = [pick(raw, resampled), pickLabels(labels, resampled)];
      const intervals = await fitProbabilityIntervals(calibrator, scores, outcomes, choice.seed, checkpoint);
      const table = fitConfidence(
        pick(propensity, everyNth(splits.validation, watchedRows)),
        refits.map(({ rawScores }) => rawScores.map(sigmoid)),
        defaultCutoffs,
      );
      model.confidence = table;
      model.intervals = intervals;
      model.stability = stabilityOfReasons(state, model, refits);
      let sum = 0;
      for (const row of splits.test) sum += confidenceOf(table, propensity[row] as number);
      const meanConfidence = sum / splits.test.length;
      return { refits: refits.length, meanConfidence, sentence: confidenceVerdict(refits.length, meanConfidence) };
    },
  };
}

/** How often refits name the columns that the model names as reasons of the same customers. */
function stabilityOfReasons(state: StudyState, model: ScoredModel, refits: readonly Refit[]): ReasonStability {
  const { features, splits, recipe } = getPrepared(state);
  const about = { recipe, schema: getDataset(state).table.schema };
  const named = (names: readonly string[], attributions: readonly number[]) =>
    strongestColumns(names, attributions, about, mostReasons).map(({ column }) => column.name);
  const rows = everyNth(splits.validation, explainedRows);
  const explain = explainerOf(state, model);
  const original = Array.from(rows, (row) => {
    const { attributions } = explain(features, row);
    return named(
      attributions.map(({ feature }) => feature),
      attributions.map(({ attribution }) => attribution),
    );
  });
  const again = refits.map((refit) =>
    Array.from(rows, (_, i) =>
      named(
        refit.features,
        refit.features.map((__, feature) => refit.attributions[feature * rows.length + i] as number),
      ),
    ),
  );
  return fitStability(original, again);
}
