import { createRandom } from '../shared/random.ts';
import { type Banded, bandOfResamples } from './banded.ts';
import { bootstrapMeasures } from './bootstrap.ts';
import { type Confusion, type CutTable, confusionAt, makeCutTable } from './confusion.ts';
import { type Curve, gainsCurve, precisionRecallCurve, rocCurve } from './curves.ts';
import { type DecileRow, decilesOf } from './deciles.ts';
import { type CutMeasureName, cutMeasures, type ScoreMeasureName } from './measures/catalogue.ts';
import { resampleConfusion } from './multinomial.ts';
import { type ScoreDistribution, scoreDistribution } from './score-distribution.ts';
import { groupByScore } from './score-groups.ts';

/** Test customers (or out-of-fold scores) of one model, row by row. */
export interface ScoredCustomers {
  /** 0 or 1. */
  readonly labels: Int8Array;
  /** Raw scores: they rank. */
  readonly ranking: Float64Array;
  /** Calibrated conversion probability. */
  readonly probability: Float64Array;
  /** Propensity score, 0 to 1: the cut is set on it. */
  readonly propensity: Float64Array;
  readonly seed: number;
}

/** Everything that does not depend on the cut, and what a moved cut needs. */
export interface ScoreEvaluation {
  readonly rows: number;
  readonly conversions: number;
  readonly metrics: Record<ScoreMeasureName, Banded>;
  readonly roc: Curve;
  readonly precisionRecall: Curve;
  readonly gains: Curve;
  readonly deciles: readonly DecileRow[];
  readonly distribution: ScoreDistribution;
  readonly cutTable: CutTable;
  readonly seed: number;
}

export interface CutEvaluation {
  readonly cut: number;
  readonly metrics: Record<CutMeasureName, Banded>;
  readonly confusion: Confusion;
}

/** Each headline figure with its 95 % band. */
export type HeadlineMetrics = Readonly<Record<ScoreMeasureName | CutMeasureName, Banded>>;

export interface Evaluation extends Omit<ScoreEvaluation, 'metrics'> {
  readonly cut: number;
  readonly metrics: HeadlineMetrics;
  readonly confusion: Confusion;
}

/** The costly half: sorts once and resamples. Bands carry the noise of the test sample, not that of training again. */
export function evaluateScores(scored: ScoredCustomers): ScoreEvaluation {
  const { labels, seed } = scored;
  const ranking = groupByScore(labels, scored.ranking);
  const probability = groupByScore(labels, scored.probability);
  const propensity = groupByScore(labels, scored.propensity).groups;
  return {
    rows: labels.length,
    conversions: ranking.groups.positiveTotal,
    metrics: bootstrapMeasures({ labels, ranking, probability }, seed),
    roc: rocCurve(ranking.groups),
    precisionRecall: precisionRecallCurve(ranking.groups),
    gains: gainsCurve(ranking.groups),
    deciles: decilesOf(probability.groups),
    distribution: scoreDistribution(labels, scored.propensity),
    cutTable: makeCutTable(propensity),
    seed,
  };
}

const cutResamples = 500;

/** The quick half: everyone with a propensity score of at least `cut` is taken. Well under a millisecond. */
export function evaluateCut(evaluation: ScoreEvaluation, cut: number): CutEvaluation {
  const confusion = confusionAt(evaluation.cutTable, cut);
  const random = createRandom(evaluation.seed, 1);
  const resamples = Array.from({ length: cutResamples }, () => resampleConfusion(confusion, random));
  const metrics = Object.entries(cutMeasures).map(([name, measure]) => [
    name,
    bandOfResamples(
      measure.of(confusion),
      Float64Array.from(resamples, (each) => measure.of(each)),
    ),
  ]);
  return { cut, confusion, metrics: Object.fromEntries(metrics) as Record<CutMeasureName, Banded> };
}

/** Both halves in one. */
export function evaluate(scored: ScoredCustomers & { readonly cut: number }): Evaluation {
  const evaluation = evaluateScores(scored);
  const { cut, confusion, metrics } = evaluateCut(evaluation, scored.cut);
  return { ...evaluation, cut, confusion, metrics: { ...evaluation.metrics, ...metrics } };
}
