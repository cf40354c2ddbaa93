// The best split of a leaf from its histogram. Twin: src/core/kernels/reference/boosting-scan.ts.

import { cellsOf } from './boosting-columns.part';
import { real, recordShift, wideScratch, word } from './boosting-memory.part';
import { setOf, sortByRatio } from './boosting-wide.part';

// The best split found so far by this instance for the leaf in hand.
let bestGain: f64 = 0;
let bestFeature: i32 = -1;
let bestBin: i32 = 0;
let bestDefaultLeft: i32 = 0;
let bestLeft: i64 = 0;
let bestKind: i32 = 0;
let bestLeftOutput: f64 = 0;
let bestRightOutput: f64 = 0;
// Whether any split of the feature in hand gains (LightGBM's is_splittable).
let gains: bool = false;
// The bins after which a split leaves both sides `min_data_in_leaf` rows.
let firstBin: i32 = 0;
let lastBin: i32 = -1;

// A leaf whose children's outputs are bounded (monotone constraints, max_delta_step), smoothed towards its own (path_smooth)
// or whose thresholds are drawn (extra_trees). Gains are then LightGBM's own, in natural units, the leaf's own taken off.
let isConstrained: bool = false;
let isDrawn: bool = false;
let leafKey: u32 = 0;
let leafOutput: f64 = 0;
let lower: f64 = 0;
let upper: f64 = 0;
let naturalL1: f64 = 0;
let naturalL2: f64 = 0;
let naturalCatL2: f64 = 0;
let maxDeltaStep: f64 = 0;
let pathSmooth: f64 = 0;
let gradientScale: f64 = 1;
let hessianScale: f64 = 1;
let numberFloor: f64 = 0;
let categoryFloor: f64 = 0;
let leftOutput: f64 = 0;
let rightOutput: f64 = 0;

// @ts-ignore: decorator
@inline function soft(g: f64, l1: f64): f64 {
  const shrunk = Math.abs(g) - l1;
  return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
}

/** Gain of two leaves, up to the parent's: G² / (H + λ) of both, over one denominator. */
// @ts-ignore: decorator
@inline function gainOf(gl: i32, hl: i32, gr: i32, hr: i32, l1: f64, l2: f64): f64 {
  let a = <f64>gl, b = <f64>gr;
  if (l1 > 0) {
    a = soft(a, l1);
    b = soft(b, l1);
  }
  const c = <f64>hl + l2, d = <f64>hr + l2;
  return (a * a * d + b * b * c) / (c * d);
}

// @ts-ignore: decorator
@inline function clip(value: f64): f64 {
  return maxDeltaStep > 0 && Math.abs(value) > maxDeltaStep ? (value > 0 ? maxDeltaStep : -maxDeltaStep) : value;
}

/** LightGBM's leaf output (CalculateSplittedLeafOutput) from sums in natural units. */
function outputOf(g: f64, h: f64, rows: f64, l2: f64, low: f64, high: f64): f64 {
  let value = clip(-soft(g, naturalL1) / (h + l2));
  if (pathSmooth > 0) {
    const share = rows / pathSmooth;
    value = (value * share) / (share + 1) + leafOutput / (share + 1);
  }
  return value < low ? low : value > high ? high : value;
}

function gainGivenOutput(g: f64, h: f64, output: f64, l2: f64): f64 {
  return -(2 * soft(g, naturalL1) * output + (h + l2) * output * output);
}

/** Gain of both children as their outputs allow it; 0, which no split wins by, where these break the monotone order. */
function constrainedGain(gl: i32, hl: i32, gr: i32, hr: i32, leftRows: f64, rightRows: f64, l2: f64, monotone: i32): f64 {
  const a = <f64>gl / gradientScale, b = <f64>gr / gradientScale;
  const c = <f64>hl / hessianScale, d = <f64>hr / hessianScale;
  leftOutput = outputOf(a, c, leftRows, l2, lower, upper);
  rightOutput = outputOf(b, d, rightRows, l2, lower, upper);
  if ((monotone > 0 && leftOutput > rightOutput) || (monotone < 0 && leftOutput < rightOutput)) return 0;
  return gainGivenOutput(a, c, leftOutput, l2) + gainGivenOutput(b, d, rightOutput, l2);
}

