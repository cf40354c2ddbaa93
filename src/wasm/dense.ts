/*
 * Training and scoring of dense layers with batch normalisation, ReLU, dropout and Adam. The memory layout and the order
 * of calls stand in src/core/kernels/dense.ts; src/core/kernels/reference/dense.ts is the twin that gives the same bytes.
 * Every sum runs in one fixed order: over inner indices or rows ascending, over blocks of 32 rows ascending. Members own
 * whole blocks (or, in `update`, whole rows of weights), so the bytes do not depend on how many members there are.
 */

const blockRows: u32 = 32;
const recordBytes: usize = 64;
const normEpsilon: f32 = 0.001;
const runningShare: f32 = 0.1;
const beta1: f32 = 0.9;
const beta2: f32 = 0.999;
const adamEpsilon: f32 = 1e-7;
const negligible: f32 = 1e-30;

const modeNormalised: u32 = 1;
const modeOutput: u32 = 2;

// @ts-ignore
@inline function inputsOf(layer: usize): u32 { return load<u32>(layer, 0); }
// @ts-ignore
@inline function unitsOf(layer: usize): u32 { return load<u32>(layer, 4); }
// @ts-ignore
@inline function modeOf(layer: usize): u32 { return load<u32>(layer, 8); }
// @ts-ignore
@inline function weightsOf(layer: usize): usize { return load<u32>(layer, 12); }
// @ts-ignore
@inline function transposedOf(layer: usize): usize { return load<u32>(layer, 16); }
// @ts-ignore
@inline function firstMomentOf(layer: usize): usize { return load<u32>(layer, 20); }
// @ts-ignore
@inline function secondMomentOf(layer: usize): usize { return load<u32>(layer, 24); }
// @ts-ignore
@inline function gradientOf(layer: usize): usize { return load<u32>(layer, 28); }
// @ts-ignore
@inline function inputOf(layer: usize): usize { return load<u32>(layer, 32); }
// @ts-ignore
@inline function sumsOf(layer: usize): usize { return load<u32>(layer, 36); }
// @ts-ignore
@inline function errorsOf(layer: usize): usize { return load<u32>(layer, 40); }
// @ts-ignore
@inline function columnsOf(layer: usize): usize { return load<u32>(layer, 44); }
// @ts-ignore
@inline function partialsOf(layer: usize): usize { return load<u32>(layer, 48); }

// @ts-ignore
@inline function blockCount(rows: u32): u32 { return (rows + blockRows - 1) / blockRows; }
// @ts-ignore
@inline function share(count: u32, member: u32, memberCount: u32): u32 { return count * member / memberCount; }
// @ts-ignore
@inline function rowsIn(block: u32, rows: u32): u32 { return min(blockRows, rows - block * blockRows); }

/** c (rows × columns) = a · b, where a's element (i, k) lies at a + i · rowStep + k · innerStep; 4 × 8 sums at a time. */
function multiply(a: usize, rowStep: usize, innerStep: usize, b: usize, c: usize, rows: u32, columns: u32, inner: u32): void {
  const width = <usize>columns << 2;
  const twoRows = rowStep << 1;
  const threeRows = twoRows + rowStep;
  const length = <usize>inner * innerStep;
  for (let j: usize = 0; j < width; j += 32) {
    let start = a;
    let out = c + j;
    for (let i: u32 = 0; i < rows; i += 4) {
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
      let from = start;
      let right = b + j;
      const end = start + length;
      while (from < end) {
        const b0 = v128.load(right);
        const b1 = v128.load(right, 16);
        const a0 = v128.load32_splat(from);
        c00 = f32x4.add(c00, f32x4.mul(a0, b0));
        c01 = f32x4.add(c01, f32x4.mul(a0, b1));
        const a1 = v128.load32_splat(from + rowStep);
        c10 = f32x4.add(c10, f32x4.mul(a1, b0));
        c11 = f32x4.add(c11, f32x4.mul(a1, b1));
        const a2 = v128.load32_splat(from + twoRows);
        c20 = f32x4.add(c20, f32x4.mul(a2, b0));
        c21 = f32x4.add(c21, f32x4.mul(a2, b1));
        const a3 = v128.load32_splat(from + threeRows);
        c30 = f32x4.add(c30, f32x4.mul(a3, b0));
        c31 = f32x4.add(c31, f32x4.mul(a3, b1));
        right += width;
        from += innerStep;
      }
      v128.store(out, c00);
      v128.store(out, c01, 16);
      v128.store(out + width, c10);
      v128.store(out + width, c11, 16);
      v128.store(out + 2 * width, c20);
      v128.store(out + 2 * width, c21, 16);
      v128.store(out + 3 * width, c30);
      v128.store(out + 3 * width, c31, 16);
      start += rowStep << 2;
      out += width << 2;
    }
  }
}

