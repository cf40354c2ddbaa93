import type { Crew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { referenceBinning } from './reference/binning.ts';

/** Where the bins of a number column end, and the range of the values they were found on. */
export interface Bounds {
  /** Ascending, at most 256; the last is +Infinity. */
  readonly upperBounds: Float64Array;
  readonly min: number;
  readonly max: number;
}

/** What binning a number column asks of a kernel: the same answers from each. */
export interface Binning {
  /**
   * The sample's values in rising order, each once, and how often each occurs: within ±zero all are 0, neighbouring
   * doubles count as equal, NaN is left out. May sort the sample; the answer holds until the next call.
   */
  distinct(sample: Float64Array, zero: number): { readonly values: Float64Array; readonly counts: Uint32Array };
  /** Of values[rows[i]] the first bin whose bound is not below it; NaN has the bin after the last. */
  assign(values: Float64Array, rows: Uint32Array, bounds: Bounds): Uint8Array;
  close(): void;
}

const memoryStart = 65_536;
const counterBytes = 6 * 8192;
const guideCells = 4096;
/** Values turned into bins at a time: they and their bins stay in the second cache. */
const chunkValues = 16_384;

/** One thread: a column takes a millisecond or two. `sampleRows` is the largest sample to come. */
export async function openBinning({ createCrew }: Kernels, sampleRows: number): Promise<Binning> {
  if (!createCrew) return referenceBinning;
  const size = Math.max(sampleRows, chunkValues);
  const bytes = memoryStart + counterBytes + 2 * 8 * 512 + 8192 + 20 * size;
  return createBinning(await createCrew('binning', { initialPages: Math.ceil(bytes / 65_536), maxMembers: 1 }), size);
}

function createBinning(crew: Crew, size: number): Binning {
  const counters = memoryStart;
  const bounds = counters + counterBytes;
  const guide = bounds + 2 * 8 * 512;
  const a = guide + 8192;
  const b = a + 8 * size;
  const tally = b + 8 * size;
  const { buffer } = crew.memory;
  const f64 = new Float64Array(buffer);
  const u8 = new Uint8Array(buffer);
  return {
    distinct(sample, zero) {
      f64.set(sample, a >> 3);
      const count = crew.call('distinct', a, b, tally, sample.length, counters, zero);
      return { values: f64.subarray(a >> 3, (a >> 3) + count), counts: new Uint32Array(buffer, tally, count) };
    },
    assign(values, rows, { upperBounds, min, max }) {
      const missing = upperBounds.length;
      f64.fill(Number.POSITIVE_INFINITY, bounds >> 3, (bounds >> 3) + 1024).set(upperBounds, bounds >> 3);
      const perUnit = guideCells / (max - min);
      const isGuided = perUnit > 0 && perUnit < 1e300 && max - min < 1e300;
      const depth = isGuided ? fillGuide(u8.subarray(guide, guide + guideCells + 2), { upperBounds, min, max }) : 8;
      if (!isGuided) u8.fill(0, guide, guide + guideCells + 2);
      const out = new Uint8Array(rows.length);
      const rest = isGuided ? [min, max, perUnit] : [Number.POSITIVE_INFINITY, 0, 0];
      for (let from = 0; from < rows.length; from += chunkValues) {
        const count = Math.min(chunkValues, rows.length - from);
        for (let i = 0; i < count; i++) f64[(a >> 3) + i] = values[rows[from + i] as number] as number;
        crew.call('assign', a, count, bounds, guide, guideCells, depth, ...rest, missing, b);
        out.set(u8.subarray(b, b + count), from);
      }
      return out;
    },
    close: () => crew.close(),
  };
}

/**
 * For each step between min and max a bin no higher than any value's there; one step of slack either way takes up any
 * rounding. Returns how many halvings then find a value's bin.
 */
function fillGuide(guide: Uint8Array, { upperBounds, min, max }: Bounds): number {
  const width = (max - min) / guideCells;
  const starts = new Uint16Array(guideCells + 4);
  for (let cell = 0, bin = 0; cell < starts.length; cell++) {
    const start = min + (cell - 1) * width;
    while ((upperBounds[bin] as number) < start) bin++;
    starts[cell] = bin;
  }
  let most = upperBounds.length - 1 - (starts[guideCells] as number);
  for (let cell = 0; cell <= guideCells; cell++) {
    guide[cell] = cell === 0 ? 0 : (starts[cell] as number);
    most = Math.max(most, (starts[cell + 3] as number) - (guide[cell] as number));
  }
  let depth = 0;
  while (1 << depth <= most) depth++;
  return depth;
}
