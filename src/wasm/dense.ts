/*
 * Training and scoring of dense layers with batch normalisation, ReLU, GELU or SiLU, dropout and Adam. The memory layout and
 * the order of calls stand in src/core/kernels/dense.ts; src/core/kernels/reference/dense.ts is the twin that gives the same
 * bytes. Every sum runs in one fixed order: over inner indices or rows ascending, over blocks of 32 rows ascending. Members
 * own whole blocks or whole panels, so the bytes do not depend on how many members there are.
 */
import { activated, derivative, relu } from './dense-activation.part';
import {
  blockCount, blockRows, multiplyBlock, multiplyTransposed, panelBytes, rowsIn, share,
} from './dense-blocks.part';
import {
  dimensionOf, embeddingBytes, embeddingFirst, embeddingGradient, embeddingSecond, embeddingTable, levelsOf, placeRow,
} from './dense-rows.part';
import {
  activationOf, blockAt, blockBytes, columnsOf, errorsOf, firstMomentOf, gatesOf, gradientOf, inputOf, inputsOf, modeOf,
  partialsOf, recordBytes, secondMomentOf, squaresOf, sumsOf, transposedOf, unitsOf, weightsOf,
} from './dense-record.part';

export { infer } from './dense-infer.part';
export { embeddingErrors, embeddingGradients } from './dense-rows.part';

const normEpsilon: f32 = 0.001;
const runningShare: f32 = 0.1;
const beta1: f32 = 0.9;
const beta2: f32 = 0.999;
const adamEpsilon: f32 = 1e-7;
const negligible: f32 = 1e-30;

const modeNormalised: u32 = 1;
const modeOutput: u32 = 2;

/** The sums of one block of rows and, under batch normalisation, their mean and squared deviations per column. */
function sumBlock(layer: usize, block: u32, rows: u32): void {
  const inputs = inputsOf(layer), units = unitsOf(layer);
  const count = rowsIn(block, rows);
  const sums = sumsOf(layer) + blockAt(units, block);
  multiplyBlock(inputOf(layer) + blockAt(inputs, block), weightsOf(layer), sums, count, units, inputs);
  if (modeOf(layer) != modeNormalised) return;
  const unitBytes = <usize>units << 2;
  let partial = partialsOf(layer) + <usize>(block * 2) * unitBytes;
  const n = f32x4.splat(<f32>count);
  for (let panel = sums, last = sums + blockBytes(units); panel < last; panel += panelBytes) {
    const end = panel + (<usize>count << 5);
    let total0 = f32x4.splat(0), total1 = f32x4.splat(0);
    for (let at = panel; at < end; at += 32) {
      total0 = f32x4.add(total0, v128.load(at));
      total1 = f32x4.add(total1, v128.load(at, 16));
    }
    const mean0 = f32x4.div(total0, n), mean1 = f32x4.div(total1, n);
    let squares0 = f32x4.splat(0), squares1 = f32x4.splat(0);
    for (let at = panel; at < end; at += 32) {
      const d0 = f32x4.sub(v128.load(at), mean0), d1 = f32x4.sub(v128.load(at, 16), mean1);
      squares0 = f32x4.add(squares0, f32x4.mul(d0, d0));
      squares1 = f32x4.add(squares1, f32x4.mul(d1, d1));
    }
    v128.store(partial, mean0);
    v128.store(partial, mean1, 16);
    v128.store(partial + unitBytes, squares0);
    v128.store(partial + unitBytes, squares1, 16);
    partial += 32;
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
    const inverse = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(normEpsilon))));
    v128.store(columns + 4 * unitBytes + j, mean);
    v128.store(columns + 5 * unitBytes + j, inverse);
    v128.store(columns + 8 * unitBytes + j, variance);
    v128.store(columns + 13 * unitBytes + j, f32x4.mul(v128.load(columns + j), inverse));
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

/** Four generators for a panel of a block, none at zero, where xorshift would stay. */
// @ts-ignore
@inline function generators(key: i32, panel: u32): v128 {
  const places = i32x4.add(i32x4.splat(<i32>panel << 2), i32x4(0, 1, 2, 3));
  return v128.or(mixed(i32x4.add(i32x4.splat(key), i32x4.mul(places, i32x4.splat(0x9e3779b1)))), i32x4.splat(1));
}

