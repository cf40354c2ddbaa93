import type { Figure, Series } from '../../core/reports/figure.ts';

export interface LabelPlace {
  readonly series: Series;
  readonly x: number;
  readonly y: number;
  /** Pixels up from the line. */
  readonly shift: number;
  /** Which end of the name stands at x, so that the name lies on the side away from the line. */
  readonly anchor: 'left' | 'center' | 'right';
}

/** Nearer than this share of the height, names beside the lines could not be told apart. */
const leastGap = 0.035;

/**
 * Where to write the names of up to three lines: at the place where they lie farthest apart. None when there is one line,
 * more than three, or no such place; then a legend says it.
 */
export function labelPlaces(figure: Figure): LabelPlace[] {
  const { series } = figure;
  const isLines = series.every(
    (each) => (each.kind === 'line' || each.kind === 'steps') && each.x.length > 1 && typeof each.x[0] === 'number',
  );
  if (series.length < 2 || series.length > 3 || !isLines) return [];
  const all = series.map(points);
  const from = Math.max(...all.map((line) => line[0]?.[0] ?? 0));
  const to = Math.min(...all.map((line) => line.at(-1)?.[0] ?? 0));
  const ys = all.flatMap((line) => line.map(([, y]) => y));
  const height = Math.max(...ys) - Math.min(...ys);
  if (!(height > 0) || !(to > from)) return [];
  let best = { gap: 0, x: 0 };
  for (let i = 6; i <= 34; i++) {
    const x = from + ((to - from) * i) / 40;
    const heights = all.map((line) => heightAt(line, x)).sort((a, b) => a - b);
    const gap = Math.min(...heights.slice(1).map((y, k) => y - (heights[k] as number))) / height;
    if (gap > best.gap) best = { gap, x };
  }
  if (best.gap < leastGap) return [];
  const order = all.map((line, i) => ({ i, y: heightAt(line, best.x) })).sort((a, b) => b.y - a.y);
  const reach = (to - from) / 40;
  return order.map(({ i, y }, rank) => {
    const isTop = rank === 0;
    const isMiddle = !isTop && rank < order.length - 1;
    const line = all[i] as [number, number][];
    const rises = heightAt(line, best.x + reach) >= heightAt(line, best.x - reach);
    return {
      series: series[i] as Series,
      x: best.x,
      y,
      shift: isMiddle ? 0 : isTop ? 12 : -12,
      anchor: isMiddle ? 'center' : isTop === rises ? 'right' : 'left',
    };
  });
}

function points(series: Series): [number, number][] {
  return Array.from(series.x as ArrayLike<number>, (x, i): [number, number] => [x, Number(series.y[i])]).sort(
    (a, b) => a[0] - b[0],
  );
}

function heightAt(line: readonly [number, number][], x: number): number {
  const after = line.findIndex(([each]) => each >= x);
  const right = line[after === -1 ? line.length - 1 : after] as [number, number];
  const left = line[Math.max(0, after - 1)] ?? right;
  return right[0] === left[0] ? right[1] : left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
}
