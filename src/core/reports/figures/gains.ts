import type { Curve } from '../../evaluation/curves.ts';
import type { Figure, Tone } from '../figure.ts';
import { percent } from '../words.ts';

export interface GainsCurve {
  readonly name: string;
  readonly tone: Tone;
  readonly curve: Curve;
}

/** Share of buyers reached by contacting the best-ranked share of customers. */
export function gainsFigure(models: readonly GainsCurve[]): Figure {
  return {
    id: 'gains',
    title: 'Gains',
    caption: captionOf(models),
    x: { title: 'Customers contacted, best first', format: 'percent', range: [0, 1] },
    y: { title: 'Buyers reached', format: 'percent', range: [0, 1] },
    series: models.map(({ name, tone, curve }) => ({ name, kind: 'line', tone, x: curve.x, y: curve.y })),
    rules: [{ axis: 'diagonal', label: 'at random', tone: 'reference' }],
  };
}

function captionOf(models: readonly GainsCurve[]): string {
  const reached = models.map(({ name, curve }) => ({ name, share: heightAt(curve, 0.2) }));
  const best = reached.toSorted((a, b) => b.share - a.share)[0];
  if (!best) return 'No model has been evaluated yet.';
  return `Contacting the 20 % that ${best.name.toLowerCase()} ranks highest reaches ${percent(best.share)} of all buyers.`;
}

function heightAt({ x, y }: Curve, at: number): number {
  const above = x.findIndex((value) => value >= at);
  if (above <= 0) return y[Math.max(above, 0)] ?? 0;
  const [x0, x1] = [x[above - 1] as number, x[above] as number];
  const [y0, y1] = [y[above - 1] as number, y[above] as number];
  return x1 === x0 ? y1 : y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}