/** The sums of one block of rows and, under batch normalisation, their mean and squared deviations per column. */
function sumBlock(layer: usize, block: u32, rows: u32, measure: bool): void {
  const inputs = inputsOf(layer), units = unitsOf(layer);
  const inputBytes = <usize>inputs << 2, unitBytes = <usize>units << 2;
  const first = <usize>(block * blockRows);
  const count = rowsIn(block, rows);
  const sums = sumsOf(layer) + first * unitBytes;
  multiply(inputOf(layer) + first * inputBytes, inputBytes, 4, weightsOf(layer), sums, (count + 3) & ~3, units, inputs);
  if (!measure) return;
  const partial = partialsOf(layer) + <usize>(block * 2) * unitBytes;
  const n = f32x4.splat(<f32>count);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    let total = f32x4.splat(0);
    let at = sums + j;
    const end = at + <usize>count * unitBytes;
    for (; at < end; at += unitBytes) total = f32x4.add(total, v128.load(at));
    const mean = f32x4.div(total, n);
    let squares = f32x4.splat(0);
    for (at = sums + j; at < end; at += unitBytes) {
      const d = f32x4.sub(v128.load(at), mean);
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    v128.store(partial + j, mean);
    v128.store(partial + unitBytes + j, squares);
  }
}

/** Mean and 1/√(variance + ε) of the batch from its blocks (Chan, Golub & LeVeque 1979). Every member writes the same. */
function combineMoments(layer: usize, rows: u32): void {
  const unitBytes = <usize>unitsOf(layer) << 2;
  const blocks = blockCount(rows);
  const columns = columnsOf(layer);
  const partials = partialsOf(layer);
  const n = f32x4.splat(<f32>rows);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    let total = f32x4.splat(0);
    for (let block: u32 = 0; block < blocks; block++) {
      const count = f32x4.splat(<f32>rowsIn(block, rows));
      total = f32x4.add(total, f32x4.mul(count, v128.load(partials + <usize>(block * 2) * unitBytes + j)));
    }
    const mean = f32x4.div(total, n);
    let squares = f32x4.splat(0);
    for (let block: u32 = 0; block < blocks; block++) {
      const count = f32x4.splat(<f32>rowsIn(block, rows));
      const partial = partials + <usize>(block * 2) * unitBytes + j;
      const d = f32x4.sub(v128.load(partial), mean);
      squares = f32x4.add(squares, v128.load(partial + unitBytes));
      squares = f32x4.add(squares, f32x4.mul(count, f32x4.mul(d, d)));
    }
    const variance = f32x4.div(squares, n);
    v128.store(columns + 4 * unitBytes + j, mean);
    v128.store(columns + 5 * unitBytes + j, f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(normEpsilon)))));
    v128.store(columns + 8 * unitBytes + j, variance);
  }
}

