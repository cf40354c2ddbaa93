import type { Bins } from '../boosting-columns.ts';
import type { BinLimits, Binning, BinnedNumbers } from '../binning.ts';

/** The TypeScript twin of src/wasm/boosting-bins.part.ts. */
export const referenceBinning: Binning = {
  columnsAtATime: 1,
  bin: (columns, { rows, train, sample }, limits) =>
    columns.map((values) => binColumn(take(values, rows), train, sample, limits)),
  close() {},
};

function binColumn(values: Float64Array, train: number, sample: number, limits: BinLimits): BinnedNumbers {
  const sampled = Float64Array.from(
    { length: sample },
    (_, i) => values[sample === train ? i : Math.floor((i * train) / sample)] as number,
  );
  const found = findBounds(sampled, limits);
  const bins = assign(values, found.upperBounds);
  const counts = new Uint32Array(found.upperBounds.length + 1);
  for (let row = 0; row < train; row++) {
    const bin = bins[row] as number;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { ...found, bins, counts };
}

function take(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i] as number] as number;
  return taken;
}

/**
 * LightGBM's bounds of a number column (BinMapper::FindBin): equal counts, found greedily, negative and positive values
 * apart with a bin of their own for zeros, bounds half-way between neighbouring values. Sorts `sample`.
 */
function findBounds(sample: Float64Array, limits: BinLimits): Pick<BinnedNumbers, 'upperBounds' | 'min' | 'max'> {
  const { maxBin, minDataInBin, zero, zeroIsMissing } = limits;
  const found = distinct(sample, zero);
  const hasMissing = sum(found.counts) < sample.length;
  const valueBins = hasMissing && !zeroIsMissing ? Math.max(1, maxBin - 1) : maxBin;
  return {
    upperBounds: Float64Array.from(boundsAroundZero(found, valueBins, minDataInBin, zero)),
    min: found.values[0] ?? 0,
    max: found.values.at(-1) ?? 0,
  };
}

interface Distinct {
  /** In rising order, each once: within ±zero all are 0, neighbouring doubles count as equal, NaN is left out. */
  readonly values: Float64Array;
  readonly counts: Uint32Array;
}

function distinct(sample: Float64Array, zero: number): Distinct {
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
}

function boundsAroundZero({ values, counts }: Distinct, maxBin: number, minData: number, zero: number): number[] {
  const leftEnd = firstIndex(values, (value) => value > -zero);
  const rightStart = firstIndex(values, (value) => value > zero);
  const left = { values: values.subarray(0, leftEnd), counts: counts.subarray(0, leftEnd) };
  const right = { values: values.subarray(rightStart), counts: counts.subarray(rightStart) };
  const leftTotal = sum(left.counts);
  const rightTotal = sum(right.counts);
  let bounds: number[] = [];
  if (leftEnd > 0 && maxBin > 1) {
    const share = Math.max(1, Math.floor((leftTotal / (leftTotal + rightTotal)) * (maxBin - 1)));
    bounds = greedyBounds(left, share, leftTotal, minData);
    bounds[bounds.length - 1] = -zero;
  }
  const rightBins = maxBin - 1 - bounds.length;
  if (rightStart < values.length && rightBins > 0) {
    return [...bounds, zero, ...greedyBounds(right, rightBins, rightTotal, minData)];
  }
  return [...bounds, Number.POSITIVE_INFINITY];
}

/** LightGBM's GreedyFindBin: values held by more rows than an average bin stand alone, the rest fill bins in order. */
function greedyBounds({ values, counts }: Distinct, maxBin: number, total: number, minData: number): number[] {
  const last = values.length - 1;
  const bounds: number[] = [];
  if (values.length <= maxBin) {
    let inBin = 0;
    for (let i = 0; i < last; i++) {
      inBin += counts[i] as number;
      if (inBin >= minData && pushBetween(bounds, values[i] as number, values[i + 1] as number)) inBin = 0;
    }
    return [...bounds, Number.POSITIVE_INFINITY];
  }
  const binLimit = Math.max(1, Math.min(maxBin, Math.floor(total / minData)));
  const average = total / binLimit;
  let binsLeft = binLimit;
  let rowsLeft = total;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count < average) continue;
    binsLeft--;
    rowsLeft -= count;
  }
  let target = rowsLeft / binsLeft;
  let bins = 0;
  let inBin = 0;
  for (let i = 0; i < last && bins < binLimit - 1; i++) {
    const count = counts[i] as number;
    const isBig = count >= average;
    if (!isBig) rowsLeft -= count;
    inBin += count;
    const nextIsBig = (counts[i + 1] as number) >= average;
    if (!isBig && inBin < target && !(nextIsBig && inBin >= Math.max(1, target * 0.5))) continue;
    pushBetween(bounds, values[i] as number, values[i + 1] as number);
    bins++;
    inBin = 0;
    if (!isBig) {
      binsLeft--;
      target = rowsLeft / binsLeft;
    }
  }
  return [...bounds, Number.POSITIVE_INFINITY];
}

/** Adds a bound between two neighbouring values unless it is (nearly) there already. */
function pushBetween(bounds: number[], low: number, high: number): boolean {
  const middle = (low + high) / 2;
  const bound = nextUp(Number.isFinite(middle) ? middle : low / 2 + high / 2);
  const finite = bound === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : bound;
  const last = bounds[bounds.length - 1];
  if (last !== undefined && finite <= nextUp(last)) return false;
  bounds.push(finite);
  return true;
}

function firstIndex(values: Float64Array, holds: (value: number) => boolean): number {
  const index = values.findIndex(holds);
  return index < 0 ? values.length : index;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

function assign(values: Float64Array, upperBounds: Float64Array): Bins {
  const out = new (upperBounds.length > 255 ? Uint16Array : Uint8Array)(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    out[i] = Number.isNaN(value) ? upperBounds.length : firstBound(upperBounds, value);
  }
  return out;
}

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
