import { featureRecordBytes, header, headerReal } from '../boosting-layout.ts';
import { cellsOf } from './boosting-columns.ts';
import type { Constrained } from './boosting-constraints.ts';
import { drawBelow, enterConstrained } from './boosting-constraints.ts';
import { setOf } from './boosting-wide.ts';
import type { MemoryViews } from './memory-views.ts';

/** Columns, or places in the order of features, [from, to) of one member. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Sums of a leaf in quantised steps, and its rows. */
export interface LeafSums {
  readonly g: number;
  readonly h: number;
  readonly count: number;
}

interface Best {
  gain: number;
  feature: number;
  bin: number;
  defaultLeft: number;
  leftG: number;
  leftH: number;
  kind: number;
  leftOutput: number;
  rightOutput: number;
}

interface Scan extends LeafSums {
  readonly i32: Int32Array;
  readonly real: Float64Array;
  readonly floor: number;
  readonly l1: number;
  readonly l2: number;
  readonly best: Best;
  readonly constrained: Constrained | undefined;
  /** Whether any split of the feature in hand gains. */
  gains: boolean;
}

/**
 * The best split of a leaf among a range of features, written to `out`: the twin of `scanLeaf` in the kernel. Side 1 is
 * the left child or the root, 2 the right. A feature without a gaining split in the parent is not asked again:
 * `splittable` tells, and is told.
 */
export function scanLeaf(
  views: MemoryViews,
  at: number,
  histogram: number,
  splittable: number,
  range: Range,
  leaf: LeafSums,
  out: number,
  side: number,
  scratch: number,
): void {
  const { i32, f64, u8 } = views;
  const word = i32.subarray(at >> 2);
  const real = f64.subarray((at + 128) >> 3);
  const constrained = enterConstrained(f64, i32, word[header.conditions] as number, side, real, leaf);
  const l1 = constrained?.l1 ?? (real[headerReal.lambdaL1] as number);
  const l2 = constrained?.l2 ?? (real[headerReal.lambdaL2] as number);
  const table = (word[header.featureTable] as number) >>> 2;
  const order = (word[header.order] as number) >>> 2;
  const g = l1 > 0 ? soft(leaf.g, l1) : leaf.g;
  const floor = constrained ? 0 : (g * g) / (leaf.h + l2) + (real[headerReal.minGain] as number);
  const minH = Math.min(2147483647, Math.max(1, Math.ceil(real[headerReal.minSumHessian] as number)));
  const best: Best = {
    gain: floor,
    feature: -1,
    bin: 0,
    defaultLeft: 0,
    leftG: 0,
    leftH: 0,
    kind: 0,
    leftOutput: 0,
    rightOutput: 0,
  };
  const scan: Scan = { ...leaf, i32, real, floor, l1, l2, best, constrained, gains: false };
  for (let place = range.from; place < range.to; place++) {
    const f = i32[order + place] as number;
    const record = table + (featureRecordBytes >> 2) * f;
    if (!((i32[record + 2] as number) & side) || !u8[splittable + f]) continue;
    scan.gains = false;
    const bins = i32[record] as number;
    const kind = i32[record + 1] as number;
    const cells = cellsOf(i32, record, histogram, leaf, scratch);
    const firstBinIsRest = ((i32[record + 3] as number) & 0xff00) !== 0;
    if (constrained && kind < 2) {
      const monotone = ((i32[record + 3] as number) << 24) >> 24;
      scanConstrainedNumber(scan, constrained, cells, f, bins, kind === 1, monotone, firstBinIsRest);
    } else if (kind < 2) scanNumber(scan, cells, f, bins, kind === 1, minH, firstBinIsRest);
    else if (bins <= (word[header.maxCatToOnehot] as number)) scanOneHot(scan, cells, f, bins);
    else scanSorted(scan, word, cells, f, bins, out);
    u8[splittable + f] = Number(scan.gains || word[header.asksAgain] !== 0);
  }
  f64[out >>> 3] = best.gain;
  i32.set([best.feature, best.bin, best.defaultLeft, best.leftG, best.leftH, best.kind], (out + 8) >>> 2);
  f64[(out + 80) >>> 3] = best.leftOutput;
  f64[(out + 88) >>> 3] = best.rightOutput;
}

function soft(g: number, l1: number): number {
  const shrunk = Math.abs(g) - l1;
  return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
}

function gainOf(gl: number, hl: number, gr: number, hr: number, l1: number, l2: number): number {
  const a = l1 > 0 ? soft(gl, l1) : gl;
  const b = l1 > 0 ? soft(gr, l1) : gr;
  const c = hl + l2;
  const d = hr + l2;
  return (a * a * d + b * b * c) / (c * d);
}

