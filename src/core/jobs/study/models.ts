import type { Frame } from '../../data/frame.ts';
import { calibrate, describeCalibrator } from '../../evaluation/calibration/calibrator.ts';
import { fitCalibrator } from '../../evaluation/calibration/fit-calibrator.ts';
import { fitCentre } from '../../evaluation/calibration/centre.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { modelCatalogue } from '../../models/catalogue.ts';
import type { Model, TrainingInput } from '../../models/model.ts';
import { scoreRows } from '../../models/score-rows.ts';
import { type Checkpoint, partOf } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { propensityOf } from '../../scoring/propensity.ts';
import type { JobRun } from '../job.ts';
import { isTrainedHere } from '../model-id.ts';
import type { ModelSummary, StudyJobs } from '../study-contract.ts';
import { shapOrOwn } from './importance.ts';
import { getPrepared, pick, pickLabels, type ScoredModel, type StudyHost, type StudyState } from './state.ts';

type Accept = Parameters<StudyJobs['acceptModel']>[0];

/** Gives out what is learned from and takes trained models in: every row scored, calibrated on validation. */
export function modelJobs(state: StudyState, host: StudyHost) {
  return {
    async trainingInput({ exclude }: { readonly exclude?: readonly string[] }): Promise<TrainingInput> {
      return trainingInputOf(state, exclude);
    },

    async acceptModel({ trained, seconds, parameters }: Accept, run: JobRun): Promise<ModelSummary> {
      const { kind } = trained.model;
      const model = await takeModel(state, host, run, {
        id: kind,
        label: modelCatalogue[kind].label,
        trained,
        seconds,
        parameters,
      });
      state.scoring = 'best';
      return summarise(state, model);
    },
  };
}

type Judged = 'raw' | 'centre' | 'propensity' | 'probability' | 'calibrator' | 'validationAuc';

/** Scores every row with a model, calibrates it on validation and puts it into the study. */
export async function takeModel(
  state: StudyState,
  host: StudyHost,
  run: JobRun,
  given: Pick<ScoredModel, Exclude<keyof ScoredModel, Judged>>,
): Promise<ScoredModel> {
  const { features, labels, splits, choice } = getPrepared(state);
  const raw = await scoreEvery(host, given.trained.model, features, partOf(run.checkpoint, 0, 0.9));
  const validationRaw = pick(raw, splits.validation);
  const validationLabels = pickLabels(labels, splits.validation);
  const calibrator = fitCalibrator(validationRaw, validationLabels, choice.seed);
  // What was trained here is centred by its class weights.
  const centre = isTrainedHere(given.id) ? 0 : fitCentre(validationRaw, validationLabels);
  const model: ScoredModel = {
    ...given,
    raw,
    centre,
    propensity: propensityOf(raw, centre),
    probability: calibrate(calibrator, raw),
    calibrator,
    validationAuc: rocAucOf(validationLabels, validationRaw),
  };
  state.models.set(given.id, model);
  state.bundles.delete(given.id);
  return model;
}

/** The features without those excluded, and which rows learn and choose. */
export function trainingInputOf(state: StudyState, exclude: readonly string[] = []): TrainingInput {
  const { features, labels, splits, choice } = getPrepared(state);
  const columns = features.columns.filter((column) => !exclude.includes(column.name));
  return {
    features: { ...features, columns },
    labels,
    train: splits.train,
    validation: splits.validation,
    seed: choice.seed,
  };
}

/** Raw scores of every row. Throws `model.numeric` where one is no finite number. */
export async function scoreEvery(
  host: StudyHost,
  model: Model,
  features: Frame,
  checkpoint: Checkpoint,
): Promise<Float64Array> {
  const raw = await scoreRows(model, features, {
    kernels: await host.kernels,
    checkpoint,
    stage: 'Scoring every customer',
  });
  if (raw.some((score) => !Number.isFinite(score))) {
    throw new StudioError('model.numeric', 'The model gives scores that are no finite numbers.', {
      fix: 'Lower the learning rate, or look for extreme values in the data.',
    });
  }
  return raw;
}

/** What the page is told of a model. */
export function summarise(state: StudyState, model: ScoredModel): ModelSummary {
  const { id, label, trained, seconds, calibrator, validationAuc } = model;
  const columnsOf = new Map(getPrepared(state).recipe.features.map((feature) => [feature.name, feature.columns]));
  return {
    kind: id,
    label,
    backend: trained.backend,
    trainSeconds: seconds,
    rounds: trained.rounds,
    bestRound: trained.bestRound,
    notes: trained.notes,
    validationAuc,
    calibrator: describeCalibrator(calibrator),
    importance: [...shapOrOwn(model)]
      .map(({ feature, importance }) => ({ feature, columns: columnsOf.get(feature) ?? [], importance }))
      .sort((a, b) => b.importance - a.importance),
  };
}