/** Reads the conditions of one side's leaf and what its own output is worth. */
function enterConstrained(header: usize, side: u32, total: i64, count: u32): void {
  const conditions = <usize>word(header, 22), own = conditions + <usize>(side - 1) * 32;
  isConstrained = conditions != 0;
  if (!isConstrained) return;
  leafOutput = load<f64>(own);
  lower = load<f64>(own, 8);
  upper = load<f64>(own, 16);
  leafKey = load<u32>(own, 24);
  naturalL1 = load<f64>(conditions, 64);
  naturalL2 = load<f64>(conditions, 72);
  naturalCatL2 = load<f64>(conditions, 80);
  maxDeltaStep = load<f64>(conditions, 96);
  pathSmooth = load<f64>(conditions, 104);
  isDrawn = load<f64>(conditions, 112) > 0;
  gradientScale = real(header, 0);
  hessianScale = real(header, 1);
  const g = <f64><i32>(total >> 32) / gradientScale, h = <f64><i32>total / hessianScale, least = load<f64>(conditions, 88);
  // The root is told as NaN: it is its own parent, and is not smoothed.
  if (leafOutput != leafOutput) leafOutput = clip(-soft(g, naturalL1) / (h + naturalL2));
  const output = outputOf(g, h, <f64>count, naturalL2, -Infinity, Infinity);
  numberFloor = gainGivenOutput(g, h, output, naturalL2) + least;
  categoryFloor = pathSmooth > 0 ? gainGivenOutput(g, h, leafOutput, naturalL2) + least : numberFloor;
}

/** A whole number below `limit`, the same for this leaf and feature on any thread (the finaliser of murmur3). */
function drawBelow(feature: u32, limit: u32): i32 {
  let h = leafKey + feature * 0x9e3779b9;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  h ^= h >> 16;
  return <i32>((<u64>h * <u64>limit) >> 32);
}

function keep(gain: f64, feature: u32, bin: i32, defaultLeft: i32, left: i64, kind: i32): void {
  bestGain = gain;
  bestFeature = feature;
  bestBin = bin;
  bestDefaultLeft = defaultLeft;
  bestLeft = left;
  bestKind = kind;
  bestLeftOutput = leftOutput;
  bestRightOutput = rightOutput;
}

/** As LightGBM goes (FindBestThresholdSequentially): first from the right with missing left, then from the left. */
function scanConstrainedNumber(header: usize, record: usize, cells: usize, feature: u32, bins: u32, hasMissing: bool, total: i64, count: f64): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const rowsPerHessian = count / <f64>H, minData = real(header, 4), minHessian = Math.max(1, real(header, 5));
  const valueBins = <i32>(hasMissing ? bins - 1 : bins), monotone = <i32>load<i8>(record, 12);
  const drawn = isDrawn ? drawBelow(feature, max<i32>(1, valueBins - 1)) : -1;
  let right: i64 = 0, rightRows: f64 = 0;
  for (let t = valueBins - 1; t > 0; t--) {
    const cell = load<i64>(cells + (<usize>t << 3));
    right += cell;
    rightRows += estimate(<i32>cell, rowsPerHessian);
    const h = <i32>right;
    if (rightRows < minData || <f64>h < minHessian) continue;
    if (count - rightRows < minData || <f64>(H - h) < minHessian) break;
    if (drawn >= 0 && t - 1 != drawn) continue;
    const g = <i32>(right >> 32);
    const gain = constrainedGain(G - g, H - h, g, h, count - rightRows, rightRows, naturalL2, monotone) - numberFloor;
    if (gain > 0) gains = true;
    if (gain > bestGain) keep(gain, feature, t - 1, hasMissing ? 1 : 0, total - right, 0);
  }
  if (!hasMissing) return;
  let left: i64 = 0, leftRows = rowsUncounted(record, cells, bins, rowsPerHessian, count);
  for (let t: i32 = 0; t < valueBins; t++) {
    const cell = load<i64>(cells + (<usize>t << 3));
    left += cell;
    leftRows += estimate(<i32>cell, rowsPerHessian);
    const h = <i32>left;
    if (leftRows < minData || <f64>h < minHessian) continue;
    if (count - leftRows < minData || <f64>(H - h) < minHessian) break;
    if (drawn >= 0 && t != drawn) continue;
    const g = <i32>(left >> 32);
    const gain = constrainedGain(g, h, G - g, H - h, leftRows, count - leftRows, naturalL2, monotone) - numberFloor;
    if (gain > 0) gains = true;
    if (gain > bestGain) keep(gain, feature, t, 0, left, 0);
  }
}

