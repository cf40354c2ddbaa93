import type { Series, Tone } from '../figure.ts';
import { fontSize, type Layout, waterfallSpans } from './layout.ts';
import { element, escaped, short } from './markup.ts';
import type { Paint } from './paint.ts';

/** The drawing of one series. `index` of `count` tells grouped bars apart. */
export function drawSeries(series: Series, index: number, count: number, layout: Layout, paint: Paint): string {
  switch (series.kind) {
    case 'line':
      return drawBand(series, layout, paint) + drawLine(series, layout, paint);
    case 'steps':
      return drawSteps(series, layout, paint);
    case 'points':
      return drawPoints(series, layout, paint);
    case 'bars':
      return drawBars(series, index, count, layout, paint);
    case 'bars-horizontal':
      return drawHorizontalBars(series, index, count, layout, paint);
    case 'waterfall':
      return drawWaterfall(series, layout, paint);
    case 'heatmap':
      return drawHeatmap(series, layout, paint);
  }
}

/** A line; one that is not a number parts it. */
function path(points: readonly (readonly [number, number])[]): string {
  let isNew = true;
  return points
    .map(([x, y]) => {
      const start = isNew;
      isNew = Number.isNaN(y);
      return isNew ? '' : `${start ? 'M' : 'L'}${short(x)} ${short(y)}`;
    })
    .join('');
}

function drawLine(series: Series, layout: Layout, paint: Paint): string {
  const points = Array.from(series.x, (x, i) => [layout.x.place(x), layout.y.place(series.y[i] as number)] as const);
  const line = element('path', {
    d: path(points),
    fill: 'none',
    stroke: paint.tone(series.tone),
    'stroke-width': series.thin ? 0.7 : 2,
    ...(series.thin ? { 'stroke-opacity': '0.45' } : {}),
    'stroke-linejoin': 'round',
    ...(series.dashed ? { 'stroke-dasharray': '5 4' } : {}),
  });
  // A handful of measured points is shown as such; a dense curve is not.
  const dots =
    points.length > 25
      ? []
      : points.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: paint.tone(series.tone) }));
  return line + dots.join('');
}

function drawBand(series: Series, layout: Layout, paint: Paint): string {
  const { low, high } = series;
  if (!low || !high) return '';
  const along = (edge: ArrayLike<number>) =>
    Array.from(series.x, (x, i) => [layout.x.place(x), layout.y.place(edge[i] as number)] as const);
  const outline = `${path([...along(high), ...along(low).toReversed()])}Z`;
  return element('path', { d: outline, fill: paint.tone(series.tone), 'fill-opacity': '0.16' });
}

function drawSteps(series: Series, layout: Layout, paint: Paint): string {
  const points: [number, number][] = [];
  for (let i = 0; i < series.x.length; i++) {
    const x = layout.x.place(series.x[i] as number);
    if (i > 0) points.push([x, points.at(-1)?.[1] as number]);
    points.push([x, layout.y.place(series.y[i] as number)]);
  }
  const ground = layout.y.place(0);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const area = `${path([[first[0], ground], ...points, [last[0], ground]])}Z`;
  const colour = paint.tone(series.tone);
  return (
    element('path', { d: area, fill: colour, 'fill-opacity': '0.14' }) +
    element('path', { d: path(points), fill: 'none', stroke: colour, 'stroke-width': 1.5 })
  );
}

function drawPoints(series: Series, layout: Layout, paint: Paint): string {
  const dots = Array.from(series.x, (x, i) =>
    element('circle', {
      cx: layout.x.place(x),
      cy: layout.y.place(series.y[i] as number),
      r: series.x.length > 500 ? 1.5 : 3,
      fill: paint.tone(toneAt(series, i)),
      'fill-opacity': '0.7',
    }),
  );
  return dots.join('');
}

const gap = 0.28;

