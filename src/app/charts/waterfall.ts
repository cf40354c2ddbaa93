import type { Series } from '../../core/reports/figure.ts';

/** Where each step starts: where the one before ended; the reference and the current total stand from zero. */
export function waterfallBases(series: Series): number[] {
  let reached = 0;
  return Array.from(series.x as ArrayLike<number>, (step, i) => {
    const tone = series.tones?.[i];
    const from = tone === 'reference' || tone === 'current' ? 0 : reached;
    reached = from + step;
    return from;
  });
}

/** From the lowest to the highest point reached, with room on both sides for the words at the ends of the bars. */
export function waterfallRange(series: Series, roomShare: number): [number, number] {
  const bases = waterfallBases(series);
  const ends = bases.map((base, i) => base + Number(series.x[i]));
  const low = Math.min(0, ...bases, ...ends);
  const high = Math.max(0, ...bases, ...ends);
  const room = roomShare * (high - low || 1);
  return [low - room, high + room];
}