// @ts-ignore
@inline function mixed(x: v128): v128 {
  let h = v128.xor(x, i32x4.shr_u(x, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

const golden: i32 = 0x9e3779b1;

/** Normalises a block's sums in place, then ReLU and dropout into the next layer's input. threshold 0 keeps every unit. */
function activateBlock(layer: usize, block: u32, rows: u32, key: i32, threshold: u32, scale: f32): void {
  const units = unitsOf(layer);
  const unitBytes = <usize>units << 2;
  const first = block * blockRows;
  const count = rowsIn(block, rows);
  const columns = columnsOf(layer);
  const offset = <usize>first * unitBytes;
  const sums = sumsOf(layer) + offset;
  const shift = inputOf(layer + recordBytes) + offset - sums;
  const zero = f32x4.splat(0);
  const scales = f32x4.splat(scale);
  const limit = i32x4.splat(threshold);
  const rowKey = i32x4.splat(units * golden);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    const gamma = v128.load(columns + j);
    const beta = v128.load(columns + unitBytes + j);
    const mean = v128.load(columns + 4 * unitBytes + j);
    const inverse = v128.load(columns + 5 * unitBytes + j);
    const index = <i32>(first * units) + <i32>(j >> 2);
    let keys = i32x4.add(i32x4.splat(key + index * golden), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(golden)));
    let at = sums + j;
    const end = at + <usize>count * unitBytes;
    if (threshold == 0) {
      for (; at < end; at += unitBytes) {
        const x = f32x4.mul(f32x4.sub(v128.load(at), mean), inverse);
        v128.store(at, x);
        const y = f32x4.add(f32x4.mul(gamma, x), beta);
        v128.store(at + shift, v128.and(y, f32x4.gt(y, zero)));
      }
    } else {
      for (; at < end; at += unitBytes) {
        const x = f32x4.mul(f32x4.sub(v128.load(at), mean), inverse);
        v128.store(at, x);
        const y = f32x4.add(f32x4.mul(gamma, x), beta);
        const kept = v128.and(f32x4.gt(y, zero), i32x4.ge_u(mixed(keys), limit));
        v128.store(at + shift, v128.and(f32x4.mul(y, scales), kept));
        keys = i32x4.add(keys, rowKey);
      }
    }
  }
}

function copyRow(from: usize, to: usize, bytes: usize): void {
  for (let j: usize = 0; j < bytes; j += 16) v128.store(to + j, v128.load(from + j));
}

/** Gathers the rows of a batch and sums them into the first layer. */
export function enter(member: u32, memberCount: u32, layer: usize, data: usize, order: usize, rows: u32): void {
  const blocks = blockCount(rows);
  const bytes = <usize>inputsOf(layer) << 2;
  const measure = modeOf(layer) == modeNormalised;
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    const end = block * blockRows + rowsIn(block, rows);
    for (let row = block * blockRows; row < end; row++) {
      copyRow(data + <usize>load<u32>(order + (<usize>row << 2)) * bytes, inputOf(layer) + <usize>row * bytes, bytes);
    }
    sumBlock(layer, block, rows, measure);
  }
}

/** Activates a hidden layer and sums into the next. */
export function pass(member: u32, memberCount: u32, layer: usize, rows: u32, key: i32, threshold: u32, scale: f32): void {
  if (modeOf(layer) == modeNormalised) combineMoments(layer, rows);
  const next = layer + recordBytes;
  const measure = modeOf(next) == modeNormalised;
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    activateBlock(layer, block, rows, key, threshold, scale);
    sumBlock(next, block, rows, measure);
  }
}

/** Σ errors and Σ errors · normalised sums per column, over all blocks. Every member writes the same. */
function combineErrors(layer: usize, rows: u32): void {
  const unitBytes = <usize>unitsOf(layer) << 2;
  const columns = columnsOf(layer);
  const end = partialsOf(layer) + <usize>(blockCount(rows) * 2) * unitBytes;
  for (let j: usize = 0; j < unitBytes; j += 16) {
    let errors = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let at = partialsOf(layer) + j; at < end; at += 2 * unitBytes) {
      errors = f32x4.add(errors, v128.load(at));
      products = f32x4.add(products, v128.load(at + unitBytes));
    }
    v128.store(columns + 6 * unitBytes + j, errors);
    v128.store(columns + 7 * unitBytes + j, products);
  }
}

/** Carries a block's errors back through batch normalisation, in place. */
function unnormaliseBlock(layer: usize, block: u32, rows: u32): void {
  const unitBytes = <usize>unitsOf(layer) << 2;
  const columns = columnsOf(layer);
  const offset = <usize>(block * blockRows) * unitBytes;
  const errors = errorsOf(layer) + offset;
  const shift = sumsOf(layer) + offset - errors;
  const n = f32x4.splat(<f32>rows);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    const slope = f32x4.mul(v128.load(columns + j), v128.load(columns + 5 * unitBytes + j));
    const meanError = f32x4.div(v128.load(columns + 6 * unitBytes + j), n);
    const meanProduct = f32x4.div(v128.load(columns + 7 * unitBytes + j), n);
    let at = errors + j;
    const end = at + <usize>rowsIn(block, rows) * unitBytes;
    for (; at < end; at += unitBytes) {
      const x = v128.load(at + shift);
      const centred = f32x4.sub(f32x4.sub(v128.load(at), meanError), f32x4.mul(x, meanProduct));
      v128.store(at, f32x4.mul(slope, centred));
    }
  }
}

