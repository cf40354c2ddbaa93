import { expect, test } from 'vitest';
import type { Figure } from './figure.ts';
import { figureToRows } from './figure-rows.ts';
import { histogramFigure } from './figures/histogram.ts';
import { importanceFigure } from './figures/importance.ts';
import { learningCurvesFigure } from './figures/learning-curves.ts';
import { liftFigure } from './figures/lift.ts';
import { psiFigure } from './figures/psi.ts';
import { psiOverlayFigure } from './figures/psi-overlay.ts';
import { rocFigure } from './figures/roc.ts';
import { waterfallFigure, waterfallUnits } from './figures/waterfall.ts';
import { reportHtml } from './html-report.ts';
import { figureToSvg } from './svg.ts';
import { niceTicks } from './svg/scale.ts';
import { toneColours } from './tones.ts';
import { brief, integer, listing, number, percent } from './words.ts';

const size = { width: 560, height: 340, theme: 'light' } as const;
const hostile = '<script>alert("x")</script> & \'co\'';

const drift = {
  feature: 'email_open_rate',
  psi: 0.25,
  band: 'significant' as const,
  bins: ['up to 1', 'above 1', 'missing'],
  reference: [0.5, 0.5, 0],
  current: [0.15, 0.8, 0.05],
  alarm: true,
  chance: 0.001,
  measures: { psi: 0.25 },
};

const figures: readonly Figure[] = [
  rocFigure([
    {
      name: 'Gradient boosting',
      tone: 'boosting',
      curve: { x: [0, 0.1, 1], y: [0, 0.7, 1] },
      auc: { value: 0.874, low: 0.861, high: 0.887 },
    },
    {
      name: 'Neural network',
      tone: 'neural',
      curve: { x: [0, 0.2, 1], y: [0, 0.7, 1] },
      auc: { value: 0.853, low: 0.84, high: 0.866 },
    },
  ]),
  liftFigure(
    [
      { decile: 1, customers: 100, predicted: 0.35, observed: 0.38, lift: 7.6, cumulativeCapture: 0.76 },
      { decile: 2, customers: 100, predicted: 0.05, observed: 0.04, lift: 0.8, cumulativeCapture: 0.84 },
    ],
    'boosting',
  ),
  importanceFigure(
    [
      { feature: hostile, importance: 2 },
      { feature: 'age', importance: 1 },
    ],
    { tone: 'boosting', measure: 'Gain' },
  ),
  waterfallFigure(
    -1,
    [
      { label: 'Visits = 9', attribution: 1.5 },
      { label: 'Age = 30', attribution: -0.25 },
    ],
    { unit: waterfallUnits['log-odds'] },
  ),
  psiFigure([drift]),
  psiOverlayFigure(drift),
  histogramFigure(
    [
      { label: 'web', count: 3 },
      { label: 'shop', count: 1 },
    ],
    { id: 'channel', title: 'Channel', axis: 'Channel' },
  ),
  {
    id: 'heat',
    title: 'Heat',
    caption: 'Two cells.',
    x: { title: 'a', scale: 'category' },
    y: { title: 'b', scale: 'category' },
    series: [{ name: 'heat', kind: 'heatmap', tone: 'raises', x: ['p', 'q'], y: ['r'], z: [[1, -1]] }],
  },
];

test.each(figures.map((figure) => [figure.id, figure] as const))(
  '%s is drawn whole, without numbers that are none',
  (_, figure) => {
    const svg = figureToSvg(figure, size);
    expect(svg.startsWith('<svg ')).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toContain('<script');
    const opened = [...svg.matchAll(/<([a-z]+)(?: [^>]*[^/])?>/g)].map((found) => found[1]);
    const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map((found) => found[1]);
    expect(opened.toSorted()).toEqual(closed.toSorted());
  },
);

test('an empty figure is still a picture', () => {
  const empty: Figure = { id: 'none', title: 'None', caption: '', x: { title: 'x' }, y: { title: 'y' }, series: [] };
  expect(figureToSvg(empty, size)).not.toMatch(/NaN|Infinity/);
  const flat: Figure = { ...empty, series: [{ name: 'flat', kind: 'line', tone: 'current', x: [1], y: [2] }] };
  expect(figureToSvg(flat, size)).not.toMatch(/NaN|Infinity/);
});

test('bars are as long as their values', () => {
  const svg = figureToSvg(figures[6] as Figure, size);
  const heights = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g)].map((found) =>
    Number(found[1]),
  );
  expect(heights).toHaveLength(2);
  expect((heights[0] as number) / (heights[1] as number)).toBeCloseTo(3, 1);
});

test('a waterfall ends where its steps lead', () => {
  const { series, caption } = figures[3] as Figure;
  const x = Array.from(series[0]?.x ?? [], Number);
  expect(x.at(-1)).toBeCloseTo(
    x.slice(0, -1).reduce((sum, step) => sum + step, 0),
    12,
  );
  expect(series[0]?.tones).toEqual(['reference', 'raises', 'lowers', 'current']);
  expect(caption).toContain('a propensity score of 0.56');
});

test('small steps of a waterfall are gathered, and the sum stays', () => {
  const steps = Array.from({ length: 30 }, (_, i) => ({ label: `f${i}`, attribution: (i % 2 ? 1 : -1) / (i + 1) }));
  const series = waterfallFigure(0.5, steps, { unit: waterfallUnits['log-odds'] }).series[0];
  expect(series?.x).toHaveLength(13);
  expect(series?.y[11]).toBe('20 others');
  expect(series?.x[12]).toBeCloseTo(0.5 + steps.reduce((sum, step) => sum + step.attribution, 0), 12);
});

