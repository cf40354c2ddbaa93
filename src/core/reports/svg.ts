import type { Figure } from './figure.ts';
import { drawAxes, drawRules } from './svg/axes.ts';
import { drawDirectLabels, drawLegend, hasDirectLabels, hasLegend } from './svg/labels.ts';
import { fontSize, type Layout, layoutOf } from './svg/layout.ts';
import { drawSeries } from './svg/marks.ts';
import { element, escaped, fitted } from './svg/markup.ts';
import { paintOf } from './svg/paint.ts';
import type { Theme } from './tones.ts';

export interface SvgOptions {
  readonly width: number;
  readonly height: number;
  /** `auto` takes its colours from CSS variables of the page around it, light where there are none. */
  readonly theme: Theme | 'auto';
}

const fontFamily = "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif";

/** A figure as one self-contained SVG: no scripts, no styles, no outside references; all text is escaped. */
export function figureToSvg(figure: Figure, { width, height, theme }: SvgOptions): string {
  const paint = paintOf(theme);
  const layout = layoutOf(figure, width, height, hasLegend(figure));
  const title = element(
    'text',
    { x: 0, y: 15, fill: paint.text, 'font-size': 14, 'font-weight': 600 },
    escaped(fitted(figure.title, 14, width)),
  );
  // Points and lines among bars take no room beside them.
  const barCount = figure.series.filter(({ kind }) => kind.startsWith('bars')).length;
  const body = [
    element('title', {}, escaped(figure.title)),
    element('desc', {}, escaped(figure.caption)),
    element('rect', { width, height, fill: paint.background }),
    title,
    drawAxes(figure, layout, paint),
    clipped(
      figure.series.map((series, i) => drawSeries(series, i, Math.max(1, barCount), layout, paint)).join(''),
      figure,
      layout,
    ),
    drawRules(figure, layout, paint),
    hasDirectLabels(figure) ? drawDirectLabels(figure, layout, paint) : '',
    hasLegend(figure) ? drawLegend(figure, layout, paint) : '',
  ];
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': fontFamily,
      'font-size': fontSize,
    },
    body.join(''),
  );
}

/** Keeps curves inside the plot. An inner picture clips without an id, which two figures in one file would share. */
function clipped(marks: string, figure: Figure, { left, right, top, bottom }: Layout): string {
  if (figure.y.scale === 'category') return marks;
  const [x, y, width, height] = [left - 4, top - 4, right - left + 8, bottom - top + 8];
  return element('svg', { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: 'hidden' }, marks);
}
