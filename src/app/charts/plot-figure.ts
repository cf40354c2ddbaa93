import type { Annotation, Data, Layout } from 'plotly.js';
import type { Figure, Series } from '../../core/reports/figure.ts';
import { axis, ruleLabel, ruleShape } from './axes.ts';
import { labelPlaces } from './direct-labels.ts';
import type { Look } from './looks.ts';
import { breakEarly, escapeText, shortName, wrapText } from './plot-text.ts';
import { traces } from './traces.ts';
import { waterfallBases, waterfallRange } from './waterfall.ts';

export interface Plot {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
}

/** A figure in the one hand of all charts: light grid, units in the axis titles, words on the lines instead of a legend. */
export function plotFigure(figure: Figure, look: Look, width = 1000, height = 340): Plot {
  const outside = widthOutside(figure);
  const places = labelPlaces(figure, width - outside, height);
  const isNarrow = width < 560;
  const drawn = figure.series.map((series) => withShortNames(series, isNarrow));
  const waterfall = drawn.find((series) => series.kind === 'waterfall');
  const needsLegend = figure.series.length > 1 && places.length === 0;
  return {
    data: drawn.flatMap((series) => traces(series, figure, look, needsLegend)),
    layout: {
      autosize: true,
      margin: { l: 8, r: 16 + outside, t: needsLegend ? 28 : 8, b: 8 },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: "'Inter Variable', system-ui, sans-serif", size: 13, color: look.muted },
      separators: '.,',
      showlegend: needsLegend,
      legend: { orientation: 'h', x: 0, y: 1, xanchor: 'left', yanchor: 'bottom', font: { color: look.text } },
      hovermode: figure.series.some((series) => series.kind === 'line' || series.kind === 'steps')
        ? 'x unified'
        : 'closest',
      hoverlabel: { bgcolor: look.surface, bordercolor: look.grid, font: { color: look.text, size: 13 } },
      dragmode: false,
      barmode: waterfall ? 'overlay' : 'group',
      bargap: 0.3,
      xaxis: {
        ...axis(figure.x, look, figure.series, isNarrow),
        ...(waterfall ? { range: waterfallRange(waterfall, width - labelWidth(waterfall)) } : {}),
      },
      yaxis: axis(figure.y, look, figure.series, isNarrow),
      shapes: (figure.rules ?? []).map((rule) => ruleShape(rule, look)),
      annotations: [
        ...places.map(
          ({ series, x, y, shift }): Partial<Annotation> => ({
            x,
            y,
            text: escapeText(series.name),
            showarrow: false,
            yshift: shift,
            xanchor: 'center',
            font: { color: look.tones[series.tone], size: 13, weight: 600 },
          }),
        ),
        ...(waterfall ? waterfallWords(waterfall, look) : []),
        ...(figure.rules ?? []).flatMap((rule) => ruleLabel(rule, figure, look, outside > 0)),
      ],
    },
  };
}

/** Lines run everywhere: among them the label of a level stands beside the chart, and this wide. */
function widthOutside({ series, rules = [] }: Figure): number {
  if (series.every((each) => each.kind !== 'line')) return 0;
  const words = rules.flatMap(({ axis: along, label }) => (along === 'y' && label ? label.split(' ') : []));
  return words.length === 0 ? 0 : 7.2 * Math.max(...words.map((word) => word.length));
}

/** What a name explains after a colon is left to the table; beside the tall rows of a narrow waterfall names are broken early. */
function withShortNames(series: Series, isNarrow: boolean): Series {
  if (typeof series.y[0] !== 'string') return series;
  const long = Array.from(series.y, String);
  const short = long.map(shortName);
  const isClear = new Set(short).size === new Set(long).size;
  const names = isClear ? short : long;
  if (!isNarrow || series.kind !== 'waterfall') return { ...series, y: names };
  const text = series.text?.map((words) => words.replace(', ', ',\n'));
  return { ...series, y: names.map(breakEarly), ...(text ? { text } : {}) };
}

/** The words stand to the right of each bar, where the last one ends. */
function waterfallWords(series: Series, look: Look): Partial<Annotation>[] {
  const bases = waterfallBases(series);
  return (series.text ?? []).map((text, i) => ({
    x: Math.max(bases[i] as number, (bases[i] as number) + Number(series.x[i])),
    y: i,
    text: escapeText(text),
    showarrow: false,
    align: 'left',
    xanchor: 'left',
    xshift: 2,
    font: { color: look.muted, size: 12 },
  }));
}

/** Pixels that the names beside the bars take, with the margins of the chart. */
function labelWidth(series: Series): number {
  const lines = Array.from(series.y, (name) => wrapText(String(name)).split('<br>')).flat();
  return 6.6 * Math.max(...lines.map((line) => line.length)) + 40;
}
