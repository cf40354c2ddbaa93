import { calibrationCurve } from '../../evaluation/calibration/calibration-curve.ts';
import type { Confusion } from '../../evaluation/confusion.ts';
import type { ScoreEvaluation } from '../../evaluation/evaluate.ts';
import type { Figure } from '../../reports/figure.ts';
import { calibrationFigure } from '../../reports/figures/calibration.ts';
import { gainsFigure } from '../../reports/figures/gains.ts';
import { importanceFigure } from '../../reports/figures/importance.ts';
import { liftFigure } from '../../reports/figures/lift.ts';
import { precisionRecallFigure } from '../../reports/figures/precision-recall.ts';
import { rocFigure } from '../../reports/figures/roc.ts';
import { scoreDistributionFigure } from '../../reports/figures/score-distribution.ts';
import type { ModelId } from '../model-id.ts';

export interface FigureInput {
  readonly cut: number;
  readonly best: ModelId;
  readonly models: readonly {
    readonly kind: ModelId;
    readonly label: string;
    readonly evaluation: ScoreEvaluation;
  }[];
  /** Of the best model, on test customers. */
  readonly labels: Int8Array;
  readonly propensity: Float64Array;
  readonly probability: Float64Array;
  readonly confusion: Confusion;
  readonly importance: readonly { readonly feature: string; readonly importance: number }[];
  readonly importanceMeasure: string;
}

/** Every picture of the Evaluate page: the curves of all models, the rest of the best one. */
export function evaluationFigures(input: FigureInput): readonly Figure[] {
  const { models, best, cut } = input;
  const chosen = models.find(({ kind }) => kind === best)?.evaluation as ScoreEvaluation;
  const curves = (of: (evaluation: ScoreEvaluation) => ScoreEvaluation['roc']) =>
    models.map(({ kind, label, evaluation }) => ({
      name: label,
      tone: kind,
      curve: of(evaluation),
      auc: evaluation.metrics.auc,
      prAuc: evaluation.metrics.prAuc.value,
    }));
  return [
    rocFigure(curves((evaluation) => evaluation.roc)),
    precisionRecallFigure(
      curves((evaluation) => evaluation.precisionRecall),
      chosen.conversions / chosen.rows,
    ),
    calibrationFigure({
      tone: best,
      before: calibrationCurve(input.labels, input.propensity),
      after: calibrationCurve(input.labels, input.probability),
    }),
    gainsFigure(curves((evaluation) => evaluation.gains)),
    liftFigure(chosen.deciles, best),
    scoreDistributionFigure(chosen.distribution, cut, input.confusion),
    importanceFigure(input.importance, { tone: best, measure: input.importanceMeasure }),
  ];
}
