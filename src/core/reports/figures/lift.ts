import type { DecileRow } from '../../evaluation/deciles.ts';
import type { Figure, Tone } from '../figure.ts';
import { brief, percent } from '../words.ts';

/** Lift of each tenth of the customers, ranked highest first. */
export function liftFigure(deciles: readonly DecileRow[], tone: Tone): Figure {
  return {
    id: 'lift',
    title: 'Lift by decile',
    caption: captionOf(deciles),
    x: { title: 'Tenth of customers, ranked highest first', scale: 'category' },
    y: { title: 'Times the average conversion', format: 'number' },
    series: [
      {
        name: 'lift',
        kind: 'bars',
        tone,
        x: deciles.map((row) => String(row.decile)),
        y: deciles.map((row) => row.lift),
        text: deciles.map((row) => `${percent(row.observed)} of ${row.customers} convert`),
      },
    ],
    rules: [{ axis: 'y', at: 1, label: 'average', tone: 'reference' }],
  };
}

function captionOf(deciles: readonly DecileRow[]): string {
  const top = deciles[0];
  if (!top) return 'No customers to rank.';
  return `Of the 10 % ranked highest, ${percent(top.observed)} convert: ${brief(top.lift)} times the average.`;
}
