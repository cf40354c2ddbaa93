import type { Figure, Series } from '../../core/reports/figure.ts';
import { placeOn, rangeOn } from './axes.ts';

export interface LabelPlace {
  readonly series: Series;
  /** Both in powers of ten on a log axis, as annotations are. */
  readonly x: number;
  /** The line's highest or lowest point under the name. */
  readonly y: number;
  /** Pixels up from there to the middle of the name. */
  readonly shift: number;
}

/** Pixels: what axes and their titles take, a name's height and letters, and what must stay free around it. */
const frame = { x: 84, y: 70 };
const nameHeight = 18;
const letter = 7.4;
const gapToOwn = 3;
const gapToOthers = 9;
/** Farther than this from all others a name is no clearer. */
const mostClear = 40;

interface Line {
  readonly series: Series;
  readonly points: readonly (readonly [number, number])[];
}

type Obstacle = Pick<Line, 'points'> & Partial<Line>;

const diagonal: Obstacle = {
  points: [
    [0, 0],
    [1, 1],
  ],
};

interface Box {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Where to write the names of up to three lines: above or below each line, where its name lies clear of all others. None
 * when there is one line, more than three, or one that has no such place; then a legend says it.
 */
export function labelPlaces(figure: Figure, width = 1000, height = 340): LabelPlace[] {
  const { series } = figure;
  const isLines = series.every(
    (each) => (each.kind === 'line' || each.kind === 'steps') && each.x.length > 1 && typeof each.x[0] === 'number',
  );
  if (series.length < 2 || series.length > 3 || !isLines) return [];
  const lines = series.map((each): Line => ({ series: each, points: pointsOf(each, figure) }));
  const x = scale(rangeOn(figure.x) ?? reach(lines, 0), width - frame.x);
  const y = scale(rangeOn(figure.y) ?? reach(lines, 1), height - frame.y);
  if (!(x.size > 0) || !(y.size > 0)) return [];
  const places: LabelPlace[] = [];
  const taken: Box[] = (figure.rules ?? []).flatMap((rule) => {
    if (rule.axis !== 'x' || rule.at === undefined) return [];
    const at = x.pixel(placeOn(figure.x, rule.at));
    return [{ left: at - 2, right: at + 2, low: 0, high: y.pixels }];
  });
  const drawn = figure.rules?.some((rule) => rule.axis === 'diagonal') ? [...lines, diagonal] : lines;
  for (const line of lines) {
    const found = bestPlace(line, drawn, x, y, taken);
    if (!found) return [];
    taken.push(found.box);
    places.push(found.place);
  }
  return places.sort((a, b) => b.y - a.y);
}

function bestPlace(own: Line, lines: readonly Obstacle[], x: Scale, y: Scale, taken: readonly Box[]) {
  let best: { place: LabelPlace; box: Box; worth: number } | undefined;
  const half = (own.series.name.length * letter) / 2;
  for (let i = 1; i < 60; i++) {
    const middle = (x.pixels * i) / 60;
    const [left, right] = [middle - half, middle + half];
    if (left < 2 || right > x.pixels - 2) continue;
    const spans = lines.map((line) => ({ line, span: spanOf(line, x.value(left), x.value(right), y) }));
    const mine = spans.find(({ line }) => line === own)?.span;
    if (!mine) continue;
    for (const isAbove of [true, false]) {
      const low = isAbove ? mine.high + gapToOwn : mine.low - gapToOwn - nameHeight;
      const box = { left, right, low, high: low + nameHeight };
      if (box.low < 2 || box.high > y.pixels - 2 || taken.some((each) => overlaps(each, box))) continue;
      const isOutside = spans.every(
        ({ line, span }) => line === own || !span || (isAbove ? span.high < box.low : span.low > box.high),
      );
      const clear = Math.min(
        mostClear,
        ...spans.map(({ line, span }) =>
          line === own || !span ? mostClear : Math.max(span.low - box.high, box.low - span.high),
        ),
      );
      // On a steep line the name is far from it at one end; between two lines it takes a second look whose it is.
      const worth = clear - 0.6 * (mine.high - mine.low) + (isOutside ? 30 : 0);
      if (clear < gapToOthers || (best && worth <= best.worth)) continue;
      const at = y.value(isAbove ? mine.high : mine.low);
      const shift = (gapToOwn + nameHeight / 2) * (isAbove ? 1 : -1);
      best = { place: { series: own.series, x: x.value(middle), y: at, shift }, box, worth };
    }
  }
  return best;
}

const overlaps = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.low < b.high && b.low < a.high;

/** Between which heights, in pixels, a line runs from one x to another. */
function spanOf(
  { series, points }: Obstacle,
  from: number,
  to: number,
  y: Scale,
): { low: number; high: number } | undefined {
  const inside = points.filter(([x]) => x > from && x < to).map(([, value]) => value);
  const ends = [from, to].flatMap((x) => heightAt(points, x, series?.kind === 'steps') ?? []);
  const heights = [...inside, ...ends].map(y.pixel);
  return heights.length === 0 ? undefined : { low: Math.min(...heights), high: Math.max(...heights) };
}

/** A step holds its height until the next begins. */
function heightAt(points: Line['points'], x: number, isStep: boolean): number | undefined {
  const after = points.findIndex(([each]) => each >= x);
  const right = points[after];
  const left = points[after - 1] ?? (right && right[0] === x ? right : undefined);
  if (!left || !right) return undefined;
  if (isStep || right[0] === left[0]) return left[1];
  return left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}

interface Scale {
  readonly size: number;
  readonly pixels: number;
  pixel(value: number): number;
  value(pixel: number): number;
}

function scale([from, to]: readonly [number, number], pixels: number): Scale {
  const size = to - from;
  return {
    size,
    pixels,
    pixel: (value) => ((value - from) / size) * pixels,
    value: (pixel) => from + (pixel / pixels) * size,
  };
}

function reach(lines: readonly Line[], of: 0 | 1): [number, number] {
  const values = lines.flatMap(({ points }) => points.map((point) => point[of]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // The chart leaves a margin above and below by itself.
  const margin = of === 1 ? 0.06 * (high - low) : 0;
  return [low - margin, high + margin];
}

function pointsOf(series: Series, { x, y }: Figure): [number, number][] {
  return Array.from(series.x as ArrayLike<number>, (at, i): [number, number] => [
    placeOn(x, at),
    placeOn(y, Number(series.y[i])),
  ]).sort((a, b) => a[0] - b[0]);
}
