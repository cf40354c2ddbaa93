import { type Frame, sliceRows, takeRows } from '../../data/frame.ts';
import { bandTable } from '../../evaluation/bands.ts';
import { calibrate, describeCalibrator } from '../../evaluation/calibration/calibrator.ts';
import { fitCalibrator } from '../../evaluation/calibration/fit-calibrator.ts';
import { compareModels } from '../../evaluation/compare-models.ts';
import { type CutEvaluation, evaluateCut, evaluateScores, type ScoreEvaluation } from '../../evaluation/evaluate.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { meanAbsoluteShap } from '../../explanation/explain.ts';
import { importanceOf, modelCatalogue, rawScores } from '../../models/catalogue.ts';
import type { Model, ModelKind, TrainingInput } from '../../models/model.ts';
import { modelKinds } from '../../models/model.ts';
import { confidenceVerdict, evaluationVerdict } from '../../reports/verdicts.ts';
import { confidenceOf, fitConfidence } from '../../scoring/confidence.ts';
import { defaultCutoffs } from '../../scoring/cutoffs.ts';
import { type Checkpoint, partOf } from '../../shared/checkpoint.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type {
  ConfidenceSummary,
  EvaluatedModel,
  EvaluationSummary,
  ModelSummary,
  StudyJobs,
} from '../study-contract.ts';
import { evaluationFigures } from './evaluation-figures.ts';
import { background, bestKind, everyNth, getDataset, getModel, getPrepared, pick, pickLabels, type ScoredModel, type StudyState } from './state.ts';

type Accept = Parameters<StudyJobs['acceptModel']>[0];

const refitCount = 10;

export function modelJobs(state: StudyState) {
  const trainingInput = (exclude: readonly string[] = []): TrainingInput => {
    const { features, labels, splits, choice } = getPrepared(state);
    const columns = features.columns.filter((column) => !exclude.includes(column.name));
    return { features: { ...features, columns }, labels, train: splits.train, validation: splits.validation, seed: choice.seed };
  };
  return {
    async trainingInput({ exclude }: { readonly exclude?: readonly string[] }): Promise<TrainingInput> {
      return trainingInput(exclude);
    },

    async acceptModel({ trained, seconds, parameters }: Accept, run: JobRun): Promise<ModelSummary> {
      const { features, labels, splits, choice } = getPrepared(state);
      const raw = await scoreRows(trained.model, features, run.checkpoint);
      const validationRaw = pick(raw, splits.validation);
      const validationLabels = pickLabels(labels, splits.validation);
      const calibrator = fitCalibrator(validationRaw, validationLabels, choice.seed);
      const model: ScoredModel = {
        trained,
        seconds,
        parameters,
        raw,
        propensity: raw.map(sigmoid),
        probability: calibrate(calibrator, raw),
        calibrator,
        validationAuc: rocAucOf(validationLabels, validationRaw),
      };
      state.models.set(trained.model.kind, model);
      if (state.confidence?.kind === trained.model.kind) delete state.confidence;
      return summarise(state, model);
    },

    async evaluate({ cut }: { readonly cut: number }, run: JobRun): Promise<EvaluationSummary> {
      const { labels, splits } = getPrepared(state);
      const dataset = getDataset(state);
      const testLabels = pickLabels(labels, splits.test);
      const kinds = modelKinds.filter((kind) => state.models.has(kind));
      const best = bestKind(state);
      const evaluated: (EvaluatedModel & { readonly scores: ScoreEvaluation; readonly atCut: CutEvaluation })[] = [];
      for (const kind of kinds) {
        await run.checkpoint({ fraction: evaluated.length / (kinds.length + 1), stage: `Evaluating ${modelCatalogue[kind].label}` });
        const scores = evaluationOf(state, kind, testLabels);
        await explainAll(state, kind, run.checkpoint);
        const atCut = evaluateCut(scores, cut);
        evaluated.push({
          ...summarise(state, getModel(state, kind)),
          metrics: { ...scores.metrics, ...atCut.metrics },
          bands: bandTable(testLabels, pick(getModel(state, kind).propensity, splits.test), defaultCutoffs),
          confusion: atCut.confusion,
          scores,
          atCut,
        });
      }
      await run.checkpoint({ fraction: 0.9, stage: 'Comparing the models' });
      const comparisons = compareModels(
        testLabels,
        kinds.map((kind) => ({ kind, label: modelCatalogue[kind].label, ranking: pick(getModel(state, kind).raw, splits.test) })),
      );
      const { trueProbability } = dataset.table;
      const oracleAuc = trueProbability ? rocAucOf(testLabels, pick(trueProbability, splits.test)) : undefined;
      const bestModel = getModel(state, best);
      const bestEvaluation = evaluationOf(state, best, testLabels);
      const summary = {
        cut,
        best,
        models: evaluated.map(({ scores: _, atCut: __, ...model }) => model),
        comparisons,
        deciles: bestEvaluation.deciles,
        testRows: splits.test.length,
        testConversions: bestEvaluation.conversions,
        ...(oracleAuc === undefined ? {} : { oracleAuc }),
      };
      state.cut = cut;
      return {
        ...summary,
        figures: evaluationFigures({
          cut,
          best,
          models: evaluated.map(({ kind, label, scores }) => ({ kind, label, evaluation: scores })),
          labels: testLabels,
          propensity: pick(bestModel.propensity, splits.test),
          probability: pick(bestModel.probability, splits.test),
          confusion: evaluateCut(bestEvaluation, cut).confusion,
          importance: bestModel.shap ?? importanceOf(bestModel.trained.model),
          importanceMeasure: bestModel.shap ? 'Mean |SHAP|, in log-odds' : 'Weight of the connections',
        }),
        verdict: evaluationVerdict(summary),
      };
    },

    async refitRequest() {
      const kind = bestKind(state);
      const { trained, parameters } = getModel(state, kind);
      const { splits } = getPrepared(state);
      return { kind, input: trainingInput(), parameters, trained, refits: refitCount, rows: splits.validation };
    },

    async acceptRefits({ kind, rawScores: refits }: { readonly kind: ModelKind; readonly rawScores: readonly Float64Array[] }): Promise<ConfidenceSummary> {
      const { splits } = getPrepared(state);
      const { propensity } = getModel(state, kind);
      const table = fitConfidence(
        pick(propensity, splits.validation),
        refits.map((raw) => raw.map(sigmoid)),
        defaultCutoffs,
      );
      state.confidence = { kind, table };
      let sum = 0;
      for (const row of splits.test) sum += confidenceOf(table, propensity[row] as number);
      const meanConfidence = sum / splits.test.length;
      return { refits: refits.length, meanConfidence, sentence: confidenceVerdict(refits.length, meanConfidence) };
    },
  };
}