/** Gain of a categorical split, whichever way this leaf's gains are reckoned. */
function categoryGain(gl: i32, hl: i32, gr: i32, hr: i32, leftRows: f64, rightRows: f64, l1: f64, l2: f64): f64 {
  if (!isConstrained) return gainOf(gl, hl, gr, hr, l1, l2);
  return constrainedGain(gl, hl, gr, hr, leftRows, rightRows, l2, 0) - categoryFloor;
}

/**
 * LightGBM counts rows bin by bin, each bin's by its share of the leaf's hessian, from the right: finds the bins after
 * which both sides have enough. Counts are whole, so that pairs of bins add up to the same.
 */
function findAllowedBins(cells: usize, valueBins: i32, rowsPerHessian: f64, count: f64, minData: f64): void {
  const share = f64x2.splat(rowsPerHessian), half = f64x2.splat(0.5);
  let pairs = f64x2.splat(0), t: i32 = 1;
  for (; t + 1 < valueBins; t += 2) {
    const cell = v128.load(cells + (<usize>t << 3));
    const h = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(cell, cell, 0, 2, 0, 2));
    pairs = f64x2.add(pairs, f64x2.floor(f64x2.add(f64x2.mul(h, share), half)));
  }
  let right = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  if (t < valueBins) right += estimate(load<i32>(cells + (<usize>t << 3)), rowsPerHessian);
  firstBin = 0;
  while (firstBin < valueBins && count - right < minData) {
    firstBin++;
    right -= estimate(load<i32>(cells + (<usize>firstBin << 3)), rowsPerHessian);
  }
  lastBin = valueBins - 2;
  right = estimate(load<i32>(cells + (<usize>(valueBins - 1) << 3)), rowsPerHessian);
  while (lastBin >= 0 && !(right >= minData)) {
    right += estimate(load<i32>(cells + (<usize>lastBin << 3)), rowsPerHessian);
    lastBin--;
  }
}

/**
 * LightGBM holds no cell for a first bin that stands for zero or for most rows: its rows are what the other bins leave.
 * Returns by how many these are more than its own estimate, to start a count from the left with.
 */
function rowsUncounted(record: usize, cells: usize, bins: u32, rowsPerHessian: f64, count: f64): f64 {
  if (!load<u8>(record, 13)) return 0;
  let rows = count;
  for (let t: u32 = 0; t < bins; t++) rows -= estimate(load<i32>(cells + (t << 3)), rowsPerHessian);
  return rows;
}

// Of the feature in hand, in single precision: no split has a greater gain, and one that surely is allowed has so much.
let mostGain: f32 = 0;
let sureGain: f32 = 0;
/** Above all rounding of single-precision gains. */
const slack: f64 = 4e-6;

/**
 * Four bins at a time, raises `mostGain` and `sureGain` by the splits of a number column, `start` (missing, or nothing)
 * being left of all. Sides with at least `sureH` steps of hessian hold enough rows however counts are rounded. Sums that
 * are no numbers (nothing on one side) fall out of the comparisons.
 */
