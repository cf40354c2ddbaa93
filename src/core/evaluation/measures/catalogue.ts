import { accuracy } from './accuracy.ts';
import { averagePrecision } from './average-precision.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { brier } from './brier.ts';
import { capture10 } from './capture10.ts';
import { expectedCalibrationError } from './expected-calibration-error.ts';
import { f1 } from './f1.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { lift10 } from './lift10.ts';
import { logLoss } from './log-loss.ts';
import { matthewsCorrelation } from './matthews-correlation.ts';
import type { CutMeasure, ScoreMeasure } from './measure.ts';
import { precision } from './precision.ts';
import { recall } from './recall.ts';
import { rocAuc } from './roc-auc.ts';

/** Measures of the ranking and of the probability: independent of the cut. */
export const scoreMeasures = {
  auc: rocAuc,
  prAuc: averagePrecision,
  lift10,
  capture10,
  ks: kolmogorovSmirnov,
  logLoss,
  brier,
  ece: expectedCalibrationError,
} as const satisfies Readonly<Record<string, ScoreMeasure>>;

/** Measures of the decisions at the cut. */
export const cutMeasures = {
  precision,
  recall,
  f1,
  accuracy,
  balancedAccuracy,
  mcc: matthewsCorrelation,
} as const satisfies Readonly<Record<string, CutMeasure>>;

export type ScoreMeasureName = keyof typeof scoreMeasures;
export type CutMeasureName = keyof typeof cutMeasures;
