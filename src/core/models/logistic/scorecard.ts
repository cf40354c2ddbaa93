import type { CategoryColumn, Frame, NumberColumn } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { log } from '../../shared/exact-math.ts';
import type { TrainingContext, TrainingInput } from '../model.ts';
import { openLoss } from './loss.ts';
import { newton } from './newton.ts';
import { penaltyOf } from './penalty.ts';
import { type BinningOptions, binFeature, type EvidenceBin, type FeatureBins } from './scorecard-bins.ts';
import { startPoint } from './start-point.ts';

/** A score to be added up by hand: base points and, for every feature, the points of the bin that a customer falls into. */
export interface Scorecard {
  /** Whole points. Together they are the score of someone whose every bin has 0 points. */
  readonly basePoints: number;
  readonly features: readonly ScorecardFeature[];
  readonly scale: ScorecardScale;
  /** Features left out because no bin tells customers apart. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
}

export interface ScorecardFeature {
  readonly name: string;
  /** Below 0.02 useless, to 0.1 weak, to 0.3 medium, above strong; above 0.5 suspicious (Siddiqi 2006). */
  readonly informationValue: number;
  /** Of the feature's weight of evidence. */
  readonly coefficient: number;
  readonly bins: readonly (EvidenceBin & { readonly points: number })[];
}

/** score = baseScore where the odds of converting are baseOdds to 1; pointsToDouble more where they are twice as high. */
export interface ScorecardScale {
  readonly baseScore: number;
  readonly baseOdds: number;
  readonly pointsToDouble: number;
}

export interface ScorecardOptions extends BinningOptions {
  readonly scale: ScorecardScale;
  /** Features with less information are left out. */
  readonly leastInformation: number;
  /** Of the penalty on the coefficients: mild, so that features that say the same keep their sign. */
  readonly c: number;
}

export const usualScorecard: ScorecardOptions = {
  maxBins: 6,
  leastShare: 0.03,
  scale: { baseScore: 500, baseOdds: 0.1, pointsToDouble: 40 },
  leastInformation: 0.02,
  c: 1,
};

/** A scorecard with what is needed to apply it. */
export interface FittedScorecard {
  readonly card: Scorecard;
  /** Points of every row: base points and those of its bins. */
  readonly points: (features: Frame) => Float64Array;
}

/**
 * Bins every feature, weighs its bins by their evidence, and fits an unweighted logistic regression on these weights
 * (Siddiqi 2006). A bin's points are its part of the log-odds, scaled and rounded.
 */
export async function fitScorecard(
  input: TrainingInput,
  context: TrainingContext,
  options: ScorecardOptions = usualScorecard,
): Promise<FittedScorecard> {
  const { features, labels, train } = input;
  const binned = features.columns.map((column) =>
    binFeature(column as NumberColumn | CategoryColumn, train, labels, options),
  );
  const used = binned.filter(({ informationValue }) => informationValue >= options.leastInformation);
  const { intercept, coefficients } = await fitEvidence(used, input, context, options.c);
  const factor = options.scale.pointsToDouble / log(2);
  const { baseScore, baseOdds } = options.scale;
  const card: Scorecard = {
    basePoints: Math.round(baseScore + factor * (intercept - log(baseOdds))),
    features: used.map(({ name, informationValue, bins }, j) => {
      const coefficient = coefficients[j] as number;
      const pointed = bins.map((bin) => ({
        ...bin,
        points: Math.round(factor * coefficient * bin.weightOfEvidence) + 0,
      }));
      return { name, informationValue, coefficient, bins: pointed };
    }),
    scale: options.scale,
    leftOut: binned.filter((each) => !used.includes(each)).map(({ name }) => name),
    notes: used.flatMap(({ name, informationValue }, j) => notesOf(name, informationValue, coefficients[j] as number)),
  };
  return { card, points: (frame) => addPoints(card, used, frame) };
}

function notesOf(name: string, informationValue: number, coefficient: number): string[] {
  const notes = [];
  if (informationValue > 0.5) {
    notes.push(
      `${name} tells very much (information value ${informationValue.toFixed(2)}): look whether it is known only after the outcome.`,
    );
  }
  if (coefficient < 0) notes.push(`${name} counts against its own evidence: another feature says the same.`);
  return notes;
}

/** Unweighted regression on the weights of evidence, l2-penalised; they need no standardisation: all are log-odds. */
async function fitEvidence(used: readonly FeatureBins[], input: TrainingInput, context: TrainingContext, c: number) {
  const { labels, train, features } = input;
  const columns = used.map(({ name, bins, binOf }): NumberColumn => {
    const evidence = Float64Array.from(bins, ({ weightOfEvidence }) => weightOfEvidence);
    return { kind: 'number', name, values: Float64Array.from(binOf(features), (bin) => evidence[bin] as number) };
  });
  const encoding = {
    width: used.length,
    columns: used.map(({ name }, slot) => {
      return { kind: 'number', name, mean: 0, scale: 1, slot, missingIndicator: false } as const;
    }),
  };
  const weights = new Float64Array(train.length).fill(1);
  const onStep = () => context.checkpoint({ fraction: 0.5, stage: 'Fitting the scorecard' });
  const data = { features: createFrame(columns, features.rowCount), encoding, rows: train, labels, weights };
  const loss = await openLoss(context.kernels, data, onStep);
  try {
    const penalty = penaltyOf({ penalised: true, l1Ratio: 0 }, c, train.length);
    const start = await startPoint(loss, data, true);
    const { point } = await newton(loss, start, { penalty, tolerance: 1e-12, maxSteps: 100, onStep });
    return { intercept: point.coefficients[0] as number, coefficients: point.coefficients.subarray(1) };
  } finally {
    loss.close();
  }
}

function addPoints(card: Scorecard, used: readonly FeatureBins[], frame: Frame): Float64Array {
  const points = new Float64Array(frame.rowCount).fill(card.basePoints);
  used.forEach(({ binOf }, j) => {
    const ofBin = (card.features[j] as ScorecardFeature).bins.map((bin) => bin.points);
    binOf(frame).forEach((bin, row) => {
      points[row] = (points[row] as number) + (ofBin[bin] as number);
    });
  });
  return points;
}