/** Marsaglia's xorshift32 (2003): eight draws of 16 bits. */
// @ts-ignore
@inline function drawn(state: v128): v128 {
  let s = v128.xor(state, i32x4.shl(state, 13));
  s = v128.xor(s, i32x4.shr_u(s, 17));
  return v128.xor(s, i32x4.shl(s, 5));
}

/** Normalises a block's sums, then the activation and dropout into the next layer's input. threshold 0 keeps every unit. */
function activateBlock(layer: usize, block: u32, rows: u32, key: i32, threshold: u32, scale: f32): void {
  const units = unitsOf(layer);
  const unitBytes = <usize>units << 2;
  const kind = activationOf(layer);
  const offset = blockAt(units, block);
  const sums = sumsOf(layer) + offset;
  const toNext = inputOf(layer + recordBytes) + offset - sums;
  const toGates = gatesOf(layer) + offset - sums;
  const length = <usize>rowsIn(block, rows) << 5;
  const limit = i16x8.splat(<i16>threshold);
  const scales = f32x4.splat(scale);
  let column = columnsOf(layer);
  let index = block * (units >> 3);
  for (let panel = sums, last = sums + blockBytes(units); panel < last; panel += panelBytes) {
    const beta0 = v128.load(column + unitBytes), beta1 = v128.load(column + unitBytes, 16);
    const mean0 = v128.load(column + 4 * unitBytes), mean1 = v128.load(column + 4 * unitBytes, 16);
    const slope0 = v128.load(column + 13 * unitBytes), slope1 = v128.load(column + 13 * unitBytes, 16);
    const end = panel + length;
    let state = generators(key, index);
    if (kind == relu && threshold == 0) {
      for (let at = panel; at < end; at += 32) {
        const y0 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at), mean0), slope0), beta0);
        const y1 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at, 16), mean1), slope1), beta1);
        v128.store(at + toNext, f32x4.pmax(f32x4.splat(0), y0));
        v128.store(at + toNext, f32x4.pmax(f32x4.splat(0), y1), 16);
      }
    } else if (kind == relu) {
      for (let at = panel; at < end; at += 32) {
        state = drawn(state);
        const kept = i16x8.ge_u(state, limit);
        const y0 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at), mean0), slope0), beta0);
        const y1 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at, 16), mean1), slope1), beta1);
        const a0 = f32x4.mul(f32x4.pmax(f32x4.splat(0), y0), scales), a1 = f32x4.mul(f32x4.pmax(f32x4.splat(0), y1), scales);
        v128.store(at + toNext, v128.and(a0, i32x4.extend_low_i16x8_s(kept)));
        v128.store(at + toNext, v128.and(a1, i32x4.extend_high_i16x8_s(kept)), 16);
      }
    } else {
      for (let at = panel; at < end; at += 32) {
        state = drawn(state);
        const kept = i16x8.ge_u(state, limit);
        const kept0 = i32x4.extend_low_i16x8_s(kept), kept1 = i32x4.extend_high_i16x8_s(kept);
        const y0 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at), mean0), slope0), beta0);
        const y1 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(at, 16), mean1), slope1), beta1);
        v128.store(at + toNext, v128.and(f32x4.mul(activated(kind, y0), scales), kept0));
        v128.store(at + toNext, v128.and(f32x4.mul(activated(kind, y1), scales), kept1), 16);
        v128.store(at + toGates, v128.and(f32x4.mul(derivative(kind, y0), scales), kept0));
        v128.store(at + toGates, v128.and(f32x4.mul(derivative(kind, y1), scales), kept1), 16);
      }
    }
    column += 32;
    index++;
  }
}

