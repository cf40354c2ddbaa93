import type { Data } from 'plotly.js';
import type { Figure, Series } from '../../core/reports/figure.ts';
import { hoverFormat } from './axes.ts';
import type { Look } from './looks.ts';
import { escapeText, wrapText } from './plot-text.ts';
import { waterfallBases } from './waterfall.ts';

/** A series as what Plotly draws: itself, and its band before it. */
export function traces(series: Series, figure: Figure, look: Look, legend: boolean): Data[] {
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
      if (series.thin) {
        return [
          {
            ...common,
            type: 'scatter',
            mode: 'lines',
            x,
            y,
            line: { color: colour, width: 1 },
            opacity: 0.45,
            hoverinfo: 'skip',
          },
        ];
      }
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
          colorscale: series.diverging
            ? [
                [0, look.tones.lowers],
                [0.5, look.surface],
                [1, colour],
              ]
            : [
                [0, look.surface],
                [1, colour],
              ],
          ...(series.diverging ? symmetric(series.z ?? []) : {}),
          showscale: false,
        } as Data,
      ];
  }
}

/** The same distance from zero on both sides, up to the 99th percentile: a few far cells would pale all others. */
function symmetric(z: NonNullable<Series['z']>): { zmin: number; zmax: number } {
  const sizes = z
    .flat()
    .map(Math.abs)
    .sort((a, b) => a - b);
  const most = sizes[Math.floor(0.99 * (sizes.length - 1))] || 1;
  return { zmin: -most, zmax: most };
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
  const base = waterfallBases(series);
  return {
    ...common,
    type: 'bar',
    orientation: 'h',
    x,
    y,
    base,
    marker: { color: colours },
    textposition: 'none',
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

function hover(figure: Figure, label: 'x' | 'y', value: 'x' | 'y', text: string[] | undefined): string {
  return `%{${label}}<br>%{${value}:${hoverFormat(figure[value])}}${text ? '<br>%{text}' : ''}<extra></extra>`;
}

function values(from: Series['x']): (number | string)[] {
  return Array.from(from as ArrayLike<number | string>, (value) =>
    typeof value === 'string' ? wrapText(value) : value,
  );
}

function translucent(hex: string, alpha: number): string {
  const value = Number.parseInt(hex.slice(1), 16);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`;
}