function boundGains(cells: usize, bins: u32, start: i64, total: i64, sureH: i32, l2: f32): void {
  const G = i32x4.splat(<i32>(total >> 32)), H = i32x4.splat(<i32>total), least = i32x4.splat(sureH);
  const lambda = f32x4.splat(l2), zero = i64x2.splat(0);
  let sum = i64x2.splat(start), most = f32x4.splat(mostGain), sure = f32x4.splat(sureGain);
  for (const end = cells + (bins << 3); cells < end; cells += 32) {
    let low = v128.load(cells), high = v128.load(cells, 16);
    low = i64x2.add(i64x2.add(low, v128.shuffle<i64>(zero, low, 0, 2)), sum);
    high = i64x2.add(i64x2.add(high, v128.shuffle<i64>(zero, high, 0, 2)), v128.shuffle<i64>(low, low, 1, 1));
    sum = v128.shuffle<i64>(high, high, 1, 1);
    const g = v128.shuffle<i32>(low, high, 1, 3, 5, 7), h = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
    const rightH = i32x4.sub(H, h), isSure = v128.and(i32x4.ge_s(h, least), i32x4.ge_s(rightH, least));
    const a = f32x4.convert_i32x4_s(g), b = f32x4.convert_i32x4_s(i32x4.sub(G, g));
    const c = f32x4.add(f32x4.convert_i32x4_s(h), lambda), d = f32x4.add(f32x4.convert_i32x4_s(rightH), lambda);
    const gain = f32x4.div(f32x4.add(f32x4.mul(f32x4.mul(a, a), d), f32x4.mul(f32x4.mul(b, b), c)), f32x4.mul(c, d));
    most = f32x4.pmax(most, gain);
    sure = f32x4.pmax(sure, v128.and(gain, isSure));
  }
  mostGain = max<f32>(max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  sureGain = max<f32>(max<f32>(f32x4.extract_lane(sure, 0), f32x4.extract_lane(sure, 1)), max<f32>(f32x4.extract_lane(sure, 2), f32x4.extract_lane(sure, 3)));
}

/** Whether a number column beats nothing found so far, as single precision tells for most; then `gains` is as it must be. */
function isBeaten(cells: usize, bins: u32, hasMissing: bool, total: i64, count: f64, minData: f64, minH: i32, floor: f64, l2: f64): bool {
  const valueBins = hasMissing ? bins - 1 : bins, rowsPerHessian = count / <f64><i32>total;
  const sureH = Math.ceil((minData + 0.5 * <f64>bins + 1) / rowsPerHessian);
  const least = <i32>Math.min(2147483647, Math.max(sureH, <f64>minH));
  const missing = hasMissing ? load<i64>(cells + (valueBins << 3)) : 0;
  mostGain = 0;
  sureGain = 0;
  boundGains(cells, valueBins, 0, total, least, <f32>l2);
  if (hasMissing) boundGains(cells, valueBins, missing, total, least, <f32>l2);
  if (<f64>mostGain * (1 + slack) >= bestGain) return false;
  gains = <f64>sureGain * (1 - slack) > floor;
  if (gains || <f64>mostGain * (1 + slack) < floor) return true;
  findAllowedBins(cells, valueBins, rowsPerHessian, count, minData);
  gains = gainsAnywhere(cells, missing, total, minH, floor, l2);
  return gains || !hasMissing;
}

/** Whether any allowed split, missing on the left, gains; the first that does ends the search. */
function gainsAnywhere(cells: usize, missing: i64, total: i64, minH: i32, floor: f64, l2: f64): bool {
  const G = <i32>(total >> 32), H = <i32>total;
  let sum = missing;
  for (let t: i32 = 0; t <= lastBin; t++) {
    sum += load<i64>(cells + (<usize>t << 3));
    const g = <i32>(sum >> 32), h = <i32>sum;
    if (t < firstBin || h < minH) continue;
    if (H - h < minH) break;
    if (gainOf(g, h, G - g, H - h, 0, l2) > floor) return true;
  }
  return false;
}

/** Two bins at a time, for columns without missing values and leaves without L1: the gains of `scanNumber`, bit for bit. */
function scanPlainNumber(cells: usize, feature: u32, bins: u32, total: i64, minH: i32, floor: f64, l2: f64): void {
  const G = i32x4.splat(<i32>(total >> 32)), H = i32x4.splat(<i32>total), least = i32x4.splat(minH);
  const lambda = f64x2.splat(l2), zero = i64x2.splat(0), floors = f64x2.splat(floor), two = i64x2.splat(2);
  const from = i64x2.splat(firstBin), to = i64x2.splat(lastBin);
  let best = floors, found = i64x2.splat(-1), sum = zero, t: i32 = 0;
  for (; t + 1 < firstBin; t += 2) sum = i64x2.add(sum, v128.load(cells + (<usize>t << 3)));
  sum = i64x2.add(sum, v128.shuffle<i64>(sum, sum, 1, 0));
  let bin = i64x2.add(i64x2(0, 1), i64x2.splat(t));
  for (; t <= lastBin; t += 2) {
    let cell = v128.load(cells + (t << 3));
    cell = i64x2.add(i64x2.add(cell, v128.shuffle<i64>(zero, cell, 0, 2)), sum);
    sum = v128.shuffle<i64>(cell, cell, 1, 1);
    const h = v128.shuffle<i32>(cell, cell, 0, 2, 0, 2), g = v128.shuffle<i32>(cell, cell, 1, 3, 1, 3);
    const rightH = i32x4.sub(H, h);
    const isHeavy = i64x2.extend_low_i32x4_s(v128.and(i32x4.ge_s(h, least), i32x4.ge_s(rightH, least)));
    const isEnough = v128.and(isHeavy, v128.and(i64x2.ge_s(bin, from), i64x2.le_s(bin, to)));
    const a = f64x2.convert_low_i32x4_s(g), b = f64x2.convert_low_i32x4_s(i32x4.sub(G, g));
    const c = f64x2.add(f64x2.convert_low_i32x4_s(h), lambda), d = f64x2.add(f64x2.convert_low_i32x4_s(rightH), lambda);
    const top = f64x2.add(f64x2.mul(f64x2.mul(a, a), d), f64x2.mul(f64x2.mul(b, b), c));
    const gain = f64x2.div(top, f64x2.mul(c, d));
    const isBetter = v128.and(isEnough, v128.and(f64x2.gt(gain, floors), f64x2.ge(gain, best)));
    best = v128.bitselect(gain, best, isBetter);
    found = v128.bitselect(bin, found, isBetter);
    bin = i64x2.add(bin, two);
  }
  const gain0 = f64x2.extract_lane(best, 0), gain1 = f64x2.extract_lane(best, 1);
  const bin0 = i64x2.extract_lane(found, 0), bin1 = i64x2.extract_lane(found, 1);
  const isSecond = gain1 > gain0 || (gain1 == gain0 && bin1 > bin0);
  const gain = isSecond ? gain1 : gain0, winner = <i32>(isSecond ? bin1 : bin0);
  gains = winner >= 0;
  if (winner < 0 || gain <= bestGain) return;
  let left: i64 = 0;
  for (let t: i32 = 0; t <= winner; t++) left += load<i64>(cells + (<usize>t << 3));
  bestGain = gain;
  bestFeature = feature;
  bestBin = winner;
  bestDefaultLeft = 0;
  bestLeft = left;
  bestKind = 0;
}

function scanNumber(header: usize, record: usize, cells: usize, feature: u32, bins: u32, hasMissing: bool, total: i64, count: f64, minH: i32, floor: f64, l1: f64, l2: f64): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const valueBins = hasMissing ? bins - 1 : bins;
  const missing: i64 = hasMissing ? load<i64>(cells + (valueBins << 3)) : 0;
  // Missing left; without missing values this is the only case. Of equal gains the highest bin counts, as in LightGBM.
  let best: f64 = floor, bin: i32 = -1, left: i64 = 0;
  let sum: i64 = missing;
  for (let t: u32 = 0; t + 1 < valueBins; t++) {
    sum += load<i64>(cells + (t << 3));
    const h = <i32>sum;
    if (<i32>t < firstBin || h < minH) continue;
    if (<i32>t > lastBin || H - h < minH) break;
    const g = <i32>(sum >> 32);
    const gain = gainOf(g, h, G - g, H - h, l1, l2);
    if (gain > floor && gain >= best) {
      best = gain;
      bin = t;
      left = sum;
    }
  }
  let defaultLeft: i32 = hasMissing ? 1 : 0;
  if (hasMissing) {
    const rowsPerHessian = count / <f64>H, minData = real(header, 4);
    let rows = rowsUncounted(record, cells, bins, rowsPerHessian, count);
    sum = 0;
    for (let t: u32 = 0; t < valueBins; t++) {
      const cell = load<i64>(cells + (t << 3));
      sum += cell;
      rows += estimate(<i32>cell, rowsPerHessian);
      const h = <i32>sum;
      if (rows < minData || h < minH) continue;
      if (count - rows < minData || H - h < minH) break;
      const g = <i32>(sum >> 32);
      const gain = gainOf(g, h, G - g, H - h, l1, l2);
      if (gain > best) {
        best = gain;
        bin = t;
        left = sum;
        defaultLeft = 0;
      }
    }
  }
  gains = bin >= 0;
  if (bin >= 0 && best > bestGain) {
    bestGain = best;
    bestFeature = feature;
    bestBin = bin;
    bestDefaultLeft = defaultLeft;
    bestLeft = left;
    bestKind = 0;
  }
}

