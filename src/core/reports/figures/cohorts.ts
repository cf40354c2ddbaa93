import type { Figure } from '../figure.ts';
import { lowerFirst, percent } from '../words.ts';

interface CohortPoint {
  readonly label: string;
  readonly conversion: number;
  readonly low: number;
  readonly high: number;
  readonly meanProbability: number;
  readonly testCustomers: number;
}

/** Observed conversion of test customers by group with its band, beside the mean estimate. */
export function cohortFigure(description: string, rows: readonly CohortPoint[], average: number): Figure {
  const known = rows.filter(({ testCustomers }) => testCustomers > 0);
  const worst = known.toSorted(
    (a, b) => Math.abs(b.meanProbability - b.conversion) - Math.abs(a.meanProbability - a.conversion),
  )[0];
  return {
    id: 'cohorts',
    title: `Conversion by ${lowerFirst(description)}`,
    caption: worst
      ? `Bars: test customers who converted, with 95 % bands. Dotted: all, ${percent(average)}. Points: what the model estimated; it is furthest off for ${worst.label}, ${percent(worst.meanProbability)} against ${percent(worst.conversion)}.`
      : 'No test customers are in these groups.',
    x: { title: description, scale: 'category' },
    y: { title: 'Conversion', format: 'percent' },
    series: [
      {
        name: 'observed',
        kind: 'bars',
        tone: 'reference',
        x: known.map(({ label }) => label),
        y: known.map(({ conversion }) => conversion),
        low: known.map(({ low }) => low),
        high: known.map(({ high }) => high),
      },
      {
        name: 'estimated',
        kind: 'points',
        tone: 'current',
        x: known.map(({ label }) => label),
        y: known.map(({ meanProbability }) => meanProbability),
      },
    ],
    rules: [{ axis: 'y', at: average }],
  };
}
