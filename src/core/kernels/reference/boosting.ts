import { log, softplus } from '../../shared/exact-math.ts';
import { cellsPerColumn, chunkRows, header, headerReal } from '../boosting-layout.ts';
import { scanLevelOf } from './boosting-level.ts';
import type { Range } from './boosting-scan.ts';
import { scanLeaf } from './boosting-scan.ts';
import { buildWide, isInSet, subtractWide, wideColumnAt, wideShift } from './boosting-wide.ts';
import type { MemoryViews } from './memory-views.ts';

/*
 * TypeScript twin of src/wasm/boosting.ts: the same operations on the same memory, the same bits. A cell's two words are
 * added apart: hessian sums never overflow into the gradients.
 */

const wordsPerColumn = 2 * cellsPerColumn;

/** 1.5 · 2^52: adding it rounds to a whole number, half to even. */
const magic = 6755399441055744;
const powerOfTwo = new Float64Array(1);
const powerWords = new Int32Array(powerOfTwo.buffer);

/** exp(x) of a number from -700 to 700, to nine digits. */
function shortExp(x: number): number {
  const n = x * Math.LOG2E + magic - magic;
  const r = x - n * 6.9314718036912381649e-1 - n * 1.90821492927058770002e-10;
  let p = r * (1 / 5040) + 1 / 720;
  p = r * p + 1 / 120;
  p = r * p + 1 / 24;
  p = r * p + 1 / 6;
  p = r * p + 0.5;
  p = r * p + 1;
  p = r * p + 1;
  powerWords[1] = (1023 + n) << 20;
  return p * (powerOfTwo[0] as number);
}

export function gradients(views: MemoryViews, member: number, memberCount: number, at: number): void {
  const { f64, u8 } = views;
  const word = views.i32.subarray(at >> 2);
  const real = f64.subarray((at + 128) >> 3);
  const rows = word[header.rows] as number;
  const chunks = Math.ceil(rows / chunkRows);
  const scores = (word[header.scores] as number) >>> 3;
  const labels = (word[header.labels] as number) >>> 0;
  const weights = (word[header.weights] as number) >>> 3;
  const g = (word[header.gradients] as number) >>> 3;
  const h = (word[header.hessians] as number) >>> 3;
  const sums = (word[header.chunkSums] as number) >>> 3;
  const positive = real[headerReal.positiveWeight] as number;
  const negative = real[headerReal.negativeWeight] as number;
  const last = Math.floor((chunks * (member + 1)) / memberCount);
  for (let chunk = Math.floor((chunks * member) / memberCount); chunk < last; chunk++) {
    const to = Math.min(rows, (chunk + 1) * chunkRows);
    // Even and odd rows apart, as the kernel's two lanes.
    const sumG: [number, number] = [0, 0];
    const sumH: [number, number] = [0, 0];
    for (let i = chunk * chunkRows; i < to; i++) {
      const x = Math.max(-700, Math.min(700, -(f64[scores + i] as number)));
      const p = 1 / (1 + shortExp(x));
      const y = u8[labels + i] as number;
      let w = y ? positive : negative;
      if (weights) w *= f64[weights + i] as number;
      const gradient = (p - y) * w;
      const hessian = p * (1 - p) * w;
      f64[g + i] = gradient;
      f64[h + i] = hessian;
      sumG[i & 1] = (sumG[i & 1] as number) + Math.abs(gradient);
      sumH[i & 1] = (sumH[i & 1] as number) + hessian;
    }
    f64[sums + 2 * chunk] = sumG[0] + sumG[1];
    f64[sums + 2 * chunk + 1] = sumH[0] + sumH[1];
  }
}

export function quantise(views: MemoryViews, member: number, memberCount: number, at: number): void {
  const { f64, i32 } = views;
  const word = i32.subarray(at >> 2);
  const real = f64.subarray((at + 128) >> 3);
  const rows = word[header.rows] as number;
  const g = (word[header.gradients] as number) >>> 3;
  const h = (word[header.hessians] as number) >>> 3;
  const packed = (word[header.packed] as number) >>> 2;
  const gScale = real[headerReal.gradientScale] as number;
  const hScale = real[headerReal.hessianScale] as number;
  const to = Math.floor((rows * (member + 1)) / memberCount);
  for (let i = Math.floor((rows * member) / memberCount); i < to; i++) {
    i32[packed + 2 * i + 1] = (f64[g + i] as number) * gScale + magic - magic;
    i32[packed + 2 * i] = (f64[h + i] as number) * hScale + magic - magic;
  }
  const list = privateOf(word, member) >>> 2;
  const bag = (word[header.bag] as number) >>> 2;
  const count = word[header.rowsInPlay] as number;
  if (bag) i32.copyWithin(list, bag, bag + count);
  else for (let i = 0; i < count; i++) i32[list + i] = i;
}