// @ts-ignore: decorator
@inline function estimate(h: i32, rowsPerHessian: f64): f64 {
  return Math.floor(<f64>h * rowsPerHessian + 0.5);
}

/** Few levels: each against all others. Bin 0 (missing and rare) is never on the left. */
function scanOneHot(header: usize, cells: usize, feature: u32, bins: u32, total: i64, count: f64, floor: f64, l1: f64, l2: f64): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const rowsPerHessian = count / <f64>H, minData = real(header, 4), minHessian = Math.max(1, real(header, 5));
  const drawn = isConstrained && isDrawn ? 1 + drawBelow(feature, bins - 1) : 0;
  for (let t: u32 = 1; t < bins; t++) {
    if (drawn > 0 && t != drawn) continue;
    const cell = load<i64>(cells + (t << 3));
    const g = <i32>(cell >> 32), h = <i32>cell;
    const rows = estimate(h, rowsPerHessian);
    if (rows < minData || count - rows < minData || <f64>h < minHessian || <f64>(H - h) < minHessian) continue;
    const gain = categoryGain(g, h, G - g, H - h, rows, count - rows, l1, l2);
    if (gain > floor) gains = true;
    if (gain > floor && gain > bestGain) keep(gain, feature, t, 0, cell, 1);
  }
}

