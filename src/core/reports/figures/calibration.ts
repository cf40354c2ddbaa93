import type { CalibrationPoint } from '../../evaluation/calibration/calibration-curve.ts';
import type { Figure, Series, Tone } from '../figure.ts';
import { brief, percent } from '../words.ts';

export interface CalibrationCurves {
  readonly tone: Tone;
  /** The propensity score read as if it were a probability. */
  readonly before: readonly CalibrationPoint[];
  /** The conversion probability. */
  readonly after: readonly CalibrationPoint[];
}

/** Probability against outcome before and after calibration, on test customers, with bands after. */
export function calibrationFigure({ tone, before, after }: CalibrationCurves): Figure {
  const top = Math.max(...after.flatMap((point) => [point.predicted, point.high]), 0.01);
  return {
    id: 'calibration',
    title: 'Calibration',
    caption: captionOf(before, after),
    x: { title: 'Predicted conversion', format: 'percent', range: [0, Math.min(1, top * 1.05)] },
    y: { title: 'Observed conversion', format: 'percent', range: [0, Math.min(1, top * 1.05)] },
    series: [
      {
        ...seriesOf('conversion probability', tone, after),
        low: after.map((point) => point.low),
        high: after.map((point) => point.high),
      },
      { ...seriesOf('score before calibration', 'reference', before), dashed: true },
    ],
    rules: [{ axis: 'diagonal', label: 'as predicted', tone: 'reference' }],
  };
}

function seriesOf(name: string, tone: Tone, points: readonly CalibrationPoint[]): Series {
  return {
    name,
    kind: 'line',
    tone,
    x: points.map((point) => point.predicted),
    y: points.map((point) => point.observed),
  };
}

function captionOf(before: readonly CalibrationPoint[], after: readonly CalibrationPoint[]): string {
  const top = after.at(-1);
  if (!top) return 'No customers to compare with what was predicted.';
  return `Of the tenth with the highest probability ${percent(top.predicted)} were expected to convert and ${percent(top.observed)} did (${percent(top.low)} to ${percent(top.high)}); over all groups the gap averages ${points(meanGap(after))}, ${points(meanGap(before))} before calibration.`;
}

function meanGap(curve: readonly CalibrationPoint[]): number {
  let gap = 0;
  let customers = 0;
  for (const point of curve) {
    gap += point.customers * Math.abs(point.predicted - point.observed);
    customers += point.customers;
  }
  return gap / customers;
}

function points(gap: number): string {
  return `${brief(gap * 100)} points`;
}