/** The histogram of `count` rows, listed or (list 0) in order, for columns [from, to). */
function buildHistogram(
  views: MemoryViews,
  word: Int32Array,
  histogram: number,
  range: Range,
  list: number,
  count: number,
): void {
  const { i32, u8 } = views;
  const allRows = word[header.allRows] as number;
  const blocks = (word[header.blocks] as number) >>> 0;
  const packed = (word[header.packed] as number) >>> 2;
  const shift = word[header.blockShift] as number;
  for (let column = range.from; column < range.to; column++) {
    const cells = (histogram >>> 2) + column * wordsPerColumn;
    i32.fill(0, cells, cells + wordsPerColumn);
    const bins = blocks + (column >> shift) * allRows * (1 << shift) + (column & ((1 << shift) - 1));
    for (let i = 0; i < count; i++) {
      const row = list ? (i32[(list >>> 2) + i] as number) : i;
      const cell = cells + 2 * (u8[bins + (row << shift)] as number);
      i32[cell] = (i32[cell] as number) + (i32[packed + 2 * row] as number);
      i32[cell + 1] = (i32[cell + 1] as number) + (i32[packed + 2 * row + 1] as number);
    }
  }
}

function subtract({ i32 }: MemoryViews, histogram: number, other: number, range: Range): void {
  const to = (histogram >>> 2) + range.to * wordsPerColumn;
  let from = (other >>> 2) + range.from * wordsPerColumn;
  for (let at = (histogram >>> 2) + range.from * wordsPerColumn; at < to; at++, from++) {
    i32[at] = (i32[at] as number) - (i32[from] as number);
  }
}

export function root(views: MemoryViews, member: number, _: number, at: number, slot: number): void {
  const { i32, u8 } = views;
  const word = i32.subarray(at >> 2);
  const { columns, features, wideColumns } = shareOf(i32, word);
  const out = ((word[header.answers] as number) >>> 0) + member * 256;
  i32[(out + 8) >>> 2] = -1;
  if (features.from >= features.to) return;
  const histogram = slotAt(word, slot);
  const count = word[header.rowsInPlay] as number;
  const list = word[header.bag] ? privateOf(word, member) : 0;
  buildHistogram(views, word, histogram, columns, list, count);
  buildWide(views, word, histogram, wideColumns, list, count);
  const { cells, cellWords } =
    columns.from < columns.to
      ? { cells: (histogram >>> 2) + columns.from * wordsPerColumn, cellWords: wordsPerColumn }
      : wideColumnAt(views, word, histogram, wideColumns.from);
  let g = 0;
  let h = 0;
  for (let at = cells; at < cells + cellWords; at += 2) {
    h += i32[at] as number;
    g += i32[at + 1] as number;
  }
  i32[(out + 64) >>> 2] = h;
  i32[(out + 68) >>> 2] = g;
  const splittable = splittableOf(word, slot);
  u8.fill(1, splittable + features.from, splittable + features.to);
  scanLeaf(views, at, histogram, splittable, features, { g, h, count }, out, 1, scratchOf(word, member));
}

function splittableOf(word: Int32Array, slot: number): number {
  return ((word[header.splittable] as number) >>> 0) + slot * (word[header.features] as number);
}

export function split(views: MemoryViews, member: number, _: number, at: number, job: number): void {
  const { i32, f64, u8 } = views;
  const word = i32.subarray(at >> 2);
  const order = i32.subarray(job >> 2);
  const { columns, features, wideColumns } = shareOf(i32, word);
  const scratch = scratchOf(word, member);
  const out = ((word[header.answers] as number) >>> 0) + member * 256;
  const rows = word[header.rows] as number;
  const start = order[0] as number;
  const count = order[1] as number;
  const list = privateOf(word, member) + 4 * start;
  const leftCount = partition(
    views,
    (order[2] as number) >>> 0,
    (order[11] as number) >>> 0,
    list,
    privateOf(word, member) + 4 * rows + 16,
    count,
    wideShift(views, word),
  );
  const rightCount = count - leftCount;
  i32[(out + 8) >>> 2] = -1;
  i32[(out + 136) >>> 2] = -1;
  i32[(out + 72) >>> 2] = leftCount;
  const enough = 2 * (f64[((at + 128) >>> 3) + headerReal.minDataInLeaf] as number);
  const scan = order[6];
  if (features.from >= features.to || !scan || (scan === 1 && leftCount < enough && rightCount < enough)) return;
  const leftIsSmall = leftCount <= rightCount;
  const small = slotAt(word, order[4] as number);
  const large = slotAt(word, order[5] as number);
  const rightList = list + 4 * leftCount;
  const smallRows = [leftIsSmall ? list : rightList, Math.min(leftCount, rightCount)] as const;
  const largeRows = [leftIsSmall ? rightList : list, Math.max(leftCount, rightCount)] as const;
  buildHistogram(views, word, small, columns, ...smallRows);
  buildWide(views, word, small, wideColumns, ...smallRows);
  if (order[3]) {
    subtract(views, large, small, columns);
    subtractWide(views, word, large, small, wideColumns);
  } else {
    buildHistogram(views, word, large, columns, ...largeRows);
    buildWide(views, word, large, wideColumns, ...largeRows);
  }
  if (scan === 2) return;
  const ofSmall = splittableOf(word, order[4] as number);
  const ofLarge = splittableOf(word, order[5] as number);
  if (!order[3]) u8.fill(1, ofLarge + features.from, ofLarge + features.to);
  u8.copyWithin(ofSmall + features.from, ofLarge + features.from, ofLarge + features.to);
  const left = { g: order[7] as number, h: order[8] as number, count: leftCount };
  const right = { g: order[9] as number, h: order[10] as number, count: rightCount };
  if (leftCount >= enough)
    scanLeaf(views, at, leftIsSmall ? small : large, leftIsSmall ? ofSmall : ofLarge, features, left, out, 1, scratch);
  if (rightCount >= enough)
    scanLeaf(
      views,
      at,
      leftIsSmall ? large : small,
      leftIsSmall ? ofLarge : ofSmall,
      features,
      right,
      out + 128,
      2,
      scratch,
    );
}

