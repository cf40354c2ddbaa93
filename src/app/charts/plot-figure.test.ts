import { expect, test } from 'vitest';
import type { Figure } from '../../core/reports/figure.ts';
import { fakeFigures, fakeWaterfall } from '../testing/fake-figures.ts';
import { labelPlaces } from './direct-labels.ts';
import { lookOf } from './looks.ts';
import { plotFigure } from './plot-figure.ts';
import { escapeText, shortName } from './plot-text.ts';
import { waterfallBases, waterfallRange } from './waterfall.ts';

const figures = new Map(fakeFigures(0.7).map((figure) => [figure.id, figure]));
const roc = figures.get('roc') as Figure;

/** Steps that lie well apart, each a little above and below its own height in turn. */
const heights: Readonly<Record<string, number>> = { Boosting: 0.9, Network: 0.5, Logistic: 0.1 };
const apart: Figure = {
  ...roc,
  series: roc.series.map((series) => ({
    ...series,
    kind: 'steps' as const,
    x: Array.from({ length: 50 }, (_, i) => i / 49),
    y: Array.from({ length: 50 }, (_, i) => (heights[series.name] as number) + (i % 2 === 0 ? 0.02 : -0.02)),
  })),
};

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
  const places = labelPlaces(apart);
  expect(places.map((place) => place.series.name)).toEqual(['Boosting', 'Network', 'Logistic']);
  expect(plotFigure(apart, lookOf('light')).layout.showlegend).toBe(false);
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
  const pixels = 300;
  const [low, high] = waterfallRange(series, pixels);
  expect(low).toBeLessThan(-0.4);
  bases.forEach((base, i) => {
    const right = Math.max(base, base + Number(series.x[i]));
    const room = ((high - right) / (high - low)) * pixels;
    expect(room).toBeGreaterThanOrEqual(6 * (series.text?.[i]?.length ?? 0));
  });
});

test('a name lies above or below its own line, also where that has steps', () => {
  for (const { series, x, y, shift } of labelPlaces(apart)) {
    const under = Array.from(series.x as ArrayLike<number>, (at, i) => [at, Number(series.y[i])] as const)
      .filter(([at]) => Math.abs(at - x) < 0.02)
      .map(([, height]) => height);
    expect(under.length).toBeGreaterThan(0);
    if (shift > 0) expect(Math.max(...under)).toBeLessThanOrEqual(y + 1e-9);
    else expect(Math.min(...under)).toBeGreaterThanOrEqual(y - 1e-9);
  }
});

test('a name leaves out what it explains after a colon, and keeps its value', () => {
  expect(shortName('Web engagement: mean rank of visits, minutes and pages = 0.7679')).toBe('Web engagement = 0.7679');
  expect(shortName('RFM segment = At risk: high value')).toBe('RFM segment = At risk: high value');
  expect(shortName('Satisfaction: unhappy below 6')).toBe('Satisfaction');
});

test('on a log axis the label of a rule stands at its line, and names at theirs', () => {
  const x = Array.from({ length: 41 }, (_, i) => 10 ** (i / 10 - 2));
  const figure: Figure = {
    ...apart,
    x: { title: 'C', scale: 'log', range: [0.01, 100] },
    series: apart.series.map((series) => ({ ...series, x, y: x.map((_, i) => Number(series.y[i])) })),
    rules: [{ axis: 'x', at: 10, label: 'chosen' }],
  };
  const { layout } = plotFigure(figure, lookOf('light'));
  expect(layout.xaxis?.range).toEqual([-2, 2]);
  expect(layout.annotations?.find(({ text }) => text === 'chosen')?.x).toBe(1);
  expect(layout.shapes?.[0]?.x0).toBe(10);
  expect(labelPlaces(figure).map(({ x: at }) => at)).toEqual(
    labelPlaces({
      ...figure,
      x: { title: 'log10 C', range: [-2, 2] },
      series: figure.series.map((series) => ({ ...series, x: x.map(Math.log10) })),
      rules: [{ axis: 'x', at: 1 }],
    }).map(({ x: at }) => at),
  );
});

test('a band is drawn under its line', () => {
  const { data } = plotFigure({ ...roc, series: [roc.series[1] as Figure['series'][number]] }, lookOf('light'));
  expect(data.map((trace) => (trace as { fill?: string }).fill)).toEqual([undefined, 'tonexty', undefined]);
});
