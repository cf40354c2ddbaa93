import type { Annotation, LayoutAxis, Shape } from 'plotly.js';
import type { Axis, Figure, Rule, Series } from '../../core/reports/figure.ts';
import type { Look } from './looks.ts';
import { escapeText } from './plot-text.ts';

export function axis(from: Axis, look: Look, series: readonly Series[], isNarrow: boolean): Partial<LayoutAxis> {
  const title =
    from.unit && !from.title.toLowerCase().includes(from.unit.toLowerCase())
      ? `${from.title} (${from.unit})`
      : from.title;
  const range = rangeOn(from);
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
    ...(from.hidesNames ? { showticklabels: false } : {}),
    fixedrange: true,
    ...(from.scale === 'category' ? { dtick: 1 } : { nticks: isNarrow ? 4 : 8, tickangle: 0 }),
    ...(from.scale === 'log' ? { type: 'log', dtick: 1 } : from.scale === 'category' ? { type: 'category' } : {}),
    ...(from.format === 'percent'
      ? { tickformat: '.3~p' }
      : from.format === 'integer'
        ? { tickformat: ',d' }
        : from.format === 'money'
          ? { tickformat: ',.3~s' }
          : {}),
    hoverformat: hoverFormat(from),
    ...(range
      ? { range: from.reversed ? [range[1], range[0]] : range }
      : from.reversed
        ? { autorange: 'reversed' }
        : {}),
  };
}

export function hoverFormat(axisFrom: Axis): string {
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

export function ruleShape(rule: Rule, look: Look): Partial<Shape> {
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

/** Where a value stands in ranges and annotations, which Plotly counts in powers of ten on log axes; lines and shapes are plain. */
export function placeOn(axisFrom: Axis, value: number): number {
  return axisFrom.scale === 'log' ? Math.log10(value) : value;
}

export function rangeOn(axisFrom: Axis): [number, number] | undefined {
  return axisFrom.range && [placeOn(axisFrom, axisFrom.range[0]), placeOn(axisFrom, axisFrom.range[1])];
}

/** `isOutside`: the label of a level stands to the right of the chart, where no line can run through it. */
export function ruleLabel(rule: Rule, { x, y }: Figure, look: Look, isOutside: boolean): Partial<Annotation>[] {
  if (!rule.label) return [];
  const base = { text: escapeText(rule.label), showarrow: false, font: { size: 12, color: look.muted } } as const;
  if (rule.axis === 'diagonal') return [{ ...base, x: 0.82, y: 0.78, xanchor: 'left' }];
  const at = placeOn(rule.axis === 'x' ? x : y, rule.at ?? 0);
  if (rule.axis === 'x')
    return [{ ...base, x: at, yref: 'paper', y: 1, xanchor: 'left', yanchor: 'top', xshift: 4, bgcolor: look.surface }];
  if (isOutside) {
    const text = escapeText(rule.label).replace(' ', '<br>');
    return [
      { ...base, text, align: 'left', y: at, xref: 'paper', x: 1, xanchor: 'left', yanchor: 'middle', xshift: 4 },
    ];
  }
  return [{ ...base, y: at, xref: 'paper', x: 1, xanchor: 'right', yanchor: 'bottom' }];
}
