import { softplus } from '../../shared/exact-math.ts';
import { type BetaCalibrator, smallestSlope } from './calibrator.ts';
import { fitRisingLogistic } from './newton.ts';

/** Beta calibration: logistic regression on ln s and −ln(1 − s), both coefficients kept positive (Kull 2017, alg. 1). */
export function fitBeta(raw: Float64Array, labels: Int8Array, start?: BetaCalibrator): BetaCalibrator {
  const logScore = raw.map((value) => -softplus(-value));
  const logComplement = raw.map((value) => softplus(value));
  const [a, b, c] = fitRisingLogistic(
    [logScore, logComplement],
    Float64Array.from(labels),
    smallestSlope,
    start && [start.a, start.b, start.c],
  ) as [number, number, number];
  return { kind: 'beta', a, b, c };
}
