import { takeRows } from '../../data/frame.ts';
import { bandTable } from '../../evaluation/bands.ts';
import { compareModels } from '../../evaluation/compare-models.ts';
import { type CutEvaluation, evaluateCut, evaluateScores, type ScoreEvaluation } from '../../evaluation/evaluate.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { meanAbsoluteShap } from '../../explanation/explain.ts';
import { importanceOf, modelCatalogue } from '../../models/catalogue.ts';
import { type ModelKind, modelKinds } from '../../models/model.ts';
import { evaluationVerdict } from '../../reports/verdicts.ts';
import { defaultCutoffs } from '../../scoring/cutoffs.ts';
import type { Checkpoint } from '../../shared/checkpoint.ts';
import type { JobRun } from '../job.ts';
import type { EvaluatedModel, EvaluationSummary } from '../study-contract.ts';
import { evaluationFigures } from './evaluation-figures.ts';
import { summarise } from './models.ts';
import {
  background,
  bestKind,
  everyNth,
  getDataset,
  getModel,
  getPrepared,
  pick,
  pickLabels,
  type StudyState,
} from './state.ts';

/** Every figure that sets scores against outcomes, on test customers alone. */
export function evaluationJobs(state: StudyState) {
  return {
    async evaluate({ cut }: { readonly cut: number }, run: JobRun): Promise<EvaluationSummary> {
      const { labels, splits } = getPrepared(state);
      const dataset = getDataset(state);
      const testLabels = pickLabels(labels, splits.test);
      const kinds = modelKinds.filter((kind) => state.models.has(kind));
      const best = bestKind(state);
      const evaluated: (EvaluatedModel & { readonly scores: ScoreEvaluation; readonly atCut: CutEvaluation })[] = [];
      for (const kind of kinds) {
        await run.checkpoint({
          fraction: evaluated.length / (kinds.length + 1),
          stage: `Evaluating ${modelCatalogue[kind].label}`,
        });
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
        kinds.map((kind) => ({
          kind,
          label: modelCatalogue[kind].label,
          ranking: pick(getModel(state, kind).raw, splits.test),
        })),
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
  };
}

/** The test figures of a model, made once. */
function evaluationOf(state: StudyState, kind: ModelKind, testLabels: Int8Array): ScoreEvaluation {
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
