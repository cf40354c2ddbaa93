import { calibrationCurve } from '../evaluation/calibration/calibration-curve.ts';
import { confusionAt } from '../evaluation/confusion.ts';
import type { ScoreEvaluation } from '../evaluation/evaluate.ts';
import type { ModelKind } from '../models/model.ts';
import { sigmoid } from '../shared/exact-math.ts';
import type { Figure } from './figure.ts';
import { calibrationFigure } from './figures/calibration.ts';
import { gainsFigure } from './figures/gains.ts';
import { type FeatureImportance, importanceFigure } from './figures/importance.ts';
import { liftFigure } from './figures/lift.ts';
import { precisionRecallFigure } from './figures/precision-recall.ts';
import { rocFigure } from './figures/roc.ts';
import { scoreDistributionFigure } from './figures/score-distribution.ts';

export interface EvaluatedModels {
  /** Deciles, calibration, score distribution and importance are this model's. */
  readonly best: ModelKind;
  readonly cut: number;
  readonly testLabels: Int8Array;
  readonly evaluations: readonly {
    readonly kind: ModelKind;
    readonly label: string;
    readonly evaluation: ScoreEvaluation;
  }[];
  readonly models: readonly { readonly kind: ModelKind; readonly importance: readonly FeatureImportance[] }[];
  /** What the best model's importance counts; by default the model's own measure. */
  readonly importanceMeasure?: string;
  /** The best model's raw scores and probabilities of the test customers. */
  readonly calibration: { readonly raw: Float64Array; readonly probability: Float64Array };
}

const measureOf: Readonly<Record<ModelKind, string>> = {
  logistic: 'Size of the standardised coefficient',
  boosting: 'Loss reduction of its splits (gain)',
  neural: 'Importance',
};

/** The figures of the evaluation: roc, precision-recall, calibration, gains, lift, score-distribution, importance. */
export function evaluationFigures(input: EvaluatedModels): readonly Figure[] {
  const { best, cut, testLabels, evaluations, models, calibration } = input;
  const chosen = evaluations.find((each) => each.kind === best)?.evaluation;
  if (!chosen) return [];
  const curves = evaluations.map(({ kind, label, evaluation }) => ({ name: label, tone: kind, evaluation }));
  const importance = models.find((each) => each.kind === best)?.importance ?? [];
  return [
    rocFigure(
      curves.map(({ name, tone, evaluation }) => ({ name, tone, curve: evaluation.roc, auc: evaluation.metrics.auc })),
    ),
    precisionRecallFigure(
      curves.map(({ name, tone, evaluation }) => ({
        name,
        tone,
        curve: evaluation.precisionRecall,
        prAuc: evaluation.metrics.prAuc.value,
      })),
      chosen.conversions / chosen.rows,
    ),
    calibrationFigure({
      tone: best,
      before: calibrationCurve(testLabels, calibration.raw.map(sigmoid)),
      after: calibrationCurve(testLabels, calibration.probability),
    }),
    gainsFigure(curves.map(({ name, tone, evaluation }) => ({ name, tone, curve: evaluation.gains }))),
    liftFigure(chosen.deciles, best),
    scoreDistributionFigure(chosen.distribution, cut, confusionAt(chosen.cutTable, cut)),
    importanceFigure(importance, { tone: best, measure: input.importanceMeasure ?? measureOf[best] }),
  ];
}