/** Many levels: sorted by gradient over hessian, prefixes from either end (Fisher 1958, as LightGBM does it). */
function scanSorted(header: usize, cells: usize, feature: u32, bins: u32, total: i64, count: f64, floor: f64, l1: f64, l2: f64, scratch: usize, out: usize): void {
  const G = <i32>(total >> 32), H = <i32>total;
  const rowsPerHessian = count / <f64>H, minData = real(header, 4), minHessian = Math.max(1, real(header, 5));
  const smooth = real(header, 10), perGroup = real(header, 11), gScale = real(header, 0), hScale = real(header, 1);
  const ratios = bins > 256 ? scratch + wideScratch : scratch, listed = ratios + (<usize>bins << 3);
  let used: i32 = 0;
  for (let t: u32 = 1; t < bins; t++) {
    const cell = load<i64>(cells + (t << 3));
    const h = <i32>cell;
    if (estimate(h, rowsPerHessian) < smooth) continue;
    store<f64>(ratios + (t << 3), <f64><i32>(cell >> 32) / gScale / (<f64>h / hScale + smooth));
    store<u32>(listed + (used << 2), t);
    used++;
  }
  const order = sortByRatio(listed, listed + (<usize>bins << 2), used, ratios);
  const most = min<i32>(word(header, 20), (used + 1) >> 1);
  const drawn = isConstrained && isDrawn && most > 0 ? drawBelow(feature, most) : -1;
  let winner: i32 = -1, winnerStep: i32 = 1;
  for (let step: i32 = 1; step >= -1; step -= 2) {
    let sum: i64 = 0, left: f64 = 0, inGroup: f64 = 0, at = step > 0 ? 0 : used - 1;
    for (let i: i32 = 0; i < most; i++, at += step) {
      const cell = load<i64>(cells + (load<u32>(order + (at << 2)) << 3));
      sum += cell;
      const h = <i32>sum, rows = estimate(<i32>cell, rowsPerHessian);
      left += rows;
      inGroup += rows;
      if (left < minData || <f64>h < minHessian) continue;
      if (count - left < minData || count - left < perGroup || <f64>(H - h) < minHessian) break;
      if (inGroup < perGroup) continue;
      inGroup = 0;
      if (drawn >= 0 && i != drawn) continue;
      const g = <i32>(sum >> 32);
      const gain = categoryGain(g, h, G - g, H - h, left, count - left, l1, l2);
      if (gain > floor) gains = true;
      if (gain > floor && gain > bestGain) {
        keep(gain, feature, i, 0, sum, 2);
        winner = i;
        winnerStep = step;
      }
    }
  }
  if (winner < 0) return;
  const set = setOf(header, out, bins);
  for (let i: i32 = 0; i <= winner; i++) {
    const t = load<u32>(order + ((winnerStep > 0 ? i : used - 1 - i) << 2));
    const at = set + ((t >> 5) << 2);
    store<u32>(at, load<u32>(at) | (1 << (t & 31)));
  }
}