export function scanLevel(
  views: MemoryViews,
  member: number,
  _: number,
  at: number,
  leaves: number,
  leafCount: number,
): void {
  const word = views.i32.subarray(at >> 2);
  const out = ((word[header.answers] as number) >>> 0) + member * 256;
  const { features } = shareOf(views.i32, word);
  scanLevelOf(views, at, leaves, leafCount, features, out, scratchOf(word, member));
}

function partition(
  views: MemoryViews,
  codes: number,
  test: number,
  list: number,
  spare: number,
  count: number,
  shiftOfWide: number,
): number {
  const { i32 } = views;
  const from = list >>> 2;
  let left = from;
  let right = spare >>> 2;
  for (let at = from; at < from + count; at++) {
    const row = i32[at] as number;
    if (goesLeft(views, codes, test, row, row << shiftOfWide)) i32[left++] = row;
    else i32[right++] = row;
  }
  i32.copyWithin(left, spare >>> 2, right);
  return left - from;
}

/** Whether the row of a code passes a node's test; a wide column's are told in words of 16 bits. */
function goesLeft(views: MemoryViews, codes: number, test: number, narrowAt: number, wideAt: number): boolean {
  const { u8, u16 } = views;
  if (test & 1) return isInSet(views, test - 1, u16[(codes >>> 1) + wideAt] as number) === 1;
  return u8[test + (u8[codes + narrowAt] as number)] === 1;
}

export function addScores(
  views: MemoryViews,
  member: number,
  memberCount: number,
  at: number,
  leaves: number,
  leafCount: number,
): void {
  const { i32, f64 } = views;
  const word = i32.subarray(at >> 2);
  const own = privateOf(word, member) >>> 2;
  const scores = (word[header.scores] as number) >>> 3;
  for (let leaf = 0; leaf < leafCount; leaf++) {
    const record = (leaves >>> 2) + 4 * leaf;
    const start = own + (i32[record] as number);
    const count = i32[record + 1] as number;
    const value = f64[(record + 2) >>> 1] as number;
    const to = start + Math.floor((count * (member + 1)) / memberCount);
    for (let i = start + Math.floor((count * member) / memberCount); i < to; i++) {
      const score = scores + (i32[i] as number);
      f64[score] = (f64[score] as number) + value;
    }
  }
}

export function walk(
  views: MemoryViews,
  member: number,
  memberCount: number,
  at: number,
  ...[nodes, leafValues, list, first, count]: [number, number, number, number, number]
): void {
  const { i32, f64 } = views;
  const word = i32.subarray(at >> 2);
  const shift = word[header.blockShift] as number;
  const shiftOfWide = wideShift(views, word);
  const scores = (word[header.scores] as number) >>> 3;
  const to = Math.floor((count * (member + 1)) / memberCount);
  for (let i = Math.floor((count * member) / memberCount); i < to; i++) {
    const row = list ? (i32[(list >>> 2) + i] as number) : first + i;
    let node = 0;
    do {
      const record = (nodes >>> 2) + 4 * node;
      const codes = (i32[record] as number) >>> 0;
      const test = (i32[record + 3] as number) >>> 0;
      node = i32[record + (goesLeft(views, codes, test, row << shift, row << shiftOfWide) ? 1 : 2)] as number;
    } while (node >= 0);
    f64[scores + row] = (f64[scores + row] as number) + (f64[(leafValues >>> 3) + ~node] as number);
  }
}

