import { expect, test } from 'vitest';
import type { Figure } from '../../core/reports/figure.ts';
import { fakeFigures, fakeWaterfall } from '../testing/fake-figures.ts';
import { labelPlaces } from './direct-labels.ts';
import { lookOf } from './looks.ts';
import { plotFigure } from './plot-figure.ts';
import { escapeText } from './plot-text.ts';
import { waterfallBases, waterfallRange } from './waterfall.ts';

const figures = new Map(fakeFigures(0.7).map((figure) => [figure.id, figure]));
const roc = figures.get('roc') as Figure;

test('every figure becomes a plot in both themes', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const figure of [...figures.values(), fakeWaterfall()]) {
      expect(plotFigure(figure, lookOf(theme)).data.length).toBeGreaterThanOrEqual(figure.series.length);
    }
  }
});

test('what people typed cannot become markup or TeX', () => {
  expect(escapeText('<b>a & b</b> $x$')).toBe('&lt;b&gt;a &amp; b&lt;/b&gt; &#36;x&#36;');
});

test('up to three lines are named beside them, in the order in which they lie, and then need no legend', () => {
  const places = labelPlaces(roc);
  expect(places.map((place) => place.series.name)).toEqual(['Boosting', 'Network', 'Logistic']);
  expect(plotFigure(roc, lookOf('light')).layout.showlegend).toBe(false);
});

test('lines that lie on each other get a legend instead of names that cannot be told apart', () => {
  const [first] = roc.series;
  const twins = { ...roc, series: [first, { ...first, name: 'Twin' }] } as Figure;
  expect(labelPlaces(twins)).toEqual([]);
  expect(plotFigure(twins, lookOf('light')).layout.showlegend).toBe(true);
});

test('a waterfall ends where its total stands, and its words have room', () => {
  const series = fakeWaterfall().series[0] as Figure['series'][number];
  const bases = waterfallBases(series);
  const last = series.x.length - 1;
  expect((bases[last - 1] as number) + Number(series.x[last - 1])).toBeCloseTo(Number(series.x[last]), 12);
  expect(bases[last]).toBe(0);
  const [low, high] = waterfallRange(series, 0.22);
  expect(low).toBeLessThan(-0.4);
  expect(high).toBeGreaterThan(1.35);
});

test('a band is drawn under its line', () => {
  const { data } = plotFigure({ ...roc, series: [roc.series[1] as Figure['series'][number]] }, lookOf('light'));
  expect(data.map((trace) => (trace as { fill?: string }).fill)).toEqual([undefined, 'tonexty', undefined]);
});
