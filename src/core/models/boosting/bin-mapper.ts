import type { BinLimits } from '../../kernels/binning.ts';
import { firstBound } from '../../kernels/reference/binning.ts';

/** How one number column becomes bins: value v is in the first bin whose upper bound is ≥ v; NaN has the last bin. */
export interface NumberBins {
  readonly kind: 'number';
  /** Ascending; the last is +Infinity. Never a value of the data. */
  readonly upperBounds: Float64Array;
  /** Whether a bin for NaN follows those of the values. */
  readonly hasMissing: boolean;
  readonly binCount: number;
  readonly min: number;
  readonly max: number;
}

/** How one category column becomes bins: bin 0 holds missing and rare levels, bin b the level with this frame code. */
export interface CategoryBins {
  readonly kind: 'category';
  readonly codes: Int32Array;
  readonly binCount: number;
}

export type BinMapper = NumberBins | CategoryBins;

/** Levels of a category that have a bin of their own at most: with that of the others as many as two bytes tell. */
const mostLevels = 65_535;

/**
 * LightGBM's bins of a category column: levels by falling count (then by code), until 99 % of the rows are covered (by
 * more than `maxBin` bins if need be) and there is a bin for every value but one (missing counts as a value): a rarest level beyond the 99 % is left to bin 0,
 * and so are levels with fewer rows than `minDataInBin`, beyond the second.
 */
export function findCategoryBins(
  counts: ArrayLike<number>,
  { maxBin, minDataInBin }: Pick<BinLimits, 'maxBin' | 'minDataInBin'>,
  hasMissing = false,
): CategoryBins {
  const seen = Array.from(counts, (count, code) => ({ code, count })).filter(({ count }) => count > 0);
  seen.sort((a, b) => b.count - a.count || a.code - b.code);
  const rows = seen.reduce((sum, { count }) => sum + count, 0);
  // In single precision, as LightGBM reckons it.
  const enough = Math.floor(Math.fround(Math.fround(rows) * Math.fround(0.99)) + 0.5);
  const mostBins = Math.min(maxBin, seen.length + Number(hasMissing));
  const codes: number[] = [];
  let covered = 0;
  for (const { code, count } of seen) {
    if (codes.length >= mostLevels || (covered >= enough && codes.length + 1 >= mostBins)) break;
    if (count < minDataInBin && codes.length > 1) break;
    codes.push(code);
    covered += count;
  }
  return { kind: 'category', codes: Int32Array.from(codes), binCount: codes.length + 1 };
}

/** The bin of a number. NaN has the bin after those of the values, even where training saw none: each node decides. */
export function binOfNumber({ upperBounds }: NumberBins, value: number): number {
  return Number.isNaN(value) ? upperBounds.length : firstBound(upperBounds, value);
}
