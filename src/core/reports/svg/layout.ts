import type { Axis, Figure, Series } from '../figure.ts';
import { fitted, textWidth } from './markup.ts';
import { categoryScale, numberScale, type Scale } from './scale.ts';

export const fontSize = 12;

/** Where everything goes, in pixels. */
export interface Layout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

export function layoutOf(figure: Figure, width: number, height: number, legend: boolean): Layout {
  const top = legend ? 64 : 42;
  const bottom = height - 46;
  const categories = figure.y.scale === 'category' ? categoriesOf(figure.series, 'y') : undefined;
  const widest = categories ? Math.max(...categories.map((name) => textWidth(name, fontSize)), 0) : 0;
  const left = categories ? Math.min(widest + 14, width * 0.42) : 58;
  const right = width - (categories ? 76 : 24);
  const names = categories && !figure.y.reversed ? categories.toReversed() : categories;
  return {
    left,
    right,
    top,
    bottom,
    x: axisScale(figure, 'x', left, right),
    y: names ? categoryScale(names, top, bottom) : axisScale(figure, 'y', bottom, top),
  };
}

/** Category names shortened to the room the layout leaves them. */
export function shortNames(layout: Layout): readonly { readonly at: number; readonly label: string }[] {
  return layout.y.ticks.map(({ at, label }) => ({ at, label: fitted(label, fontSize, layout.left - 12) }));
}

function axisScale(figure: Figure, on: 'x' | 'y', from: number, to: number): Scale {
  const axis: Axis = figure[on];
  if (axis.scale === 'category') return categoryScale(categoriesOf(figure.series, on), from, to);
  return numberScale(axis, domainOf(figure, on), from, to);
}

function categoriesOf(series: readonly Series[], on: 'x' | 'y'): readonly string[] {
  return [...new Set(series.flatMap((each) => Array.from(each[on], String)))];
}

function domainOf(figure: Figure, on: 'x' | 'y'): readonly [number, number] {
  const values: number[] = [];
  for (const series of figure.series) {
    if (series.kind === 'waterfall') values.push(0, ...waterfallSpans(series).flatMap(({ from, to }) => [from, to]));
    else for (const value of series[on]) values.push(Number(value));
    const barsAlong = series.kind === 'bars' ? 'y' : series.kind === 'bars-horizontal' ? 'x' : undefined;
    if (barsAlong === on || (series.kind === 'steps' && on === 'y')) values.push(0);
    const bandAlong = series.kind === 'bars-horizontal' || series.kind === 'waterfall' ? 'x' : 'y';
    if (bandAlong === on) values.push(...(series.low ?? []), ...(series.high ?? []));
  }
  for (const rule of figure.rules ?? []) if (rule.axis === on && rule.at !== undefined) values.push(rule.at);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Where each bar of a waterfall begins and ends: `raises` and `lowers` go on from the last, others stand from zero. */
export function waterfallSpans(series: Series): readonly { readonly from: number; readonly to: number }[] {
  let level = 0;
  return Array.from(series.x, (value, i) => {
    const tone = series.tones?.[i] ?? series.tone;
    const from = tone === 'raises' || tone === 'lowers' ? level : 0;
    level = from + Number(value);
    return { from, to: level };
  });
}
