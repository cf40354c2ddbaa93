import type { Figure, Rule } from '../figure.ts';
import { fontSize, type Layout, shortNames } from './layout.ts';
import { element, escaped, fitted, short, textWidth } from './markup.ts';
import type { Paint } from './paint.ts';

/** Light grid, tick labels and axis titles. */
export function drawAxes(figure: Figure, layout: Layout, paint: Paint): string {
  const { left, right, top, bottom, x, y } = layout;
  const parts: string[] = [];
  const line = (d: string): string => element('path', { d, stroke: paint.grid, 'stroke-width': 1 });
  const words = (text: string, attributes: Readonly<Record<string, string | number>>): string =>
    element('text', { fill: paint.quiet, 'font-size': fontSize, ...attributes }, escaped(text));
  if (figure.y.scale !== 'category') {
    for (const { at, label } of y.ticks) {
      parts.push(line(`M${short(left)} ${short(at)}H${short(right)}`));
      parts.push(words(label, { x: left - 8, y: at + 4, 'text-anchor': 'end' }));
    }
    parts.push(words(titleOf(figure.y), { x: 0, y: top - 10, 'font-size': fontSize - 1 }));
  } else {
    for (const { at, label } of shortNames(layout)) {
      parts.push(words(label, { x: left - 8, y: at + 4, 'text-anchor': 'end', fill: paint.text }));
    }
  }
  if (figure.x.scale !== 'category') {
    for (const { at, label } of x.ticks) {
      parts.push(line(`M${short(at)} ${short(top)}V${short(bottom)}`));
      parts.push(words(label, { x: at, y: bottom + 17, 'text-anchor': 'middle' }));
    }
  } else {
    parts.push(...categoryTicks(layout, words));
  }
  parts.push(
    words(titleOf(figure.x), {
      x: (left + right) / 2,
      y: bottom + 38,
      'text-anchor': 'middle',
      'font-size': fontSize - 1,
    }),
  );
  return parts.join('');
}

/** Names under the bars: shortened, and thinned out where there is no room for all. */
function categoryTicks(
  layout: Layout,
  words: (text: string, at: Readonly<Record<string, string | number>>) => string,
): string[] {
  const { x, bottom } = layout;
  const widest = Math.max(...x.ticks.map(({ label }) => textWidth(label, fontSize - 1)), 1);
  const every = Math.max(1, Math.ceil(Math.min(widest + 6, 90) / x.step));
  return x.ticks
    .filter((_, i) => i % every === 0)
    .map(({ at, label }) =>
      words(fitted(label, fontSize - 1, Math.max(x.step * every - 4, 20)), {
        x: at,
        y: bottom + 17,
        'text-anchor': 'middle',
        'font-size': fontSize - 1,
      }),
    );
}

/** Thin reference lines with their names. */
export function drawRules(figure: Figure, layout: Layout, paint: Paint): string {
  return (figure.rules ?? []).map((rule) => drawRule(rule, figure, layout, paint)).join('');
}

function drawRule(rule: Rule, figure: Figure, layout: Layout, paint: Paint): string {
  const { left, right, top, bottom, x, y } = layout;
  const colour = rule.tone ? paint.tone(rule.tone) : paint.quiet;
  const halo = { 'font-size': fontSize - 1, stroke: paint.background, 'stroke-width': 3, 'paint-order': 'stroke' };
  const draw = (d: string): string =>
    element('path', { d, stroke: colour, 'stroke-width': 1, 'stroke-dasharray': '4 3', fill: 'none' });
  const name = (at: Readonly<Record<string, string | number>>): string =>
    rule.label ? element('text', { fill: colour, ...halo, ...at }, escaped(rule.label)) : '';
  if (rule.axis === 'diagonal') {
    const last = Math.min(Number.isFinite(x.place(1)) ? 1 : 0, 1);
    const end = cornerOf(layout, last);
    return (
      draw(`M${short(x.place(0))} ${short(y.place(0))}L${short(end.x)} ${short(end.y)}`) +
      name({ x: end.x - 8, y: Math.min(bottom - 6, end.y + 0.25 * (bottom - top)), 'text-anchor': 'end' })
    );
  }
  if (rule.at === undefined) return '';
  if (rule.axis === 'y') {
    const at = y.place(rule.at);
    return draw(`M${short(left)} ${short(at)}H${short(right)}`) + name({ x: right, y: at - 5, 'text-anchor': 'end' });
  }
  const at = x.place(rule.at);
  const crowded = at + 6 + textWidth(rule.label ?? '', fontSize) > right;
  return (
    draw(`M${short(at)} ${short(top)}V${short(bottom)}`) +
    name({
      x: crowded ? at - 5 : at + 5,
      y: figure.y.scale === 'category' ? top - 4 : top + 11,
      'text-anchor': crowded ? 'end' : 'start',
    })
  );
}

/** The upper end of the line y = x: where it leaves the plot. */
function cornerOf({ right, top, x, y }: Layout, limit: number): { readonly x: number; readonly y: number } {
  let low = 0;
  let high = limit;
  if (x.place(high) <= right + 0.5 && y.place(high) >= top - 0.5) return { x: x.place(high), y: y.place(high) };
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (x.place(middle) <= right && y.place(middle) >= top) low = middle;
    else high = middle;
  }
  return { x: x.place(low), y: y.place(low) };
}

function titleOf({ title, unit }: { readonly title: string; readonly unit?: string }): string {
  return unit && !title.toLowerCase().includes(unit.toLowerCase()) ? `${title} (${unit})` : title;
}
