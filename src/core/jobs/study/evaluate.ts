import { bandTable } from '../../evaluation/bands.ts';
import { compareModels } from '../../evaluation/compare-models.ts';
import { type CutEvaluation, evaluateCut, evaluateScores, type ScoreEvaluation } from '../../evaluation/evaluate.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { evaluationVerdict } from '../../reports/verdicts.ts';
import { defaultCutoffs } from '../../scoring/cutoffs.ts';
import type { JobRun } from '../job.ts';
import { type ModelId, modelIds } from '../model-id.ts';
import type { EvaluatedModel, EvaluationSummary } from '../study-contract.ts';
import { evaluationFigures } from './evaluation-figures.ts';
import { explainAll, shapOrOwn, shapOrOwnWords } from './importance.ts';
import { summarise } from './models.ts';
import {
  bestModel,
  getDataset,
  getModel,
  getPrepared,
  pick,
  pickLabels,
  type StudyHost,
  type StudyState,
} from './state.ts';

/** Every figure that sets scores against outcomes, on test customers alone. */
export function evaluationJobs(state: StudyState, host: StudyHost) {
  return {
    async evaluate({ cut }: { readonly cut: number }, run: JobRun): Promise<EvaluationSummary> {
      const { labels, splits } = getPrepared(state);
      const dataset = getDataset(state);
      const testLabels = pickLabels(labels, splits.test);
      const ids = modelIds.filter((id) => state.models.has(id));
      const best = bestModel(state);
      const evaluated: (EvaluatedModel & { readonly scores: ScoreEvaluation; readonly atCut: CutEvaluation })[] = [];
      for (const id of ids) {
        const model = getModel(state, id);
        await run.checkpoint({
          fraction: evaluated.length / (ids.length + 1),
          stage: `Evaluating ${model.label}`,
        });
        const scores = evaluationOf(state, id, testLabels);
        await explainAll(state, host, id, run.checkpoint);
        const atCut = evaluateCut(scores, cut);
        evaluated.push({
          ...summarise(state, model),
          metrics: { ...scores.metrics, ...atCut.metrics },
          bands: bandTable(testLabels, pick(model.propensity, splits.test), defaultCutoffs),
          confusion: atCut.confusion,
          scores,
          atCut,
        });
      }
      await run.checkpoint({ fraction: 0.9, stage: 'Comparing the models' });
      const comparisons = compareModels(
        testLabels,
        ids.map((kind) => ({
          kind,
          label: getModel(state, kind).label,
          ranking: pick(getModel(state, kind).raw, splits.test),
        })),
      );
      const { trueProbability } = dataset.table;
      const oracleAuc = trueProbability ? rocAucOf(testLabels, pick(trueProbability, splits.test)) : undefined;
      const chosen = getModel(state, best);
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
          propensity: pick(chosen.propensity, splits.test),
          probability: pick(chosen.probability, splits.test),
          confusion: evaluateCut(bestEvaluation, cut).confusion,
          importance: shapOrOwn(chosen),
          importanceMeasure: shapOrOwnWords(chosen),
        }),
        verdict: evaluationVerdict(summary),
      };
    },
  };
}

/** The test figures of a model, made once. */
function evaluationOf(state: StudyState, id: ModelId, testLabels: Int8Array): ScoreEvaluation {
  const model = getModel(state, id);
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