/** Masks a block's errors by what the unit let through and adds them up per column. */
function gateBlock(layer: usize, block: u32, rows: u32, scale: f32): void {
  const unitBytes = <usize>unitsOf(layer) << 2;
  const offset = <usize>(block * blockRows) * unitBytes;
  const errors = errorsOf(layer) + offset;
  const toSums = sumsOf(layer) + offset - errors;
  const toOutput = inputOf(layer + recordBytes) + offset - errors;
  const partial = partialsOf(layer) + <usize>(block * 2) * unitBytes;
  const zero = f32x4.splat(0);
  const scales = f32x4.splat(scale);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    let total = zero;
    let products = zero;
    let at = errors + j;
    const end = at + <usize>rowsIn(block, rows) * unitBytes;
    for (; at < end; at += unitBytes) {
      const open = f32x4.gt(v128.load(at + toOutput), zero);
      const error = v128.and(f32x4.mul(v128.load(at), scales), open);
      v128.store(at, error);
      total = f32x4.add(total, error);
      products = f32x4.add(products, f32x4.mul(error, v128.load(at + toSums)));
    }
    v128.store(partial + j, total);
    v128.store(partial + unitBytes + j, products);
  }
}

/** Finishes the errors of the layer after `layer` and carries them back through its weights. */
export function back(member: u32, memberCount: u32, layer: usize, rows: u32, scale: f32): void {
  const next = layer + recordBytes;
  const mode = modeOf(next);
  if (mode != modeOutput) combineErrors(next, rows);
  const units = unitsOf(next);
  const unitBytes = <usize>units << 2;
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    if (mode == modeNormalised) unnormaliseBlock(next, block, rows);
    const first = <usize>(block * blockRows);
    multiply(
      errorsOf(next) + first * unitBytes, unitBytes, 4, transposedOf(next),
      errorsOf(layer) + first * (<usize>unitsOf(layer) << 2), (rowsIn(block, rows) + 3) & ~3, unitsOf(layer), units,
    );
    gateBlock(layer, block, rows, scale);
  }
}

/** Finishes the errors of the first layer. */
export function finish(member: u32, memberCount: u32, layer: usize, rows: u32): void {
  combineErrors(layer, rows);
  if (modeOf(layer) != modeNormalised) return;
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) unnormaliseBlock(layer, block, rows);
}

/** Adam with decoupled weight decay over `bytes` of parameters; correction1/2 undo the moments' start at zero. */
function adam(at: usize, gradient: usize, first: usize, second: usize, bytes: usize, rate: f32, keep: f32, correction1: f32, correction2: f32): void {
  const rates = f32x4.splat(rate), keeps = f32x4.splat(keep);
  const c1 = f32x4.splat(correction1), c2 = f32x4.splat(correction2);
  const tiny = f32x4.splat(negligible);
  for (let j: usize = 0; j < bytes; j += 16) {
    const g = v128.load(gradient + j);
    let m = f32x4.add(f32x4.mul(v128.load(first + j), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(1 - beta1)));
    let v = f32x4.add(f32x4.mul(v128.load(second + j), f32x4.splat(beta2)), f32x4.mul(f32x4.mul(g, g), f32x4.splat(1 - beta2)));
    // Moments of silent inputs fade into subnormal numbers, which are many times slower.
    m = v128.and(m, f32x4.gt(f32x4.abs(m), tiny));
    v = v128.and(v, f32x4.gt(v, tiny));
    v128.store(first + j, m);
    v128.store(second + j, v);
    const step = f32x4.div(f32x4.mul(m, c1), f32x4.add(f32x4.sqrt(f32x4.mul(v, c2)), f32x4.splat(adamEpsilon)));
    v128.store(at + j, f32x4.sub(f32x4.mul(v128.load(at + j), keeps), f32x4.mul(step, rates)));
  }
}