/** Gathers the rows of a batch, embeds their categories and sums them into the first layer. */
export function enter(
  member: u32, memberCount: u32, layer: usize, data: usize, order: usize, rows: u32, embeddings: usize, embeddingCount: u32,
): void {
  const blocks = blockCount(rows);
  const inputs = inputsOf(layer);
  const bytes = <usize>inputs << 2;
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    const count = rowsIn(block, rows);
    let to = inputOf(layer) + blockAt(inputs, block);
    for (let row = block * blockRows, end = row + count; row < end; row++) {
      placeRow(data + <usize>load<u32>(order + (<usize>row << 2)) * bytes, to, bytes, embeddings, embeddingCount);
      to += 32;
    }
    sumBlock(layer, block, rows);
  }
}

/** Activates a hidden layer and sums into the next. */
export function pass(member: u32, memberCount: u32, layer: usize, rows: u32, key: i32, threshold: u32, scale: f32): void {
  if (modeOf(layer) == modeNormalised) combineMoments(layer, rows);
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    activateBlock(layer, block, rows, key, threshold, scale);
    sumBlock(layer + recordBytes, block, rows);
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
    v128.store(columns + 7 * unitBytes + j, f32x4.mul(products, v128.load(columns + 5 * unitBytes + j)));
  }
}

/** Carries a block's errors back through batch normalisation, in place. */
function unnormaliseBlock(layer: usize, block: u32, rows: u32): void {
  const units = unitsOf(layer);
  const unitBytes = <usize>units << 2;
  const offset = blockAt(units, block);
  const errors = errorsOf(layer) + offset;
  const toSums = sumsOf(layer) + offset - errors;
  const length = <usize>rowsIn(block, rows) << 5;
  const n = f32x4.splat(<f32>rows);
  let column = columnsOf(layer);
  for (let panel = errors, last = errors + blockBytes(units); panel < last; panel += panelBytes) {
    for (let half: usize = 0; half < 32; half += 16) {
      const at0 = column + half;
      const mean = v128.load(at0 + 4 * unitBytes);
      const slope = v128.load(at0 + 13 * unitBytes);
      const meanError = f32x4.div(v128.load(at0 + 6 * unitBytes), n);
      const meanProduct = f32x4.mul(f32x4.div(v128.load(at0 + 7 * unitBytes), n), v128.load(at0 + 5 * unitBytes));
      for (let at = panel + half, end = panel + half + length; at < end; at += 32) {
        const d = f32x4.sub(v128.load(at + toSums), mean);
        const centred = f32x4.sub(f32x4.sub(v128.load(at), meanError), f32x4.mul(d, meanProduct));
        v128.store(at, f32x4.mul(slope, centred));
      }
    }
    column += 32;
  }
}

/** Masks a block's errors by what the units let through and adds them up per column. */
function gateBlock(layer: usize, block: u32, rows: u32, scale: f32): void {
  const units = unitsOf(layer);
  const unitBytes = <usize>units << 2;
  const offset = blockAt(units, block);
  const isRelu = activationOf(layer) == relu;
  const errors = errorsOf(layer) + offset;
  const toSums = sumsOf(layer) + offset - errors;
  const toGates = (isRelu ? inputOf(layer + recordBytes) : gatesOf(layer)) + offset - errors;
  const length = <usize>rowsIn(block, rows) << 5;
  const scales = f32x4.splat(scale);
  let partial = partialsOf(layer) + <usize>(block * 2) * unitBytes;
  let column = columnsOf(layer) + 4 * unitBytes;
  for (let panel = errors, last = errors + blockBytes(units); panel < last; panel += panelBytes) {
    const mean0 = v128.load(column), mean1 = v128.load(column, 16);
    const end = panel + length;
    let total0 = f32x4.splat(0), total1 = f32x4.splat(0), products0 = f32x4.splat(0), products1 = f32x4.splat(0);
    for (let at = panel; at < end; at += 32) {
      let error0 = v128.load(at), error1 = v128.load(at, 16);
      const gate0 = v128.load(at + toGates), gate1 = v128.load(at + toGates, 16);
      if (isRelu) {
        error0 = v128.and(f32x4.mul(error0, scales), f32x4.gt(gate0, f32x4.splat(0)));
        error1 = v128.and(f32x4.mul(error1, scales), f32x4.gt(gate1, f32x4.splat(0)));
      } else {
        error0 = f32x4.mul(error0, gate0);
        error1 = f32x4.mul(error1, gate1);
      }
      v128.store(at, error0);
      v128.store(at, error1, 16);
      total0 = f32x4.add(total0, error0);
      total1 = f32x4.add(total1, error1);
      products0 = f32x4.add(products0, f32x4.mul(error0, f32x4.sub(v128.load(at + toSums), mean0)));
      products1 = f32x4.add(products1, f32x4.mul(error1, f32x4.sub(v128.load(at + toSums, 16), mean1)));
    }
    v128.store(partial, total0);
    v128.store(partial, total1, 16);
    v128.store(partial + unitBytes, products0);
    v128.store(partial + unitBytes, products1, 16);
    partial += 32;
    column += 32;
  }
}