function drawBars(series: Series, index: number, count: number, layout: Layout, paint: Paint): string {
  const width = (layout.x.step * (1 - gap)) / count;
  const ground = layout.y.place(0);
  const bars = Array.from(series.x, (x, i) => {
    const start = layout.x.place(x) - (width * count) / 2 + width * index;
    const end = layout.y.place(series.y[i] as number);
    const bar = element('rect', {
      x: start,
      y: Math.min(end, ground),
      width,
      height: Math.abs(end - ground),
      fill: paint.tone(toneAt(series, i)),
    });
    return bar + whisker(series, i, (value) => `${short(start + width / 2)} ${short(layout.y.place(value))}`, paint);
  });
  return bars.join('');
}

function drawHorizontalBars(series: Series, index: number, count: number, layout: Layout, paint: Paint): string {
  const height = (layout.y.step * (1 - gap)) / count;
  const ground = layout.x.place(0);
  const bars = Array.from(series.y, (y, i) => {
    const start = layout.y.place(y) - (height * count) / 2 + height * index;
    const end = layout.x.place(series.x[i] as number);
    const middle = start + height / 2;
    const bar = element('rect', {
      x: Math.min(end, ground),
      y: start,
      width: Math.max(Math.abs(end - ground), 0.5),
      height,
      fill: paint.tone(toneAt(series, i)),
    });
    const at = Math.max(end, ground) + 5;
    return (
      bar +
      whisker(series, i, (value) => `${short(layout.x.place(value))} ${short(middle)}`, paint) +
      valueText(series, i, at, middle, paint)
    );
  });
  return bars.join('');
}

function drawWaterfall(series: Series, layout: Layout, paint: Paint): string {
  const height = layout.y.step * (1 - gap);
  const spans = waterfallSpans(series);
  const bars = spans.map(({ from, to }, i) => {
    const middle = layout.y.place(series.y[i] as string);
    const [start, end] = [layout.x.place(Math.min(from, to)), layout.x.place(Math.max(from, to))];
    const bar = element('rect', {
      x: start,
      y: middle - height / 2,
      width: Math.max(end - start, 1),
      height,
      fill: paint.tone(toneAt(series, i)),
    });
    const at = layout.x.place(to);
    const link =
      i + 1 < spans.length
        ? element('path', {
            d: `M${short(at)} ${short(middle)}V${short(middle + layout.y.step)}`,
            stroke: paint.quiet,
            'stroke-width': 1,
            'stroke-opacity': '0.5',
          })
        : '';
    return link + bar + valueText(series, i, end + 5, middle, paint);
  });
  return bars.join('');
}

function drawHeatmap(series: Series, layout: Layout, paint: Paint): string {
  const rows = series.z ?? [];
  const largest = Math.max(...rows.flat().map(Math.abs), 1e-12);
  const cells = rows.flatMap((row, j) =>
    row.map((value, i) => {
      const [cx, cy] = [layout.x.place(series.x[i] as string), layout.y.place(series.y[j] as string)];
      return element('rect', {
        x: cx - layout.x.step / 2,
        y: cy - layout.y.step / 2,
        width: layout.x.step,
        height: layout.y.step,
        fill: paint.tone(value < 0 ? 'lowers' : series.tone),
        'fill-opacity': (Math.abs(value) / largest).toFixed(3),
      });
    }),
  );
  return cells.join('');
}

function whisker(series: Series, i: number, point: (value: number) => string, paint: Paint): string {
  const [low, high] = [series.low?.[i], series.high?.[i]];
  if (low === undefined || high === undefined) return '';
  return element('path', { d: `M${point(low)}L${point(high)}`, stroke: paint.text, 'stroke-width': 1 });
}

function valueText(series: Series, i: number, x: number, y: number, paint: Paint): string {
  const text = series.text?.[i];
  if (!text) return '';
  return element('text', { x, y: y + 4, fill: paint.quiet, 'font-size': fontSize - 1 }, escaped(text));
}

function toneAt(series: Series, i: number): Tone {
  return series.tones?.[i] ?? series.tone;
}
