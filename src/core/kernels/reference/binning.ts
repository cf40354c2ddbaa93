import type { Binning } from '../binning.ts';

/** The TypeScript twin of src/wasm/binning.ts. */
export const referenceBinning: Binning = {
  distinct(sample, zero) {
    // Typed arrays sort NaN last and -0 before 0.
    sample.sort();
    const values = new Float64Array(sample.length);
    const counts = new Uint32Array(sample.length);
    let last = -1;
    for (const raw of sample) {
      if (Number.isNaN(raw)) break;
      const value = raw >= -zero && raw <= zero ? 0 : raw;
      // Of neighbours the largest stands for all, as in LightGBM.
      if (last < 0 || !isSameOrNext(values[last] as number, value)) last++;
      values[last] = value;
      counts[last] = (counts[last] as number) + 1;
    }
    return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
  },
  assign(values, rows, { upperBounds }) {
    const out = new Uint8Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i] as number] as number;
      out[i] = Number.isNaN(value) ? upperBounds.length : firstBound(upperBounds, value);
    }
    return out;
  },
  close() {},
};

function isSameOrNext(low: number, high: number): boolean {
  // The difference first: finding the next double is slow, and rarely needed.
  const isNear = high - low <= 1e-15 * Math.abs(high) || low === Number.NEGATIVE_INFINITY;
  return low === high || (isNear && high <= nextUp(low));
}

/** The first bin whose bound is not below the value. */
export function firstBound(upperBounds: Float64Array, value: number): number {
  let from = 0;
  let to = upperBounds.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value <= (upperBounds[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const cell = new Float64Array(1);
const words = new BigInt64Array(cell.buffer);

/** The next double above x; infinities and NaN stay. */
export function nextUp(x: number): number {
  if (x !== x || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return Number.MIN_VALUE;
  cell[0] = x;
  words[0] = (words[0] as bigint) + (x > 0 ? 1n : -1n);
  return cell[0] as number;
}