/** Finishes the errors of the layer after `layer` and carries them back through its weights. */
export function back(member: u32, memberCount: u32, layer: usize, rows: u32, scale: f32): void {
  const next = layer + recordBytes;
  const mode = modeOf(next);
  if (mode != modeOutput) combineErrors(next, rows);
  const units = unitsOf(next), inputs = unitsOf(layer);
  const blocks = blockCount(rows);
  const until = share(blocks, member + 1, memberCount);
  for (let block = share(blocks, member, memberCount); block < until; block++) {
    if (mode == modeNormalised) unnormaliseBlock(next, block, rows);
    multiplyBlock(
      errorsOf(next) + blockAt(units, block), transposedOf(next),
      errorsOf(layer) + blockAt(inputs, block), rowsIn(block, rows), inputs, units,
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

/** The gradients of all weights, and per panel the sum of their squares in four lanes: members share the panels. */
export function gradients(member: u32, memberCount: u32, table: usize, layerCount: u32, rows: u32): void {
  for (let l: u32 = 0; l < layerCount; l++) {
    const layer = table + <usize>l * recordBytes;
    const inputs = inputsOf(layer), units = unitsOf(layer);
    const until = share(units >> 3, member + 1, memberCount);
    for (let panel = share(units >> 3, member, memberCount); panel < until; panel++) {
      const squares = multiplyTransposed(
        inputOf(layer), blockBytes(inputs), errorsOf(layer) + <usize>panel * panelBytes, blockBytes(units),
        gradientOf(layer) + (<usize>(panel * inputs) << 5), inputs, rows,
      );
      v128.store(squaresOf(layer) + (<usize>panel << 4), squares);
    }
  }
}

/**
 * Adam over `bytes` of parameters: decoupled weight decay is in `keep` (AdamW), coupled in `decay`; correction1/2 undo the
 * moments' start at zero; `shrink` scales the gradients.
 */
function adam(
  at: usize, gradient: usize, first: usize, second: usize, bytes: usize,
  rate: f32, keep: f32, decay: f32, shrink: f32, correction1: f32, correction2: f32,
): void {
  const rates = f32x4.splat(rate), keeps = f32x4.splat(keep), decays = f32x4.splat(decay), shrinks = f32x4.splat(shrink);
  const c1 = f32x4.splat(correction1), c2 = f32x4.splat(correction2);
  const tiny = f32x4.splat(negligible);
  for (let j: usize = 0; j < bytes; j += 16) {
    const w = v128.load(at + j);
    const g = f32x4.add(f32x4.mul(v128.load(gradient + j), shrinks), f32x4.mul(w, decays));
    let m = f32x4.add(f32x4.mul(v128.load(first + j), f32x4.splat(beta1)), f32x4.mul(g, f32x4.splat(1 - beta1)));
    let v = f32x4.add(f32x4.mul(v128.load(second + j), f32x4.splat(beta2)), f32x4.mul(f32x4.mul(g, g), f32x4.splat(1 - beta2)));
    // Moments of silent inputs fade into subnormal numbers, which are many times slower.
    m = v128.and(m, f32x4.gt(f32x4.abs(m), tiny));
    v = v128.and(v, f32x4.gt(v, tiny));
    v128.store(first + j, m);
    v128.store(second + j, v);
    const step = f32x4.div(f32x4.mul(m, c1), f32x4.add(f32x4.sqrt(f32x4.mul(v, c2)), f32x4.splat(adamEpsilon)));
    v128.store(at + j, f32x4.sub(f32x4.mul(w, keeps), f32x4.mul(step, rates)));
  }
}

function updateColumns(layer: usize, rate: f32, shrink: f32, correction1: f32, correction2: f32): void {
  const columns = columnsOf(layer);
  const unitBytes = <usize>unitsOf(layer) << 2;
  adam(
    columns + unitBytes, columns + 6 * unitBytes, columns + 11 * unitBytes, columns + 12 * unitBytes, unitBytes,
    rate, 1, 0, shrink, correction1, correction2,
  );
  if (modeOf(layer) != modeNormalised) return;
  adam(
    columns, columns + 7 * unitBytes, columns + 9 * unitBytes, columns + 10 * unitBytes, unitBytes,
    rate, 1, 0, shrink, correction1, correction2,
  );
  const part = f32x4.splat(runningShare);
  for (let j: usize = 0; j < unitBytes; j += 16) {
    const mean = v128.load(columns + 2 * unitBytes + j);
    const variance = v128.load(columns + 3 * unitBytes + j);
    v128.store(columns + 2 * unitBytes + j, f32x4.sub(mean, f32x4.mul(f32x4.sub(mean, v128.load(columns + 4 * unitBytes + j)), part)));
    v128.store(columns + 3 * unitBytes + j, f32x4.sub(variance, f32x4.mul(f32x4.sub(variance, v128.load(columns + 8 * unitBytes + j)), part)));
  }
}

/** One step of Adam: members share the embeddings and each layer's panels of weights, the lead has the columns. */
export function update(
  member: u32, memberCount: u32, table: usize, layerCount: u32,
  rate: f32, keep: f32, decay: f32, shrink: f32, correction1: f32, correction2: f32,
  embeddings: usize, embeddingCount: u32,
): void {
  const untilTable = share(embeddingCount, member + 1, memberCount);
  for (let e = share(embeddingCount, member, memberCount); e < untilTable; e++) {
    const embedding = embeddings + <usize>e * embeddingBytes;
    adam(
      embeddingTable(embedding), embeddingGradient(embedding), embeddingFirst(embedding), embeddingSecond(embedding),
      (<usize>(levelsOf(embedding) * dimensionOf(embedding)) + 3 & ~3) << 2,
      rate, keep, decay, shrink, correction1, correction2,
    );
  }
  for (let l: u32 = 0; l < layerCount; l++) {
    const layer = table + <usize>l * recordBytes;
    const inputs = inputsOf(layer);
    const panels = unitsOf(layer) >> 3;
    const from = share(panels, member, memberCount), until = share(panels, member + 1, memberCount);
    const offset = <usize>(from * inputs) << 5;
    const bytes = <usize>((until - from) * inputs) << 5;
    adam(
      weightsOf(layer) + offset, gradientOf(layer) + offset, firstMomentOf(layer) + offset, secondMomentOf(layer) + offset,
      bytes, rate, keep, decay, shrink, correction1, correction2,
    );
    if (transposedOf(layer) != 0) transpose(layer, from, until);
    if (member == 0) updateColumns(layer, rate, shrink, correction1, correction2);
  }
}

/** Weight of input i to unit j, at panel j >> 3 and row i, goes to panel i >> 3 and row j. */
function transpose(layer: usize, from: u32, until: u32): void {
  const inputs = inputsOf(layer);
  const stride = <usize>unitsOf(layer) << 5;
  for (let panel = from; panel < until; panel++) {
    let at = weightsOf(layer) + (<usize>(panel * inputs) << 5);
    const column = transposedOf(layer) + (<usize>panel << 8);
    for (let i: u32 = 0; i < inputs; i++) {
      let to = column + <usize>(i >> 3) * stride + (<usize>(i & 7) << 2);
      for (const end = at + 32; at < end; at += 4) {
        store<f32>(to, load<f32>(at));
        to += 32;
      }
    }
  }
}
