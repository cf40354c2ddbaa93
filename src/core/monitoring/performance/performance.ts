import { type CalibrationPoint, calibrationCurve } from '../../evaluation/calibration/calibration-curve.ts';
import { delongTest } from '../../evaluation/delong.ts';
import { log } from '../../shared/exact-math.ts';
import { mean, standardDeviation, sum } from '../../shared/statistics.ts';

/** Scored customers, row by row; a label of −1 is not known (yet): such a customer is left out, never a "no". */
export interface ScoredWindow {
  readonly labels: Int8Array;
  /** Propensity score, 0 to 1: it ranks, and the cut is set on it. */
  readonly propensity: Float64Array;
  /** Calibrated conversion probability. */
  readonly probability: Float64Array;
}

/** A figure with its standard error; NaN where it is not defined (one class only, nobody above the cut). */
export interface Measured {
  readonly value: number;
  readonly standardError: number;
}

/** What is watched once outcomes are known. Calibration is conversions observed over conversions expected: 1 is right. */
export const performanceMetrics = {
  auc: { label: 'AUC', better: 'higher' },
  precision: { label: 'Precision', better: 'higher' },
  recall: { label: 'Recall', better: 'higher' },
  logLoss: { label: 'Log-loss', better: 'lower' },
  calibration: { label: 'Calibration (observed ÷ expected)', better: 'near 1' },
} as const;

export type PerformanceMetric = keyof typeof performanceMetrics;
export const performanceMetricNames = Object.keys(performanceMetrics) as PerformanceMetric[];

/** Plain JSON, without customers: the reference's travels in the bundle. */
export interface Performance {
  /** Customers whose outcome is known. */
  readonly rows: number;
  readonly conversions: number;
  readonly baseRate: number;
  /** Propensity score from which customers are taken for precision and recall. */
  readonly cut: number;
  readonly metrics: Readonly<Record<PerformanceMetric, Measured>>;
  /** Probability against outcome over ten equal groups; none of nobody. */
  readonly curve: readonly CalibrationPoint[];
}

const epsilon = Number.EPSILON;
const undefinedHere: Measured = { value: Number.NaN, standardError: Number.NaN };

/** AUC (standard error by DeLong 1988), precision and recall at the cut, log-loss and calibration of the labelled customers. */
export function measurePerformance(window: ScoredWindow, cut: number): Performance {
  const { labels, propensity, probability } = onlyLabelled(window);
  const rows = labels.length;
  const conversions = labels.reduce((total, label) => total + label, 0);
  let taken = 0;
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    if ((propensity[row] as number) < cut) continue;
    taken++;
    hits += labels[row] as number;
  }
  const losses = Float64Array.from(labels, (label, row) => {
    const chance = Math.min(1 - epsilon, Math.max(epsilon, probability[row] as number));
    return -log(label === 1 ? chance : 1 - chance);
  });
  return {
    rows,
    conversions,
    baseRate: rows === 0 ? Number.NaN : conversions / rows,
    cut,
    metrics: {
      auc: aucOf(labels, propensity, conversions),
      precision: shareOf(hits, taken),
      recall: shareOf(hits, conversions),
      logLoss: rows < 2 ? undefinedHere : errorOfMean(losses),
      calibration: calibrationOf(conversions, probability),
    },
    curve: rows === 0 ? [] : calibrationCurve(labels, probability),
  };
}

/** The customers whose outcome is known. */
export function onlyLabelled({ labels, propensity, probability }: ScoredWindow): ScoredWindow {
  if (!labels.includes(-1)) return { labels, propensity, probability };
  const known = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== -1);
  const pick = (values: Float64Array) => Float64Array.from(known, (row) => values[row] as number);
  return {
    labels: Int8Array.from(known, (row) => labels[row] as number),
    propensity: pick(propensity),
    probability: pick(probability),
  };
}

function aucOf(labels: Int8Array, propensity: Float64Array, conversions: number): Measured {
  if (conversions < 2 || labels.length - conversions < 2) return undefinedHere;
  // Against a score that tells nobody apart, whose AUC is ½ without error.
  const { difference, standardError } = delongTest(labels, propensity, new Float64Array(labels.length));
  return { value: 0.5 + difference, standardError };
}

function shareOf(count: number, total: number): Measured {
  if (total === 0) return undefinedHere;
  // Agresti and Coull (1998): two of each added, so that none or all of a few is not taken for certain.
  const share = (count + 2) / (total + 4);
  return { value: count / total, standardError: Math.sqrt((share * (1 - share)) / (total + 4)) };
}

function errorOfMean(values: Float64Array): Measured {
  return { value: mean(values), standardError: standardDeviation(values, 1) / Math.sqrt(values.length) };
}

function calibrationOf(conversions: number, probability: Float64Array): Measured {
  const expected = sum(probability);
  if (!(expected > 0)) return undefinedHere;
  const spread = Math.sqrt(sum(probability.map((chance) => chance * (1 - chance))));
  return { value: conversions / expected, standardError: spread / expected };
}
