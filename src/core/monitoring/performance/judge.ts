import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { holmCorrection } from '../../evaluation/delong.ts';
import { type Performance, type PerformanceMetric, performanceMetrics, performanceMetricNames } from './performance.ts';

/** A drop up to this share of the reference's figure is no alert, however certain. */
const toleratedDrop = 0.05;
/** One-sided level over all metrics together. */
const level = 0.05;
const oneSided95 = 1.6448536269514722;

export interface MetricVerdict {
  readonly metric: PerformanceMetric;
  readonly reference: number;
  readonly now: number;
  /** Ends of the one-sided 95 % band of each side, drawn both ways. */
  readonly low: number;
  readonly high: number;
  /** Loss as a share of the reference's figure; negative where it got better. */
  readonly drop: number;
  /** One-sided chance of such a drop without change, Holm-corrected over the metrics; NaN where there is no figure. */
  readonly chance: number;
  /** `unsure`: no alert, but so few conversions that a drop of 5 % could have been missed. */
  readonly state: 'alert' | 'holds' | 'unsure';
  /** Conversions with which a drop of 5 % would show; infinite where the reference's own figure is too unsure for that. */
  readonly conversionsNeeded: number;
}

/**
 * Which figures have dropped below the reference's test figure: by more than 5 % of it, and with a one-sided 95 % band
 * (Holm over the metrics, both sides' errors in it) that excludes no drop.
 */
export function judgePerformance(reference: Performance, now: Performance): MetricVerdict[] {
  const drops = performanceMetricNames.map((metric) => dropOf(metric, reference, now));
  const chances = holmCorrection(
    drops.map(({ drop, error, ways }) =>
      error > 0 ? Math.min(1, ways * normalCdf(-drop / error, 0, 1)) : drop > 0 ? 0 : 1,
    ),
  );
  return performanceMetricNames.map((metric, i) => {
    const { drop, known, scale } = drops[i] as Drop;
    const { value, standardError } = now.metrics[metric];
    const conversionsNeeded = needed(metric, reference, now, scale);
    const isAlert = known && drop > toleratedDrop * scale && (chances[i] as number) <= level;
    return {
      metric,
      reference: reference.metrics[metric].value,
      now: value,
      low: value - oneSided95 * standardError,
      high: value + oneSided95 * standardError,
      drop: known ? drop / scale : Number.NaN,
      chance: known ? (chances[i] as number) : Number.NaN,
      state: isAlert ? 'alert' : known && now.conversions >= conversionsNeeded ? 'holds' : 'unsure',
      conversionsNeeded,
    };
  });
}

/** "not enough conversions yet: 25 of about 250", or nothing where there are enough. Reads AUC: the others follow the cut. */
export function shortOfConversions(verdicts: readonly MetricVerdict[], now: Performance): string | undefined {
  const auc = verdicts.find(({ metric }) => metric === 'auc');
  if (auc?.state !== 'unsure') return undefined;
  if (!Number.isFinite(auc.conversionsNeeded)) {
    return `not enough test customers at training: a drop of 5 % could not be told whatever comes`;
  }
  return `not enough conversions yet: ${now.conversions} of about ${roundUp(auc.conversionsNeeded)}`;
}

interface Drop {
  readonly drop: number;
  readonly error: number;
  readonly known: boolean;
  /** In how many directions it can go wrong. */
  readonly ways: 1 | 2;
  /** What a share of the drop is a share of. */
  readonly scale: number;
}

function dropOf(metric: PerformanceMetric, reference: Performance, now: Performance): Drop {
  const before = reference.metrics[metric];
  const after = now.metrics[metric];
  const known = Number.isFinite(before.value) && Number.isFinite(after.value);
  if (!known) return { drop: 0, error: Number.NaN, known, ways: 1, scale: scaleOf(metric, before.value) };
  const error = Math.sqrt(before.standardError * before.standardError + after.standardError * after.standardError);
  switch (performanceMetrics[metric].better) {
    case 'higher':
      return { drop: before.value - after.value, error, known, ways: 1, scale: before.value };
    case 'lower':
      return { drop: after.value - before.value, error, known, ways: 1, scale: before.value };
    case 'near 1': {
      // Too many conversions count as much as too few.
      const off = Math.abs(after.value - before.value);
      return { drop: off, error, known, ways: 2, scale: 1 };
    }
  }
}

function scaleOf(metric: PerformanceMetric, value: number): number {
  return metric === 'calibration' ? 1 : value;
}

/** Standard errors shrink with the root of the conversions. */
function needed(metric: PerformanceMetric, reference: Performance, now: Performance, scale: number): number {
  const before = reference.metrics[metric].standardError;
  const after = now.metrics[metric].standardError;
  const [error, conversions] =
    Number.isFinite(after) && now.conversions > 0 ? [after, now.conversions] : [before, reference.conversions];
  const allowed = (toleratedDrop * scale) / oneSided95;
  const left = allowed * allowed - before * before;
  return left > 0 ? (conversions * error * error) / left : Number.POSITIVE_INFINITY;
}

/** Two digits: more would pretend to know. */
function roundUp(count: number): number {
  let step = 1;
  while (count / step >= 100) step *= 10;
  return Math.ceil(count / step) * step;
}
