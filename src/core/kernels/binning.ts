import type { Bins } from './boosting-columns.ts';
import { growTo } from './boosting-engine.ts';
import { memoryStart } from './boosting-layout.ts';
import type { Crew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { referenceBinning } from './reference/binning.ts';

export interface BinLimits {
  readonly maxBin: number;
  readonly minDataInBin: number;
  /** Numbers up to so much, either side, are zero: LightGBM's kZeroThreshold. */
  readonly zero: number;
  /** LightGBM's zero_as_missing, where missing takes the place of the bin of zeros and none from the others. */
  readonly zeroIsMissing?: boolean;
}

/** A number column in bins: value v is in the first bin whose upper bound is ≥ v; NaN is in the bin after the last. */
export interface BinnedNumbers {
  /** Ascending; the last is +Infinity. Never a value of the data. */
  readonly upperBounds: Float64Array;
  /** Of the values the bounds were found on; 0 where there were none. */
  readonly min: number;
  readonly max: number;
  /** Of each row. */
  readonly bins: Bins;
  /** Training rows in each bin; after the last, of NaN. */
  readonly counts: Uint32Array;
}

/** Which rows of a column count: the first `train` of `rows` train, and `sample` of those, evenly spaced, set the bounds. */
export interface BinnedRows {
  readonly rows: Uint32Array;
  readonly train: number;
  readonly sample: number;
}

/** Binning number columns, the same on each kernel and any number of threads. */
export interface Binning {
  /** How many columns `bin` is best given at a time. */
  readonly columnsAtATime: number;
  bin(columns: readonly Float64Array[], rows: BinnedRows, limits: BinLimits): BinnedNumbers[];
  /** Leaves the crew's memory as it was: zero. */
  close(): void;
}

const counterBytes = 6 * 8192;
const guideBytes = 8256;
const recordBytes = 64;
const recordReals = { min: 5, max: 6, zero: 7 };
const boundCountWord = 9;

/** On a training's crew, before its memory is laid out for anything else. */
export function openBinning({ createCrew }: Kernels, crew: Crew): Binning {
  if (!createCrew) return referenceBinning;
  const columnsAtATime = crew.memberCount;
  let end = memoryStart;
  return {
    columnsAtATime,
    bin(columns, { rows, train, sample }, limits) {
      const { maxBin, minDataInBin, zero, zeroIsMissing = false } = limits;
      const valueBytes = 8 * rows.length;
      const binBytes = align(maxBin > 255 ? 2 * rows.length : rows.length);
      const countsAt = counterBytes + 20 * sample + guideBytes;
      const boundsAt = align(countsAt + 4 * (maxBin + 2));
      // Behind the bounds lie as many infinities again as a search may step over.
      const scratchBytes = align(boundsAt + 8 * (3 * maxBin + 8));
      const columnBytes = valueBytes + binBytes + scratchBytes;
      const firstColumn = memoryStart + recordBytes * columns.length;
      end = Math.max(end, firstColumn + columnBytes * columns.length);
      growTo(crew, end);
      const { buffer } = crew.memory;
      const f64 = new Float64Array(buffer);
      const u32 = new Uint32Array(buffer);
      const places = columns.map((values, index) => {
        const at = firstColumn + columnBytes * index;
        const scratch = at + valueBytes + binBytes;
        const record = memoryStart + recordBytes * index;
        const words = [at, at + valueBytes, rows.length, train, sample, scratch, maxBin, minDataInBin];
        u32.set([...words, Number(zeroIsMissing)], record >> 2);
        f64[(record >> 3) + recordReals.zero] = zero;
        for (let i = 0, to = at >> 3; i < rows.length; i++) f64[to + i] = values[rows[i] as number] as number;
        return { record, bins: at + valueBytes, counts: scratch + countsAt, bounds: scratch + boundsAt };
      });
      crew.run('bin', memoryStart, columns.length);
      return places.map(({ record, bins, counts, bounds }) => {
        const boundCount = u32[(record >> 2) + boundCountWord] as number;
        return {
          upperBounds: f64.slice(bounds >> 3, (bounds >> 3) + boundCount),
          min: f64[(record >> 3) + recordReals.min] as number,
          max: f64[(record >> 3) + recordReals.max] as number,
          bins: (boundCount > 255
            ? new Uint16Array(buffer, bins, rows.length)
            : new Uint8Array(buffer, bins, rows.length)
          ).slice(),
          counts: u32.slice(counts >> 2, (counts >> 2) + boundCount + 1),
        };
      });
    },
    close: () => void new Uint8Array(crew.memory.buffer).fill(0, memoryStart, end),
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