export function measure(
  views: MemoryViews,
  member: number,
  memberCount: number,
  at: number,
  sets: number,
  setCount: number,
): void {
  const { i32, f64, u8 } = views;
  const word = i32.subarray(at >> 2);
  const scores = (word[header.scores] as number) >>> 3;
  const labels = (word[header.labels] as number) >>> 0;
  const weights = (word[header.weights] as number) >>> 3;
  for (let set = member; set < setCount; set += memberCount) {
    const [first, step, count, , out] = i32.subarray((sets >>> 2) + 8 * set) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const { keys, order } = sortByScore(f64, scores, first, step, count);
    let positives = 0;
    let negatives = 0;
    let pairs = 0;
    let precisions = 0;
    let wrong = 0;
    for (let i = 0; i < count; ) {
      const key = keys[order[i] as number];
      let p = 0;
      let n = 0;
      for (; i < count && keys[order[i] as number] === key; i++) {
        const row = first + (order[i] as number) * step;
        const y = u8[labels + row];
        const w = weights ? (f64[weights + row] as number) : 1;
        const score = f64[scores + row] as number;
        if (y) p += w;
        else n += w;
        if (score > 0 !== (y === 1)) wrong += w;
      }
      pairs += n * (positives + 0.5 * p);
      positives += p;
      negatives += n;
      if (p > 0) precisions += (p * positives) / (positives + negatives);
    }
    f64.set([positives, negatives, pairs, precisions, ...losses(views, at, first, step, count), wrong], out >>> 3);
  }
}

/** Log-loss of a row set, plain and with class weights: even and odd places apart, as the kernel's two lanes. */
function losses({ f64, i32, u8 }: MemoryViews, at: number, first: number, step: number, count: number): number[] {
  const word = i32.subarray(at >> 2);
  const real = f64.subarray((at + 128) >> 3);
  const scores = (word[header.scores] as number) >>> 3;
  const labels = (word[header.labels] as number) >>> 0;
  const weights = (word[header.weights] as number) >>> 3;
  // By outcome: no, yes.
  const loss: [number, number] = [0, 0];
  const hinge = new Float64Array(4);
  const product = new Float64Array(4).fill(1);
  for (let i = 0; i < count; i++) {
    const row = first + i * step;
    const y = u8[labels + row] as 0 | 1;
    const score = f64[scores + row] as number;
    const z = y ? -score : score;
    if (weights) {
      loss[y] += softplus(z) * (f64[weights + row] as number);
      continue;
    }
    const lane = 2 * y + (i & 1);
    hinge[lane] = (hinge[lane] as number) + Math.max(z, 0);
    product[lane] = (product[lane] as number) * (1 + shortExp(Math.max(-700, -Math.abs(z))));
    if (i % 1024 === 1023 || i + 1 === count) {
      for (const outcome of [0, 1] as const)
        loss[outcome] += log(product[2 * outcome] as number) + log(product[2 * outcome + 1] as number);
      product.fill(1);
    }
  }
  const [no, yes] = [0, 1].map((y) => (loss[y] as number) + ((hinge[2 * y] as number) + (hinge[2 * y + 1] as number)));
  const balanced =
    (yes as number) * (real[headerReal.positiveWeight] as number) +
    (no as number) * (real[headerReal.negativeWeight] as number);
  return [(yes as number) + (no as number), balanced];
}

/** Positions in the set by falling score, rounded to single precision; equal scores keep their order. */
function sortByScore(f64: Float64Array, scores: number, first: number, step: number, count: number) {
  const keys = new Float32Array(count);
  for (let i = 0; i < count; i++) keys[i] = Math.fround(f64[scores + first + i * step] as number) + 0;
  const order = Uint32Array.from(keys, (_, i) => i);
  order.sort((a, b) => (keys[b] as number) - (keys[a] as number) || a - b);
  return { keys, order };
}

/** The columns that the one member sums, and the places of the features that it scans. */
function shareOf(i32: Int32Array, word: Int32Array): { columns: Range; features: Range; wideColumns: Range } {
  const own = (word[header.shares] as number) >>> 2;
  const range = (at: number): Range => ({ from: i32[own + at] as number, to: i32[own + at + 4] as number });
  return { columns: range(0), features: range(1), wideColumns: range(2) };
}

function scratchOf(word: Int32Array, member: number): number {
  return privateOf(word, member) + 8 * (word[header.rows] as number) + 64;
}

function privateOf(word: Int32Array, member: number): number {
  return ((word[header.privateStart] as number) >>> 0) + member * (word[header.privateBytes] as number);
}

function slotAt(word: Int32Array, slot: number): number {
  return ((word[header.histograms] as number) >>> 0) + slot * ((word[header.histogramBytes] as number) >>> 0);
}