function scanNumber(
  scan: Scan,
  cells: number,
  feature: number,
  bins: number,
  hasMissing: boolean,
  minH: number,
  firstBinIsRest: boolean,
): void {
  const { i32, real, g: G, h: H, count, floor, l1, l2, best } = scan;
  const valueBins = hasMissing ? bins - 1 : bins;
  const rowsPerHessian = count / H;
  const minData = real[headerReal.minDataInLeaf] as number;
  const { first, last } = allowedBins(i32, cells, valueBins, rowsPerHessian, count, minData);
  let found = floor;
  let bin = -1;
  let leftG = 0;
  let leftH = 0;
  let h = hasMissing ? (i32[cells + 2 * valueBins] as number) : 0;
  let g = hasMissing ? (i32[cells + 2 * valueBins + 1] as number) : 0;
  for (let t = 0; t + 1 < valueBins; t++) {
    h += i32[cells + 2 * t] as number;
    g += i32[cells + 2 * t + 1] as number;
    if (t < first || h < minH) continue;
    if (t > last || H - h < minH) break;
    const gain = gainOf(g, h, G - g, H - h, l1, l2);
    if (gain > floor && gain >= found) {
      found = gain;
      bin = t;
      leftG = g;
      leftH = h;
    }
  }
  let defaultLeft = hasMissing ? 1 : 0;
  if (hasMissing) {
    h = 0;
    g = 0;
    let rows = firstBinIsRest ? rowsUncounted(i32, cells, bins, rowsPerHessian, count) : 0;
    for (let t = 0; t < valueBins; t++) {
      h += i32[cells + 2 * t] as number;
      g += i32[cells + 2 * t + 1] as number;
      rows += estimate(i32[cells + 2 * t] as number, rowsPerHessian);
      if (rows < minData || h < minH) continue;
      if (count - rows < minData || H - h < minH) break;
      const gain = gainOf(g, h, G - g, H - h, l1, l2);
      if (gain > found) {
        found = gain;
        bin = t;
        leftG = g;
        leftH = h;
        defaultLeft = 0;
      }
    }
  }
  scan.gains = bin >= 0;
  if (bin >= 0 && found > best.gain)
    Object.assign(best, { gain: found, feature, bin, defaultLeft, leftG, leftH, kind: 0 });
}

/** As LightGBM goes (FindBestThresholdSequentially): first from the right with missing left, then from the left. */
function scanConstrainedNumber(
  scan: Scan,
  constrained: Constrained,
  cells: number,
  feature: number,
  bins: number,
  hasMissing: boolean,
  monotone: number,
  firstBinIsRest: boolean,
): void {
  const { i32, real, g: G, h: H, count, best } = scan;
  const { l2, numberFloor } = constrained;
  const rowsPerHessian = count / H;
  const minData = real[headerReal.minDataInLeaf] as number;
  const minHessian = Math.max(1, real[headerReal.minSumHessian] as number);
  const valueBins = hasMissing ? bins - 1 : bins;
  const drawn = constrained.isDrawn ? drawBelow(constrained.key, feature, Math.max(1, valueBins - 1)) : -1;
  const tryBin = (bin: number, leftG: number, leftH: number, leftRows: number, defaultLeft: number) => {
    if (drawn >= 0 && bin !== drawn) return;
    const { gain: raw, ...outputs } = constrained.gain(
      leftG,
      leftH,
      G - leftG,
      H - leftH,
      leftRows,
      count - leftRows,
      l2,
      monotone,
    );
    const gain = raw - numberFloor;
    if (gain > 0) scan.gains = true;
    if (gain > best.gain) Object.assign(best, { gain, feature, bin, defaultLeft, leftG, leftH, kind: 0, ...outputs });
  };
  let g = 0;
  let h = 0;
  let rows = 0;
  for (let t = valueBins - 1; t > 0; t--) {
    h += i32[cells + 2 * t] as number;
    g += i32[cells + 2 * t + 1] as number;
    rows += estimate(i32[cells + 2 * t] as number, rowsPerHessian);
    if (rows < minData || h < minHessian) continue;
    if (count - rows < minData || H - h < minHessian) break;
    tryBin(t - 1, G - g, H - h, count - rows, Number(hasMissing));
  }
  if (!hasMissing) return;
  g = 0;
  h = 0;
  rows = firstBinIsRest ? rowsUncounted(i32, cells, bins, rowsPerHessian, count) : 0;
  for (let t = 0; t < valueBins; t++) {
    h += i32[cells + 2 * t] as number;
    g += i32[cells + 2 * t + 1] as number;
    rows += estimate(i32[cells + 2 * t] as number, rowsPerHessian);
    if (rows < minData || h < minHessian) continue;
    if (count - rows < minData || H - h < minHessian) break;
    tryBin(t, g, h, rows, 0);
  }
}

/**
 * LightGBM counts rows bin by bin, each bin's by its share of the leaf's hessian, from the right: the bins after which
 * both sides have enough.
 */
function allowedBins(
  i32: Int32Array,
  cells: number,
  valueBins: number,
  rowsPerHessian: number,
  count: number,
  minData: number,
): { readonly first: number; readonly last: number } {
  const rowsIn = (bin: number) => estimate(i32[cells + 2 * bin] as number, rowsPerHessian);
  let first = valueBins;
  let last = -1;
  let right = 0;
  for (let t = valueBins - 2; t >= 0; t--) {
    right += rowsIn(t + 1);
    if (last < 0 && right >= minData) last = t;
    if (!(count - right < minData)) first = t;
  }
  return { first, last };
}