/**
 * The best split of a leaf among the features in places [f0, f1) of the order, written to `out`. Side 1 is the left child or the root, 2 the right.
 * As LightGBM does, a feature without a gaining split in the parent is not asked again: `splittable` tells, and is told.
 */
export function scanLeaf(header: usize, histogram: usize, splittable: usize, f0: u32, f1: u32, total: i64, count: u32, scratch: usize, out: usize, side: u32): void {
  const H = <i32>total;
  enterConstrained(header, side, total, count);
  const l1 = isConstrained ? naturalL1 : real(header, 2), l2 = isConstrained ? naturalL2 : real(header, 3);
  const catL2 = isConstrained ? naturalCatL2 : real(header, 9), table = word(header, 8);
  const g = l1 > 0 ? soft(<f64><i32>(total >> 32), l1) : <f64><i32>(total >> 32);
  const floor = isConstrained ? 0 : (g * g) / (<f64>H + l2) + real(header, 6);
  const rowsPerHessian = <f64>count / <f64>H;
  // Below so great a lambda no product of single precision overflows.
  const isBounded = !isConstrained && l1 == 0 && l2 < 1099511627776;
  const minH = <i32>Math.min(2147483647, Math.max(1, Math.ceil(real(header, 5))));
  bestGain = floor;
  bestFeature = -1;
  bestBin = 0;
  bestDefaultLeft = 0;
  bestLeft = 0;
  bestKind = 0;
  for (let place = f0; place < f1; place++) {
    const f = load<u32>(word(header, 28) + (<usize>place << 2)), record = table + (<usize>f << recordShift);
    if (!(load<u32>(record, 8) & side) || !load<u8>(splittable + f)) continue;
    const bins = load<u32>(record), kind = load<u32>(record, 4);
    const cells = cellsOf(record, histogram, total, scratch);
    if (isBounded && kind < 2 && isBeaten(cells, bins, kind == 1, total, <f64>count, real(header, 4), minH, floor, l2)) {
      store<u8>(splittable + f, u8(gains || word(header, 24) != 0));
      continue;
    }
    gains = false;
    if (!isConstrained && kind < 2) findAllowedBins(cells, <i32>(bins - kind), rowsPerHessian, <f64>count, real(header, 4));
    if (isConstrained && kind < 2) scanConstrainedNumber(header, record, cells, f, bins, kind == 1, total, <f64>count);
    else if (kind == 0 && l1 == 0) scanPlainNumber(cells, f, bins, total, minH, floor, l2);
    else if (kind < 2) scanNumber(header, record, cells, f, bins, kind == 1, total, <f64>count, minH, floor, l1, l2);
    else if (bins <= word(header, 21)) scanOneHot(header, cells, f, bins, total, <f64>count, floor, l1, l2);
    else scanSorted(header, cells, f, bins, total, <f64>count, floor, l1, l2 + catL2, scratch, out);
    store<u8>(splittable + f, u8(gains || word(header, 24) != 0));
  }
  store<f64>(out, bestGain);
  store<i32>(out, bestFeature, 8);
  store<i32>(out, bestBin, 12);
  store<i32>(out, bestDefaultLeft, 16);
  store<i32>(out, <i32>(bestLeft >> 32), 20);
  store<i32>(out, <i32>bestLeft, 24);
  store<i32>(out, bestKind, 28);
  store<f64>(out, bestLeftOutput, 80);
  store<f64>(out, bestRightOutput, 88);
}
