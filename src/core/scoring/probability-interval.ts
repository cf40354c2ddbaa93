import type { Calibrator } from '../evaluation/calibration/calibrator.ts';
import { calibratedLogOdds } from '../evaluation/calibration/calibrator.ts';
import { fitBeta } from '../evaluation/calibration/beta.ts';
import { fitIsotonic } from '../evaluation/calibration/isotonic.ts';
import { fitPlatt } from '../evaluation/calibration/platt.ts';
import { noCheckpoint } from '../shared/checkpoint.ts';
import { sigmoid } from '../shared/exact-math.ts';
import { createRandom } from '../shared/random.ts';
import { ascendingValues, quantiles, sortedQuantile } from '../shared/statistics.ts';

/**
 * Where the conversion rate of customers scored like this one lies with 90 % confidence: how far the bounds' log-odds lie
 * from the calibrator's, at rising raw scores; straight lines between, flat outside. What the model itself might have
 * learned otherwise is not in it.
 */
export interface ProbabilityIntervals {
  readonly raw: readonly number[];
  /** 0 or less. */
  readonly low: readonly number[];
  /** 0 or more. */
  readonly high: readonly number[];
}

const resampleCount = 60;
/**
 * Where the 5 % lies among so few resamples, so that a fresh one falls below it 5 times in 100 (plotting position i/(n+1)):
 * the sample's own 5 % quantile would make intervals too narrow.
 */
const tail = ((resampleCount + 1) * 0.05 - 1) / (resampleCount - 1);
const knotCount = 33;
/** Of conversions and of others: below this a resample says next to nothing. */
const fewest = 10;

/**
 * Percentile bootstrap of the calibrator (Efron and Tibshirani 1993, chapter 13): refitted on resamples of the customers it
 * was fitted on, 5 % and 95 % of its log-odds at quantiles of their scores. Undefined with too few conversions to tell.
 */
export async function fitProbabilityIntervals(
  calibrator: Calibrator,
  raw: Float64Array,
  labels: Int8Array,
  seed: number,
  checkpoint = noCheckpoint,
): Promise<ProbabilityIntervals | undefined> {
  const conversions = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(conversions, labels.length - conversions) < fewest) return undefined;
  const random = createRandom(seed, 6);
  const places = Array.from({ length: knotCount }, (_, i) => i / (knotCount - 1));
  const knots = [...new Set(quantiles(raw, places))];
  const sampledRaw = new Float64Array(raw.length);
  const sampledLabels = new Int8Array(raw.length);
  const logOdds = knots.map(() => new Float64Array(resampleCount));
  for (let resample = 0; resample < resampleCount; resample++) {
    await checkpoint({ fraction: resample / resampleCount, stage: 'Fitting intervals of the conversion probability' });
    for (let i = 0; i < raw.length; i++) {
      const row = random.integer(raw.length);
      sampledRaw[i] = raw[row] as number;
      sampledLabels[i] = labels[row] as number;
    }
    const refit = refitOf(calibrator, sampledRaw, sampledLabels);
    knots.forEach((knot, k) => {
      (logOdds[k] as Float64Array)[resample] = calibratedLogOdds(refit, knot);
    });
  }
  const offset = (p: number, k: number): number =>
    sortedQuantile(ascendingValues(logOdds[k] as Float64Array), p) - calibratedLogOdds(calibrator, knots[k] as number);
  return {
    raw: knots,
    low: knots.map((_, k) => Math.min(0, offset(tail, k))),
    high: knots.map((_, k) => Math.max(0, offset(1 - tail, k))),
  };
}

/** Lower and upper bound of one raw score's conversion probability; the calibrated figure lies between. */
export function intervalOf(
  intervals: ProbabilityIntervals,
  calibrator: Calibrator,
  raw: number,
): { readonly low: number; readonly high: number } {
  const middle = calibratedLogOdds(calibrator, raw);
  return {
    low: sigmoid(middle + interpolate(intervals.raw, intervals.low, raw)),
    high: sigmoid(middle + interpolate(intervals.raw, intervals.high, raw)),
  };
}

function refitOf(calibrator: Calibrator, raw: Float64Array, labels: Int8Array): Calibrator {
  switch (calibrator.kind) {
    case 'platt':
      return fitPlatt(raw, labels, calibrator);
    case 'beta':
      return fitBeta(raw, labels, calibrator);
    case 'isotonic':
      return fitIsotonic(raw, labels);
  }
}

function interpolate(knots: readonly number[], values: readonly number[], at: number): number {
  let above = 0;
  while (above < knots.length && (knots[above] as number) < at) above++;
  if (above === 0) return values[0] as number;
  if (above === knots.length) return values[above - 1] as number;
  const from = knots[above - 1] as number;
  const part = (at - from) / ((knots[above] as number) - from);
  return (values[above - 1] as number) + part * ((values[above] as number) - (values[above - 1] as number));
}
