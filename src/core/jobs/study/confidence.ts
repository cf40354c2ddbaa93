import type { ModelKind } from '../../models/model.ts';
import { confidenceVerdict } from '../../reports/verdicts.ts';
import { confidenceOf, fitConfidence } from '../../scoring/confidence.ts';
import { defaultCutoffs } from '../../scoring/cutoffs.ts';
import { StudioError } from '../../shared/errors.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { isTrainedHere, type ModelId } from '../model-id.ts';
import type { ConfidenceSummary } from '../study-contract.ts';
import type { RefitRequest } from '../training-contract.ts';
import { trainingInputOf } from './models.ts';
import { bestModel, everyNth, getModel, getPrepared, pick, type StudyState } from './state.ts';

const refitCount = 10;
/** Validation customers whose bands are watched: more would only cost memory. */
const watchedRows = 20_000;

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
      const { trained, parameters } = getModel(state, kind);
      const { splits } = getPrepared(state);
      return {
        kind,
        input: trainingInputOf(state),
        parameters,
        trained,
        refits: refitCount,
        rows: everyNth(splits.validation, watchedRows),
      };
    },

    async acceptRefits({
      kind,
      rawScores: refits,
    }: {
      readonly kind: ModelKind;
      readonly rawScores: readonly Float64Array[];
    }): Promise<ConfidenceSummary> {
      const { splits } = getPrepared(state);
      const model = getModel(state, kind);
      const { propensity } = model;
      const table = fitConfidence(
        pick(propensity, everyNth(splits.validation, watchedRows)),
        refits.map((raw) => raw.map(sigmoid)),
        defaultCutoffs,
      );
      model.confidence = table;
      let sum = 0;
      for (const row of splits.test) sum += confidenceOf(table, propensity[row] as number);
      const meanConfidence = sum / splits.test.length;
      return { refits: refits.length, meanConfidence, sentence: confidenceVerdict(refits.length, meanConfidence) };
    },
  };
}
