import type { Figure, Series } from '../figure.ts';
import { fontSize, type Layout } from './layout.ts';
import { element, escaped, textWidth } from './markup.ts';
import type { Paint } from './paint.ts';

/** Up to three curves carry their names themselves. */
export function hasDirectLabels(figure: Figure): boolean {
  const curves = figure.series.filter(isCurve);
  return curves.length === figure.series.length && curves.length > 1 && curves.length <= 3;
}

/** Bars and more than three curves are named in a row above the plot; one series needs no name. */
export function hasLegend(figure: Figure): boolean {
  return figure.series.length > 1 && !hasDirectLabels(figure);
}

function isCurve(series: Series): boolean {
  return series.kind === 'line' || series.kind === 'steps';
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Puts each name beside its curve, where it covers the least of the others. */
export function drawDirectLabels(figure: Figure, layout: Layout, paint: Paint): string {
  const curves = figure.series.map((series) => pixelsOf(series, layout));
  const taken: Box[] = [];
  const drawn = figure.series.map((series, index) => {
    const width = textWidth(series.name, fontSize);
    let best: Box | undefined;
    let least = Number.POSITIVE_INFINITY;
    const own = curves[index] as Pixels;
    for (const candidate of candidates(own, width)) {
      const cost = costOf(candidate, own, curves, taken, layout);
      if (cost >= least) continue;
      least = cost;
      best = candidate;
    }
    if (!best) return '';
    taken.push(best);
    return element(
      'text',
      {
        x: best.x,
        y: best.y,
        fill: paint.tone(series.tone),
        'font-size': fontSize,
        'font-weight': 600,
        stroke: paint.background,
        'stroke-width': 3,
        'paint-order': 'stroke',
      },
      escaped(series.name),
    );
  });
  return drawn.join('');
}

type Pixels = readonly (readonly [number, number])[];

/** Points along a curve, at most eight pixels apart. */
function pixelsOf(series: Series, layout: Layout): Pixels {
  const points = Array.from(series.x, (x, i) => [layout.x.place(x), layout.y.place(series.y[i] as number)] as const);
  const filled = points.flatMap((point, i) => {
    const next = points[i + 1];
    if (!next) return [point];
    const parts = Math.max(1, Math.ceil(Math.max(Math.abs(next[0] - point[0]), Math.abs(next[1] - point[1])) / 8));
    return Array.from({ length: parts }, (_, part) => {
      const share = part / parts;
      return [point[0] + (next[0] - point[0]) * share, point[1] + (next[1] - point[1]) * share] as const;
    });
  });
  return filled;
}

interface Candidate extends Box {
  /** The point of the curve it names. */
  readonly anchor: readonly [number, number];
}

function* candidates(curve: Pixels, width: number): Generator<Candidate> {
  const stride = Math.max(1, Math.floor(curve.length / 40));
  for (let i = stride; i < curve.length - stride; i += stride) {
    const anchor = curve[i] as readonly [number, number];
    const [x, y] = anchor;
    yield { anchor, x: x + 8, y: y + 14, width };
    yield { anchor, x: x + 8, y: y - 6, width };
    yield { anchor, x: x - width - 8, y: y - 6, width };
  }
}

/** A name is clear of other curves by this many pixels, or it could be read as theirs. */
const clearance = 36;

function costOf(box: Candidate, own: Pixels, curves: readonly Pixels[], taken: readonly Box[], layout: Layout): number {
  const { left, right, top, bottom } = layout;
  const inside = box.x > left + 4 && box.x + box.width < right - 4 && box.y - fontSize > top && box.y < bottom - 4;
  if (!inside) return Number.POSITIVE_INFINITY;
  const middle = [box.x + box.width / 2, box.y - fontSize / 2] as const;
  const toOwn = nearestTo(own, middle);
  let cost = 0;
  for (const curve of curves) {
    cost += 2 * curve.filter((point) => covers(box, point)).length;
    if (curve === own) continue;
    cost += (clearance - Math.min(clearance, nearestTo(curve, box.anchor))) / 4;
    // A name nearer to another curve would be read as that curve's.
    if (nearestTo(curve, middle) < toOwn) cost += 20;
  }
  for (const other of taken) {
    const apart =
      other.x > box.x + box.width + 6 || other.x + other.width + 6 < box.x || Math.abs(other.y - box.y) > fontSize + 5;
    if (!apart) cost += 1000;
  }
  return cost;
}

function covers({ x, y, width }: Box, [px, py]: readonly [number, number]): boolean {
  return px > x - 4 && px < x + width + 4 && py > y - fontSize - 2 && py < y + 5;
}

function nearestTo(curve: Pixels, point: readonly [number, number]): number {
  return curve.reduce((nearest, each) => Math.min(nearest, distance(each, point)), Number.POSITIVE_INFINITY);
}

function distance([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): number {
  return Math.sqrt((x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2));
}

/** A row of names with their colours, above the plot. */
export function drawLegend(figure: Figure, layout: Layout, paint: Paint): string {
  let x = layout.left;
  const items = figure.series.map((series) => {
    const swatch = element('rect', { x, y: layout.top - 36, width: 10, height: 10, fill: paint.tone(series.tone) });
    const name = element(
      'text',
      { x: x + 15, y: layout.top - 27, fill: paint.text, 'font-size': fontSize },
      escaped(series.name),
    );
    x += 15 + textWidth(series.name, fontSize) + 18;
    return swatch + name;
  });
  return items.join('');
}