function updateColumns(layer: usize, rate: f32, correction1: f32, correction2: f32): void {
  const columns = columnsOf(layer);
  const unitBytes = <usize>unitsOf(layer) << 2;
  adam(columns + unitBytes, columns + 6 * unitBytes, columns + 11 * unitBytes, columns + 12 * unitBytes, unitBytes, rate, 1, correction1, correction2);
  if (modeOf(layer) != modeNormalised) return;
  adam(columns, columns + 7 * unitBytes, columns + 9 * unitBytes, columns + 10 * unitBytes, unitBytes, rate, 1, correction1, correction2);
  const part = f32x4.splat(runningShare);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    const mean = v128.load(columns + 2 * unitBytes + j);
    const variance = v128.load(columns + 3 * unitBytes + j);
    v128.store(columns + 2 * unitBytes + j, f32x4.sub(mean, f32x4.mul(f32x4.sub(mean, v128.load(columns + 4 * unitBytes + j)), part)));
    v128.store(columns + 3 * unitBytes + j, f32x4.sub(variance, f32x4.mul(f32x4.sub(variance, v128.load(columns + 8 * unitBytes + j)), part)));
  }
}

/** One step of Adam on all layers: each member takes a share of every layer's rows of weights, the lead the columns. */
export function update(member: u32, memberCount: u32, table: usize, layerCount: u32, rows: u32, rate: f32, keep: f32, correction1: f32, correction2: f32): void {
  for (let l: u32 = 0; l < layerCount; l++) {
    const layer = table + <usize>l * recordBytes;
    const inputs = inputsOf(layer), units = unitsOf(layer);
    const tiles = inputs >> 2;
    const from = share(tiles, member, memberCount) << 2;
    const until = share(tiles, member + 1, memberCount) << 2;
    if (from < until) {
      const offset = <usize>(from * units) << 2;
      const gradient = gradientOf(layer) + offset;
      multiply(inputOf(layer) + (<usize>from << 2), 4, <usize>inputs << 2, errorsOf(layer), gradient, until - from, units, rows);
      const weights = weightsOf(layer) + offset;
      const bytes = <usize>((until - from) * units) << 2;
      adam(weights, gradient, firstMomentOf(layer) + offset, secondMomentOf(layer) + offset, bytes, rate, keep, correction1, correction2);
      if (l > 0) transpose(layer, from, until);
    }
    if (member == 0) updateColumns(layer, rate, correction1, correction2);
  }
}

function transpose(layer: usize, from: u32, until: u32): void {
  const inputs = inputsOf(layer), units = unitsOf(layer);
  for (let i = from; i < until; i++) {
    let at = weightsOf(layer) + (<usize>(i * units) << 2);
    let to = transposedOf(layer) + (<usize>i << 2);
    for (let j: u32 = 0; j < units; j++) {
      store<f32>(to, load<f32>(at));
      at += 4;
      to += <usize>inputs << 2;
    }
  }
}

/** Raw scores of `rows` rows from `data` on, with running statistics and no dropout. */
export function score(member: u32, memberCount: u32, table: usize, layerCount: u32, data: usize, rows: u32, out: usize): void {
  const output = table + <usize>(layerCount - 1) * recordBytes;
  for (let layer = table; layer < output; layer += recordBytes) useRunningMoments(layer);
  const bytes = <usize>inputsOf(table) << 2;
  const bias = load<f32>(columnsOf(output) + (<usize>unitsOf(output) << 2));
  const outputBytes = <usize>unitsOf(output) << 2;
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    const first = <usize>(block * blockRows);
    const count = <usize>rowsIn(block, rows);
    copyRow(data + first * bytes, inputOf(table) + first * bytes, count * bytes);
    sumBlock(table, block, rows, false);
    for (let layer = table; layer < output; layer += recordBytes) {
      activateBlock(layer, block, rows, 0, 0, 1);
      sumBlock(layer + recordBytes, block, rows, false);
    }
    for (let row = first; row < first + count; row++) {
      store<f32>(out + (row << 2), load<f32>(sumsOf(output) + row * outputBytes) + bias);
    }
  }
}

function useRunningMoments(layer: usize): void {
  if (modeOf(layer) != modeNormalised) return;
  const columns = columnsOf(layer);
  const unitBytes = <usize>unitsOf(layer) << 2;
  for (let j: usize = 0; j < unitBytes; j += 16) {
    const variance = v128.load(columns + 3 * unitBytes + j);
    v128.store(columns + 4 * unitBytes + j, v128.load(columns + 2 * unitBytes + j));
    v128.store(columns + 5 * unitBytes + j, f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(normEpsilon)))));
  }
}
