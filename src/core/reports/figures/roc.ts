import type { Banded } from '../../evaluation/banded.ts';
import type { Curve } from '../../evaluation/curves.ts';
import type { Figure, Tone } from '../figure.ts';
import { number } from '../words.ts';

export interface RocCurve {
  readonly name: string;
  readonly tone: Tone;
  readonly curve: Curve;
  readonly auc: Banded;
}

/** ROC curves, the best AUC in the caption. */
export function rocFigure(models: readonly RocCurve[]): Figure {
  return {
    id: 'roc',
    title: 'ROC curve',
    caption: captionOf(models),
    x: { title: 'Share of non-buyers contacted', format: 'percent', range: [0, 1] },
    y: { title: 'Share of buyers reached', format: 'percent', range: [0, 1] },
    series: models.map(({ name, tone, curve }) => ({ name, kind: 'line', tone, x: curve.x, y: curve.y })),
    rules: [{ axis: 'diagonal', label: 'chance', tone: 'reference' }],
  };
}

function captionOf(models: readonly RocCurve[]): string {
  const best = models.toSorted((a, b) => b.auc.value - a.auc.value)[0];
  if (!best) return 'No model has been evaluated yet.';
  const { value, low, high } = best.auc;
  const times = Math.round(value * 100);
  return `${best.name} puts a buyer above a non-buyer ${times} times in 100: AUC ${number(value)} (${number(low)}–${number(high)}).`;
}
