import type { Curve } from '../../evaluation/curves.ts';
import type { Figure, Tone } from '../figure.ts';
import { percent } from '../words.ts';

export interface PrecisionRecallCurve {
  readonly name: string;
  readonly tone: Tone;
  readonly curve: Curve;
  /** Average precision: ranks the models in the caption. */
  readonly prAuc: number;
}

/** Precision against recall; the conversion rate of everyone is what chance reaches. */
export function precisionRecallFigure(models: readonly PrecisionRecallCurve[], conversionRate: number): Figure {
  return {
    id: 'precision-recall',
    title: 'Precision and recall',
    caption: captionOf(models, conversionRate),
    x: { title: 'Share of buyers reached (recall)', format: 'percent', range: [0, 1] },
    y: { title: 'Share of contacted who convert (precision)', format: 'percent', range: [0, 1] },
    series: models.map(({ name, tone, curve }) => ({ name, kind: 'line', tone, x: curve.x, y: curve.y })),
    rules: [{ axis: 'y', at: conversionRate, label: `everyone ${percent(conversionRate)}`, tone: 'reference' }],
  };
}

function captionOf(models: readonly PrecisionRecallCurve[], conversionRate: number): string {
  const best = models.toSorted((a, b) => b.prAuc - a.prAuc)[0];
  const half = best?.curve.x.findIndex((recall) => recall >= 0.5) ?? -1;
  if (!best || half < 0) return 'No model has been evaluated yet.';
  const precision = best.curve.y[half] as number;
  return `Where half of all buyers are reached, ${percent(precision)} of those contacted convert, against ${percent(conversionRate)} of everyone.`;
}
