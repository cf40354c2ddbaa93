import type { CalibrationPoint } from '../../evaluation/calibration/calibration-curve.ts';
import { type Measured, type Performance, type PerformanceMetric, performanceMetricNames } from './performance.ts';

/** A performance as it travels in a bundle: figures that are not defined are left out, since JSON has no NaN. */
export interface StoredPerformance {
  readonly rows: number;
  readonly conversions: number;
  /** Propensity score from which customers were taken for precision and recall. */
  readonly cut: number;
  readonly metrics: Readonly<Partial<Record<PerformanceMetric, Measured>>>;
  readonly curve: readonly CalibrationPoint[];
}

export function storePerformance({ rows, conversions, cut, metrics, curve }: Performance): StoredPerformance {
  const defined = Object.entries(metrics).filter(
    ([, { value, standardError }]) => Number.isFinite(value) && Number.isFinite(standardError),
  );
  return { rows, conversions, cut, metrics: Object.fromEntries(defined), curve };
}

export function restorePerformance({ rows, conversions, cut, metrics, curve }: StoredPerformance): Performance {
  const all = performanceMetricNames.map((metric) => [
    metric,
    metrics[metric] ?? { value: Number.NaN, standardError: Number.NaN },
  ]);
  return { rows, conversions, cut, baseRate: conversions / rows, metrics: Object.fromEntries(all), curve };
}
