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

/**
 * The calibrator with the lowest cross-fitted log-loss within validation (5 stratified folds), refitted on all of it.
 * With fewer than five conversions (or non-conversions) there is nothing to choose on: Platt.
 */
export function fitCalibrator(raw: Float64Array, labels: Int8Array, seed: number): Calibrator {
  if (raw.length === 0) throw new StudioError('data.empty', 'There are no validation customers to calibrate on.');
  let conversions = 0;
  for (const label of labels) conversions += label;
  const platt = fitPlatt(raw, labels);
  if (Math.min(conversions, labels.length - conversions) < foldCount) return platt;
  const beta = fitBeta(raw, labels);
  const folds = dealFolds(raw, labels, seed);
  // The folds start from the fit to all rows: it is near, and the optimum does not depend on the start.
  const choices: { readonly calibrator: Calibrator; readonly loss: number }[] = [
    { calibrator: platt, loss: crossFittedLoss(folds, (x, y) => fitPlatt(x, y, platt)) },
    { calibrator: beta, loss: crossFittedLoss(folds, (x, y) => fitBeta(x, y, beta)) },
  ];
  if (conversions >= isotonicConversions) {
    choices.push({ calibrator: fitIsotonic(raw, labels), loss: crossFittedLoss(folds, fitIsotonic) });
  }
  return choices.reduce((best, each) => (each.loss < best.loss ? each : best)).calibrator;
}

interface Fold {
  readonly raw: Float64Array;
  readonly labels: Int8Array;
  readonly heldRaw: Float64Array;
  readonly heldLabels: Int8Array;
}

function dealFolds(raw: Float64Array, labels: Int8Array, seed: number): readonly Fold[] {
  const foldOf = stratifiedFolds(labels, seed);
  return Array.from({ length: foldCount }, (_, fold) => {
    const inside = (_value: number, row: number): boolean => foldOf[row] === fold;
    const outside = (_value: number, row: number): boolean => foldOf[row] !== fold;
    return {
      raw: raw.filter(outside),
      labels: labels.filter(outside),
      heldRaw: raw.filter(inside),
      heldLabels: labels.filter(inside),
    };
  });
}

function crossFittedLoss(folds: readonly Fold[], fit: (raw: Float64Array, labels: Int8Array) => Calibrator): number {
  let loss = 0;
  for (const { raw, labels, heldRaw, heldLabels } of folds) {
    const calibrator = fit(raw, labels);
    for (let row = 0; row < heldRaw.length; row++) {
      const logOdds = calibratedLogOdds(calibrator, heldRaw[row] as number);
      loss += heldLabels[row] === 1 ? softplus(-logOdds) : softplus(logOdds);
    }
  }
  return loss;
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
