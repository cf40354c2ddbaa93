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

/** What 12 pixel letters take, and the gap before them. */
const letter = 6.8;
const gap = 8;

/** From the lowest to the highest point reached, with room for the words to the right of the bars. @param pixels of the axis */
export function waterfallRange(series: Series, pixels: number): [number, number] {
  const bases = waterfallBases(series);
  const ends = bases.map((base, i) => base + Number(series.x[i]));
  const least = Math.min(0, ...bases, ...ends);
  const most = Math.max(0, ...bases, ...ends);
  const low = least - 0.04 * (most - least || 1);
  const needed = bases.map((base, i) => {
    // The words' share of the whole axis, which itself grows with them.
    const share = Math.min(0.8, (longestLine(series.text?.[i]) * letter + gap) / Math.max(1, pixels));
    return (Math.max(base, ends[i] as number) - low * share) / (1 - share);
  });
  return [low, Math.max(most, ...needed)];
}

const longestLine = (text = '') => Math.max(...text.split('\n').map((line) => line.length));
