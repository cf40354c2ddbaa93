import type { Figure, Series } from '../figure.ts';
import { integer, percent } from '../words.ts';

/** Customers by propensity score in equal bins from 0 to 1: all, and those selected among them. */
export function scoreHistogramFigure(all: Float64Array, selected: Float64Array | undefined, customers: number): Figure {
  const shown = selected ?? all;
  const width = 1 / all.length;
  const x = Array.from({ length: all.length + 1 }, (_, bin) => bin * width);
  const series = (name: string, tone: Series['tone'], counts: Float64Array): Series => ({
    name,
    kind: 'steps',
    tone,
    x,
    y: [...counts, counts.at(-1) ?? 0],
  });
  const high = shown.reduce((sum, count, bin) => sum + (bin * width >= 0.7 - 1e-9 ? count : 0), 0);
  return {
    id: 'scores',
    title: 'Propensity scores',
    caption: `${percent(customers === 0 ? 0 : high / customers)} of ${selected ? 'the selected' : 'all'} ${integer(customers)} customers score 0.70 or more.`,
    x: { title: 'Propensity score', format: 'number', range: [0, 1] },
    y: { title: 'Customers', format: 'integer' },
    series: selected
      ? [series('all', 'reference', all), series('selected', 'current', selected)]
      : [series('all', 'current', all)],
  };
}