/** The test figures of a model, made once. */
export function evaluationOf(state: StudyState, kind: ModelKind, testLabels: Int8Array): ScoreEvaluation {
  const model = getModel(state, kind);
  const { splits, choice } = getPrepared(state);
  model.evaluation ??= evaluateScores({
    labels: testLabels,
    ranking: pick(model.raw, splits.test),
    probability: pick(model.probability, splits.test),
    propensity: pick(model.propensity, splits.test),
    seed: choice.seed,
  });
  return model.evaluation;
}

/** Test customers that the mean |SHAP| of a model is taken over. */
const shapRows = 1_000;

/** Global importance where attributions are exact and cheap; the network keeps its own measure. */
async function explainAll(state: StudyState, kind: ModelKind, checkpoint: Checkpoint): Promise<void> {
  const model = getModel(state, kind);
  if (kind === 'neural' || model.shap) return;
  const { features, splits } = getPrepared(state);
  const rows = takeRows(features, everyNth(splits.test, shapRows));
  const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
  model.shap = await meanAbsoluteShap(model.trained.model, rows, all, stay(checkpoint), background(state));
}

/** Lets messages in without moving the bar of the larger job. */
function stay(checkpoint: Checkpoint): Checkpoint {
  return ({ stage }) => checkpoint({ fraction: 0.5, stage });
}

const scoringRows = 32_768;

/** Raw scores of every row, in chunks that let messages in. */
export async function scoreRows(model: Model, features: Frame, checkpoint: Checkpoint): Promise<Float64Array> {
  const { rowCount } = features;
  const raw = new Float64Array(rowCount);
  const report = partOf(checkpoint, 0, 0.9);
  for (let from = 0; from < rowCount; from += scoringRows) {
    const to = Math.min(rowCount, from + scoringRows);
    raw.set(rawScores(model, sliceRows(features, from, to)), from);
    await report({ fraction: to / rowCount, stage: 'Scoring every customer' });
  }
  if (raw.some((score) => !Number.isFinite(score))) {
    throw new StudioError('model.numeric', 'The model gives scores that are no finite numbers.', {
      fix: 'Lower the learning rate, or look for extreme values in the data.',
    });
  }
  return raw;
}

function summarise(state: StudyState, model: ScoredModel): ModelSummary {
  const { trained, seconds, calibrator, validationAuc } = model;
  const columnsOf = new Map(getPrepared(state).recipe.features.map((feature) => [feature.name, feature.columns]));
  return {
    kind: trained.model.kind,
    label: modelCatalogue[trained.model.kind].label,
    backend: trained.backend,
    trainSeconds: seconds,
    rounds: trained.rounds,
    bestRound: trained.bestRound,
    notes: trained.notes,
    validationAuc,
    calibrator: describeCalibrator(calibrator),
    importance: (model.shap ?? importanceOf(trained.model))
      .map(({ feature, importance }) => ({ feature, columns: columnsOf.get(feature) ?? [], importance }))
      .sort((a, b) => b.importance - a.importance),
  };
}
