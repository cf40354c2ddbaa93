import type { Annotation, Data, Layout, LayoutAxis, Shape } from 'plotly.js';
import type { Axis, Figure, Rule, Series } from '../../core/reports/figure.ts';
import { labelPlaces } from './direct-labels.ts';
import type { Look } from './looks.ts';

export interface Plot {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
}

/** A figure in the one hand of all charts: light grid, units in the axis titles, words on the lines instead of a legend. */
export function plotFigure(figure: Figure, look: Look): Plot {
  const places = labelPlaces(figure);
  const needsLegend = figure.series.length > 1 && places.length === 0;
  return {
    data: figure.series.flatMap((series) => traces(series, figure, look, needsLegend)),
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
      barmode: figure.series[0]?.kind === 'waterfall' ? 'overlay' : 'group',
      bargap: 0.3,
      xaxis: axis(figure.x, look, figure.series),
      yaxis: axis(figure.y, look, figure.series),
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

/** Plotly reads text as pseudo-HTML and, between dollar signs, as TeX. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('$', '&#36;');
}

function values(from: Series['x']): (number | string)[] {
  return Array.from(from as ArrayLike<number | string>, (value) =>
    typeof value === 'string' ? escapeText(value) : value,
  );
}

function traces(series: Series, figure: Figure, look: Look, legend: boolean): Data[] {
  const colour = look.tones[series.tone];
  const x = values(series.x);
  const y = values(series.y);
  const text = series.text?.map(escapeText);
  const common = { name: escapeText(series.name), showlegend: legend, ...(text ? { text, hovertext: text } : {}) };
  const colours = series.tones ? series.tones.map((tone) => look.tones[tone]) : colour;
  switch (series.kind) {
    case 'line':
    case 'steps':
    case 'points': {
      const shape = series.kind === 'steps' ? 'hv' : 'linear';
      const line = { color: colour, width: 2, shape, dash: series.dashed ? 'dash' : 'solid' } as const;
      const main: Data = {
        ...common,
        type: 'scatter',
        mode: series.kind === 'points' ? 'markers' : 'lines',
        x,
        y,
        line,
        marker: { color: colours, size: 7 },
        hovertemplate: `%{y:${hoverFormat(figure.y)}}${text ? ' · %{text}' : ''}<extra>${common.name}</extra>`,
      };
      return series.kind === 'points'
        ? [withErrors(main, series, 'y', colour)]
        : [...band(series, x, colour, shape), main];
    }
    case 'bars':
      return [
        withErrors(
          {
            ...common,
            type: 'bar',
            x,
            y,
            marker: { color: colours },
            textposition: 'none',
            hovertemplate: hover(figure, 'x', 'y', text),
          },
          series,
          'y',
          look.muted,
        ),
      ];
    case 'bars-horizontal':
      return [
        withErrors(
          {
            ...common,
            type: 'bar',
            orientation: 'h',
            x,
            y,
            marker: { color: colours },
            textposition: 'none',
            hovertemplate: hover(figure, 'y', 'x', text),
          },
          series,
          'x',
          look.muted,
        ),
      ];
    case 'waterfall':
      return [waterfall(series, common, x, y, colours, figure)];
    case 'heatmap':
      return [
        {
          type: 'heatmap',
          name: common.name,
          x,
          y,
          z: (series.z ?? []).map((row) => [...row]),
          colorscale: [
            [0, look.surface],
            [1, colour],
          ],
          showscale: false,
        } as Data,
      ];
  }
}

/** Steps start where the one before ended; the reference and the current total stand from zero. */
function waterfall(
  series: Series,
  common: object,
  x: (number | string)[],
  y: (number | string)[],
  colours: string | string[],
  figure: Figure,
): Data {
  let reached = 0;
  const base = x.map((step, i) => {
    const tone = series.tones?.[i];
    const from = tone === 'reference' || tone === 'current' ? 0 : reached;
    reached = from + Number(step);
    return from;
  });
  return {
    ...common,
    type: 'bar',
    orientation: 'h',
    x,
    y,
    base,
    marker: { color: colours },
    cliponaxis: false,
    textposition: 'outside',
    textfont: { size: 12 },
    hovertemplate: hover(figure, 'y', 'x', series.text ? [...series.text] : undefined),
  } as Data;
}

function band(series: Series, x: (number | string)[], colour: string, shape: 'hv' | 'linear'): Data[] {
  if (!series.low || !series.high) return [];
  const edge = {
    type: 'scatter',
    mode: 'lines',
    x,
    showlegend: false,
    hoverinfo: 'skip',
    line: { width: 0, color: colour, shape },
  } as const;
  return [
    { ...edge, y: Array.from(series.low) },
    { ...edge, y: Array.from(series.high), fill: 'tonexty', fillcolor: translucent(colour, 0.16) },
  ];
}

function withErrors(trace: Data, series: Series, along: 'x' | 'y', colour: string): Data {
  if (!series.low || !series.high) return trace;
  const middle = Array.from(series[along] as ArrayLike<number>);
  const error = {
    type: 'data',
    symmetric: false,
    array: middle.map((value, i) => (series.high?.[i] ?? value) - value),
    arrayminus: middle.map((value, i) => value - (series.low?.[i] ?? value)),
    color: colour,
    thickness: 1.2,
    width: 3,
  } as const;
  return { ...trace, [along === 'y' ? 'error_y' : 'error_x']: error } as Data;
}

function axis(from: Axis, look: Look, series: readonly Series[]): Partial<LayoutAxis> {
  const title =
    from.unit && !from.title.toLowerCase().includes(from.unit.toLowerCase())
      ? `${from.title} (${from.unit})`
      : from.title;
  const isFlat = series.some((each) => each.kind === 'bars' || each.kind === 'steps');
  return {
    ...(title ? { title: { text: escapeText(title), standoff: 8, font: { size: 13, color: look.muted } } } : {}),
    automargin: true,
    gridcolor: look.grid,
    linecolor: look.grid,
    zerolinecolor: look.grid,
    zeroline: !isFlat,
    showgrid: from.scale !== 'category',
    ticks: '',
    tickfont: { size: 12, color: look.muted },
    fixedrange: true,
    ...(from.scale === 'category' ? { dtick: 1 } : { nticks: 8 }),
    ...(from.scale === 'log' ? { type: 'log' } : from.scale === 'category' ? { type: 'category' } : {}),
    ...(from.format === 'percent'
      ? { tickformat: '.3~p' }
      : from.format === 'integer'
        ? { tickformat: ',d' }
        : from.format === 'money'
          ? { tickformat: ',.3~s' }
          : {}),
    hoverformat: hoverFormat(from),
    ...(from.range
      ? { range: from.reversed ? [from.range[1], from.range[0]] : [...from.range] }
      : from.reversed
        ? { autorange: 'reversed' }
        : {}),
  };
}

function hoverFormat(axisFrom: Axis): string {
  switch (axisFrom.format) {
    case 'percent':
      return '.3p';
    case 'integer':
      return ',d';
    case 'money':
      return ',.0f';
    default:
      return '.3~r';
  }
}

function hover(figure: Figure, label: 'x' | 'y', value: 'x' | 'y', text: string[] | undefined): string {
  return `%{${label}}<br>%{${value}:${hoverFormat(figure[value])}}${text ? '<br>%{text}' : ''}<extra></extra>`;
}

function ruleShape(rule: Rule, look: Look): Partial<Shape> {
  const line = {
    color: look.tones[rule.tone ?? 'reference'],
    width: 1.2,
    dash: rule.tone === 'current' ? 'solid' : 'dot',
  } as const;
  const base = { type: 'line', line, layer: 'below' } as const;
  if (rule.axis === 'diagonal') return { ...base, x0: 0, y0: 0, x1: 1, y1: 1 };
  const at = rule.at ?? 0;
  return rule.axis === 'x'
    ? { ...base, x0: at, x1: at, yref: 'paper', y0: 0, y1: 1 }
    : { ...base, y0: at, y1: at, xref: 'paper', x0: 0, x1: 1 };
}

function ruleLabel(rule: Rule, look: Look): Partial<Annotation>[] {
  if (!rule.label) return [];
  const base = { text: escapeText(rule.label), showarrow: false, font: { size: 12, color: look.muted } } as const;
  if (rule.axis === 'diagonal') return [{ ...base, x: 0.82, y: 0.78, xanchor: 'left' }];
  const at = rule.at ?? 0;
  if (rule.axis === 'x')
    return [{ ...base, x: at, yref: 'paper', y: 1, xanchor: 'left', yanchor: 'top', xshift: 4, bgcolor: look.surface }];
  return [{ ...base, y: at, xref: 'paper', x: 1, xanchor: 'right', yanchor: 'bottom' }];
}

function translucent(hex: string, alpha: number): string {
  const value = Number.parseInt(hex.slice(1), 16);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`;
}
