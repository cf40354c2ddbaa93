import type { CalibrationPoint } from '../../evaluation/calibration/calibration-curve.ts';
import type { WindowRecord } from '../../monitoring/history.ts';
import { psiLimits } from '../../monitoring/psi.ts';
import type { Figure, Series } from '../figure.ts';
import { counted, listing, number, percent, plainName } from '../words.ts';

/** PSI of the features that moved most, window by window; a cell's text says whether chance explains it. */
export function driftHeatmapFigure(history: readonly WindowRecord[], most = 20): Figure {
  const peak = new Map<string, number>();
  for (const { features } of history) {
    for (const { feature, psi } of features) peak.set(feature, Math.max(peak.get(feature) ?? 0, psi));
  }
  const shown = [...peak].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  const cells = shown.map(([name]) => history.map((each) => each.features.find(({ feature }) => feature === name)));
  const [top] = shown;
  const alarming = shown.filter((_, i) => cells[i]?.some((cell) => cell?.alarm)).map(([name]) => plainName(name));
  return {
    id: 'drift-heatmap',
    title: 'Drift by feature and window',
    caption: top
      ? `${plainName(top[0])} moved most, up to PSI ${number(top[1])}. ${alarming.length > 0 ? `Beyond chance at some time: ${listing(alarming.slice(0, 5))}${alarming.length > 5 ? ' and more' : ''}.` : 'None moved beyond chance.'}`
      : 'No window has been compared yet.',
    x: { title: 'Window', scale: 'category' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'PSI',
        kind: 'heatmap',
        tone: 'raises',
        x: history.map(({ name }) => name),
        y: shown.map(([name]) => plainName(name)),
        z: cells.map((row) => row.map((cell) => cell?.psi ?? 0)),
      },
    ],
  };
}

const timelines = {
  score: {
    title: 'PSI of the score over time',
    axis: 'Population stability index (PSI)',
    figures: { score_psi: 'score' },
  },
  performance: {
    title: 'Performance over time',
    axis: 'AUC',
    figures: { auc: 'known outcomes', estimated_auc: 'estimated' },
  },
  rate: {
    title: 'Conversion over time',
    axis: 'Share',
    figures: { conversion_rate: 'observed', mean_probability: 'expected' },
  },
} as const;

export type Timeline = keyof typeof timelines;

/** One figure over the windows, marked where an alert fired. Windows without the figure are left out. */
export function timelineFigure(history: readonly WindowRecord[], which: Timeline): Figure {
  const { title, axis, figures } = timelines[which];
  const series = Object.entries(figures).map(([figure, name], i): Series => {
    const known = history.filter((each) => each.figures[figure] !== undefined);
    return {
      name,
      kind: 'line',
      tone: i === 0 ? 'current' : 'reference',
      ...(i === 0 ? {} : { dashed: true }),
      x: known.map((each) => each.name),
      y: known.map((each) => each.figures[figure] as number),
      text: known.map((each) => firing(each)),
    };
  });
  const fired = history.filter((each) => firing(each) !== '');
  const [main] = series;
  const marks: Series | undefined =
    main && fired.length > 0
      ? {
          name: 'alert fired',
          kind: 'points',
          tone: 'raises',
          x: main.x.filter((name) => fired.some((each) => each.name === name)) as string[],
          y: fired.flatMap(({ name }) => {
            const at = Array.from(main.x).indexOf(name);
            return at < 0 ? [] : [main.y[at] as number];
          }),
        }
      : undefined;
  return {
    id: `timeline-${which}`,
    title,
    caption:
      fired.length > 0
        ? `Alerts fired in ${counted(fired.length, 'window')}, first in ${fired[0]?.name}: ${firing(fired[0] as WindowRecord)}.`
        : `No alert fired in ${counted(history.length, 'window')}.`,
    x: { title: 'Window', scale: 'category' },
    y: { title: axis, format: which === 'rate' ? 'percent' : 'number' },
    series: [...series.filter(({ x }) => x.length > 0), ...(marks && marks.x.length > 0 ? [marks] : [])],
    ...(which === 'score'
      ? {
          rules: [
            { axis: 'y', at: psiLimits.moderate, label: '0.1', tone: 'reference' },
            { axis: 'y', at: psiLimits.significant, label: '0.2', tone: 'raises' },
          ],
        }
      : {}),
  };
}

/** Probability against outcome, at training and in this window. */
export function calibrationThenNowFigure(then: readonly CalibrationPoint[], now: readonly CalibrationPoint[]): Figure {
  const top = Math.min(
    1,
    1.05 * Math.max(0.01, ...[...then, ...now].flatMap(({ predicted, high }) => [predicted, high])),
  );
  const line = (name: string, tone: 'reference' | 'current', points: readonly CalibrationPoint[]): Series => ({
    name,
    kind: 'line',
    tone,
    x: points.map(({ predicted }) => predicted),
    y: points.map(({ observed }) => observed),
    low: points.map(({ low }) => low),
    high: points.map(({ high }) => high),
  });
  const off = now.filter(({ predicted, low, high }) => predicted < low || predicted > high).length;
  const last = now.at(-1);
  return {
    id: 'calibration-then-now',
    title: 'Calibration then and now',
    caption: last
      ? `In ${off} of ${now.length} groups what was predicted lies outside the band of what happened. Of the highest group ${percent(last.predicted)} were expected to convert and ${percent(last.observed)} did.`
      : 'No outcomes are known yet.',
    x: { title: 'Predicted conversion', format: 'percent', range: [0, top] },
    y: { title: 'Observed conversion', format: 'percent', range: [0, top] },
    series: [line('reference', 'reference', then), line('this window', 'current', now)].filter(({ x }) => x.length > 0),
    rules: [{ axis: 'diagonal', label: 'as predicted', tone: 'reference' }],
  };
}

function firing({ events }: WindowRecord): string {
  return listing(events.filter(({ change, silenced }) => change === 'firing' && !silenced).map(({ rule }) => rule));
}
