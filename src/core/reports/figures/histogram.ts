import type { Figure, Tone } from '../figure.ts';
import { percent } from '../words.ts';

export interface HistogramBin {
  readonly label: string;
  readonly count: number;
}

/** Customers per bin or level. */
export function histogramFigure(
  bins: readonly HistogramBin[],
  options: { readonly id: string; readonly title: string; readonly axis: string; readonly tone?: Tone },
): Figure {
  return {
    id: options.id,
    title: options.title,
    caption: captionOf(bins),
    x: { title: options.axis, scale: 'category' },
    y: { title: 'Customers', format: 'integer' },
    series: [
      {
        name: 'customers',
        kind: 'bars',
        tone: options.tone ?? 'current',
        x: bins.map((bin) => bin.label),
        y: bins.map((bin) => bin.count),
      },
    ],
  };
}

function captionOf(bins: readonly HistogramBin[]): string {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const top = bins.toSorted((a, b) => b.count - a.count)[0];
  if (!top || total === 0) return 'There are no values to count.';
  return `Most often ${top.label}: ${percent(top.count / total)} of customers.`;
}
