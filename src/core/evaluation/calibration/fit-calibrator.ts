import { StudioError } from '../../shared/errors.ts';
import { softplus } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import { fitBeta } from './beta.ts';
import { type Calibrator, calibratedLogOdds } from './calibrator.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitPlatt } from './platt.ts';

const foldCount = 5;
/** Below this many conversions isotonic regression follows noise (Niculescu-Mizil and Caruana 2005). */
const isotonicConversions = 1000;

type Fit = (raw: Float64Array, labels: Int8Array) => Calibrator;

/**
 * The calibrator with the lowest cross-fitted log-loss within validation (5 stratified folds), refitted on all of it.
 * With fewer than five conversions (or non-conversions) there is nothing to choose on: Platt.
 */
export function fitCalibrator(raw: Float64Array, labels: Int8Array, seed: number): Calibrator {
  if (raw.length === 0) throw new StudioError('data.empty', 'There are no validation customers to calibrate on.');
  let conversions = 0;
  for (const label of labels) conversions += label;
  if (Math.min(conversions, labels.length - conversions) < foldCount) return fitPlatt(raw, labels);
  const candidates: Fit[] = [fitPlatt, fitBeta];
  if (conversions >= isotonicConversions) candidates.push(fitIsotonic);
  const foldOf = stratifiedFolds(labels, seed);
  let best: Fit = fitPlatt;
  let lowest = Number.POSITIVE_INFINITY;
  for (const fit of candidates) {
    const loss = crossFittedLoss(fit, raw, labels, foldOf);
    if (loss < lowest) {
      lowest = loss;
      best = fit;
    }
  }
  return best(raw, labels);
}

function stratifiedFolds(labels: Int8Array, seed: number): Uint8Array {
  const order = createRandom(seed, 2).shuffle(Uint32Array.from(labels, (_, row) => row));
  const foldOf = new Uint8Array(labels.length);
  const dealt = [0, 0];
  for (const row of order) {
    const label = labels[row] as 0 | 1;
    foldOf[row] = (dealt[label] as number) % foldCount;
    dealt[label] = (dealt[label] as number) + 1;
  }
  return foldOf;
}

function crossFittedLoss(fit: Fit, raw: Float64Array, labels: Int8Array, foldOf: Uint8Array): number {
  let loss = 0;
  for (let fold = 0; fold < foldCount; fold++) {
    const outside = (_: unknown, row: number): boolean => foldOf[row] !== fold;
    const calibrator = fit(raw.filter(outside), labels.filter(outside));
    for (let row = 0; row < raw.length; row++) {
      if (foldOf[row] !== fold) continue;
      const logOdds = calibratedLogOdds(calibrator, raw[row] as number);
      loss += labels[row] === 1 ? softplus(-logOdds) : softplus(logOdds);
    }
  }
  return loss;
}
