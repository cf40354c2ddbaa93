import type { Annotation, Data, Layout } from 'plotly.js';
import type { Figure, Series } from '../../core/reports/figure.ts';
import { axis, ruleLabel, ruleShape } from './axes.ts';
import { labelPlaces } from './direct-labels.ts';
import type { Look } from './looks.ts';
import { breakEarly, escapeText } from './plot-text.ts';
import { traces } from './traces.ts';
import { waterfallRange } from './waterfall.ts';

export interface Plot {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
}

/** A figure in the one hand of all charts: light grid, units in the axis titles, words on the lines instead of a legend. */
export function plotFigure(figure: Figure, look: Look, width = 1000): Plot {
  const places = labelPlaces(figure);
  const waterfall = figure.series.find((series) => series.kind === 'waterfall');
  const isNarrow = width < 560;
  const needsLegend = figure.series.length > 1 && places.length === 0;
  return {
    data: figure.series.flatMap((series) => traces(isNarrow ? narrowed(series) : series, figure, look, needsLegend)),
    layout: {
      autosize: true,
      margin: { l: 8, r: 16, t: needsLegend ? 28 : 8, b: 8 },
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
        ...(waterfall ? { range: waterfallRange(waterfall, isNarrow ? 0.5 : 0.22) } : {}),
      },
      yaxis: axis(figure.y, look, figure.series, isNarrow),
      shapes: (figure.rules ?? []).map((rule) => ruleShape(rule, look)),
      annotations: [
        ...places.map(
          ({ series, x, y, shift, anchor }): Partial<Annotation> => ({
            x,
            y,
            text: escapeText(series.name),
            showarrow: false,
            yshift: shift,
            xanchor: anchor,
            font: { color: look.tones[series.tone], size: 13, weight: 600 },
            ...(shift === 0 ? { bgcolor: look.surface, borderpad: 1 } : {}),
          }),
        ),
        ...(figure.rules ?? []).flatMap((rule) => ruleLabel(rule, look)),
      ],
    },
  };
}

/** Long names are broken early where there is little room beside them. */
function narrowed(series: Series): Series {
  return typeof series.y[0] === 'string'
    ? { ...series, y: Array.from(series.y, (name) => breakEarly(String(name))) }
    : series;
}