/**
 * LightGBM holds no cell for a first bin that stands for zero or for most rows: its rows are what the other bins leave.
 * By how many these are more than its own estimate.
 */
function rowsUncounted(i32: Int32Array, cells: number, bins: number, rowsPerHessian: number, count: number): number {
  let rows = count;
  for (let t = 0; t < bins; t++) rows -= estimate(i32[cells + 2 * t] as number, rowsPerHessian);
  return rows;
}

function estimate(h: number, rowsPerHessian: number): number {
  return Math.floor(h * rowsPerHessian + 0.5);
}

/** Gain of a categorical split, whichever way this leaf's gains are reckoned. */
function categoryGain({ g: G, h: H, count, l1, constrained }: Scan, g: number, h: number, rows: number, l2: number) {
  if (!constrained) return { gain: gainOf(g, h, G - g, H - h, l1, l2), outputs: {} };
  const { gain, ...outputs } = constrained.gain(g, h, G - g, H - h, rows, count - rows, l2, 0);
  return { gain: gain - constrained.categoryFloor, outputs };
}

function scanOneHot(scan: Scan, cells: number, feature: number, bins: number): void {
  const { i32, real, h: H, count, floor, l2, best } = scan;
  const rowsPerHessian = count / H;
  const minData = real[headerReal.minDataInLeaf] as number;
  const minHessian = Math.max(1, real[headerReal.minSumHessian] as number);
  const drawn = scan.constrained?.isDrawn ? 1 + drawBelow(scan.constrained.key, feature, bins - 1) : 0;
  for (let t = 1; t < bins; t++) {
    if (drawn > 0 && t !== drawn) continue;
    const h = i32[cells + 2 * t] as number;
    const g = i32[cells + 2 * t + 1] as number;
    const rows = estimate(h, rowsPerHessian);
    if (rows < minData || count - rows < minData || h < minHessian || H - h < minHessian) continue;
    const { gain, outputs } = categoryGain(scan, g, h, rows, l2);
    if (gain > floor) scan.gains = true;
    if (gain > floor && gain > best.gain) {
      Object.assign(best, { gain, feature, bin: t, defaultLeft: 0, leftG: g, leftH: h, kind: 1, ...outputs });
    }
  }
}

function scanSorted(scan: Scan, word: Int32Array, cells: number, feature: number, bins: number, out: number): void {
  const { i32, real, h: H, count, floor, best, constrained } = scan;
  const l2 = scan.l2 + (constrained?.catL2 ?? (real[headerReal.catL2] as number));
  const rowsPerHessian = count / H;
  const minData = real[headerReal.minDataInLeaf] as number;
  const minHessian = Math.max(1, real[headerReal.minSumHessian] as number);
  const smooth = real[headerReal.catSmooth] as number;
  const perGroup = real[headerReal.minDataPerGroup] as number;
  const gScale = real[headerReal.gradientScale] as number;
  const hScale = real[headerReal.hessianScale] as number;
  const ordered: { readonly bin: number; readonly ratio: number }[] = [];
  for (let t = 1; t < bins; t++) {
    const h = i32[cells + 2 * t] as number;
    if (estimate(h, rowsPerHessian) < smooth) continue;
    ordered.push({ bin: t, ratio: (i32[cells + 2 * t + 1] as number) / gScale / (h / hScale + smooth) });
  }
  ordered.sort((a, b) => a.ratio - b.ratio);
  const used = ordered.length;
  const most = Math.min(word[header.maxCatThreshold] as number, (used + 1) >> 1);
  const drawn = constrained?.isDrawn && most > 0 ? drawBelow(constrained.key, feature, most) : -1;
  let winner: number[] | undefined;
  for (const sequence of [ordered, ordered.toReversed()]) {
    let g = 0;
    let h = 0;
    let left = 0;
    let inGroup = 0;
    for (let i = 0; i < most; i++) {
      const cell = cells + 2 * (sequence[i] as { bin: number }).bin;
      h += i32[cell] as number;
      g += i32[cell + 1] as number;
      const rows = estimate(i32[cell] as number, rowsPerHessian);
      left += rows;
      inGroup += rows;
      if (left < minData || h < minHessian) continue;
      if (count - left < minData || count - left < perGroup || H - h < minHessian) break;
      if (inGroup < perGroup) continue;
      inGroup = 0;
      if (drawn >= 0 && i !== drawn) continue;
      const { gain, outputs } = categoryGain(scan, g, h, left, l2);
      if (gain > floor) scan.gains = true;
      if (gain > floor && gain > best.gain) {
        Object.assign(best, { gain, feature, bin: i, defaultLeft: 0, leftG: g, leftH: h, kind: 2, ...outputs });
        winner = sequence.slice(0, i + 1).map(({ bin }) => bin);
      }
    }
  }
  if (!winner) return;
  const set = setOf(i32, word, out, bins);
  for (const bin of winner) i32[set + (bin >> 5)] = (i32[set + (bin >> 5)] as number) | (1 << (bin & 31));
}