test('a waterfall of probabilities leads from the average rate to its base, in points', () => {
  const { series, caption } = waterfallFigure(
    0.031,
    [
      { label: 'Visits = 9', attribution: 0.021 },
      { label: 'Age = 30', attribution: -0.004 },
    ],
    { unit: waterfallUnits.probability, average: 0.05 },
  );
  expect(series[0]?.y.slice(0, 2)).toEqual(['Average customer', 'To the starting point of the model']);
  expect(series[0]?.text).toEqual(['5 %', '−1.9 points', '+2.1 points', '−0.40 points', '4.8 %']);
  expect(series[0]?.x.at(-1)).toBeCloseTo(0.048, 12);
  expect(caption).toBe(
    'Visits = 9 raises the estimate most; Age = 30 lowers it most; together they end at a conversion probability of 4.8 %.',
  );
});

test('captions read the numbers in plain words', () => {
  const captionOf = (id: string) => figures.find((figure) => figure.id === id)?.caption;
  expect(captionOf('lift')).toBe('Of the 10 % ranked highest, 38 % convert: 7.6 times the average.');
  expect(captionOf('roc')).toBe(
    'Gradient boosting puts a buyer above a non-buyer 87 times in 100: AUC 0.874 (0.861–0.887).',
  );
  expect(captionOf('psi-email-open-rate')).toBe(
    'PSI 0.250, significant: "up to 1" went from 50 % to 15 % of customers.',
  );
});

test('learning curves mark the round that was kept', () => {
  const rounds = [1, 2, 3].map((round) => ({
    round,
    of: 9,
    train: { auc: 0.7 },
    validation: { auc: round === 2 ? 0.8 : 0.7 },
  }));
  const figure = learningCurvesFigure(rounds, { metric: 'auc', label: 'AUC', bestRound: 2 });
  expect(figure.rules?.[0]?.at).toBe(2);
  expect(figure.caption).toBe('Round 2 was best on validation, at AUC 0.800; 1 more round brought nothing.');
});

test('a report is one file: nothing runs, nothing is fetched, all text is escaped', () => {
  const html = reportHtml({
    title: hostile,
    sections: [
      {
        heading: hostile,
        sentence: hostile,
        figures,
        tables: [{ title: hostile, columns: [hostile], rows: [[hostile]] }],
      },
    ],
  });
  expect(html).not.toContain('<script');
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|src=|href=/);
  expect(html).toContain('&lt;script&gt;');
  expect(html.match(/<figure>/g)).toHaveLength(figures.length);
});

test('columns of figures stand on the right', () => {
  const table = {
    title: 't',
    columns: ['Model', 'AUC', 'Band'],
    rows: [
      ['a', '0.874', '0.861–0.887'],
      ['b', '', '–'],
    ],
  };
  const html = reportHtml({ title: 'r', sections: [{ heading: 'h', sentence: 's', tables: [table] }] });
  expect(html).toContain('<td class="number">0.874</td>');
  expect(html).toContain('<td class="number">0.861–0.887</td>');
  expect(html).toContain('<td>a</td>');
});

test('the rows of a figure hold every point with its band and note', () => {
  const figure: Figure = {
    ...(figures[0] as Figure),
    series: [
      { name: 's', kind: 'line', tone: 'current', x: [1, 2], y: [3, 4], low: [2, 3], high: [4, 5], text: ['a', 'b'] },
    ],
  };
  const { columns, rows } = figureToRows(figure);
  expect(columns).toEqual([
    'series',
    'Share of non-buyers contacted',
    'Share of buyers reached',
    'low',
    'high',
    'note',
  ]);
  expect(rows).toEqual([
    ['s', 1, 3, 2, 4, 'a'],
    ['s', 2, 4, 3, 5, 'b'],
  ]);
  expect(figureToRows(figures[7] as Figure).rows).toEqual([
    ['heat', 'p', 'r', 1],
    ['heat', 'q', 'r', -1],
  ]);
});

test('ticks are round and cover the values', () => {
  expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(-3, 12)).toEqual([-4, -2, 0, 2, 4, 6, 8, 10, 12]);
});

test('numbers read as people write them', () => {
  expect([0.38, 0.076, 0.0042, 0, 1, -0.125].map(percent)).toEqual([
    '38 %',
    '7.6 %',
    '0.42 %',
    '0 %',
    '100 %',
    '−13 %',
  ]);
  expect([50_000, -1234567, 12].map(integer)).toEqual(['50,000', '−1,234,567', '12']);
  expect([0.8743, 7.6, 1234.5, 0, -0.5].map(number)).toEqual(['0.874', '7.60', '1,235', '0', '−0.500']);
  expect([4.71, 0.384, 12.4].map(brief)).toEqual(['4.7', '0.38', '12']);
  expect(listing(['a', 'b', 'c'])).toBe('a, b and c');
});

test('models keep their colours', () => {
  expect(toneColours('light')).toMatchObject({
    logistic: '#0072B2',
    boosting: '#E69F00',
    neural: '#009E73',
    raises: '#D55E00',
    lowers: '#0072B2',
  });
});
