// Logistic regression's sums over blocks of rows. A block holds `blockRows` rows by column: input j of row i stands at
// block + 8·(j·blockRows + i). Every member is called with its number and the number of members. Each result is owned by
// one member and added block by block, so any number of members gives the same bytes. The TypeScript twin is
// src/core/kernels/reference/logistic.ts: a change here is a change there, operation by operation.
import { exp, log1p } from './exact-math.part';

/** Rows of a block: a tile of six columns stays in the nearest cache. */
const blockRows: usize = 512;
const columnBytes: usize = blockRows << 3;

/**
 * For the rows of the blocks: the derivative of the loss by the score, weight·(p − y), into `residual` and its second
 * derivative, weight·p·(1 − p), into `curvature`; the summed loss of each block into `losses`. `width` is a multiple of 4.
 */
export function scoreRows(
  member: i32,
  memberCount: i32,
  blocks: usize,
  coefficients: usize,
  labels: usize,
  weights: usize,
  residual: usize,
  curvature: usize,
  losses: usize,
  width: i32,
  blockCount: i32,
): void {
  for (let block = member; block < blockCount; block += memberCount) {
    const at = usize(block) * columnBytes;
    const scores = residual + at;
    addColumns(blocks + at * usize(width), coefficients, scores, width);
    let total: f64 = 0;
    for (let i: usize = 0; i < columnBytes; i += 8) {
      const score = load<f64>(scores + i);
      const weight = load<f64>(weights + at + i);
      const e = exp(-abs<f64>(score));
      const larger = 1 / (1 + e);
      const smaller = e * larger;
      const positive = load<f64>(labels + at + i) > 0;
      // Score and label on the same side: the chance of being wrong is the smaller one.
      const agrees = positive == score >= 0;
      const wrong = agrees ? smaller : larger;
      store<f64>(residual + at + i, positive ? -(weight * wrong) : weight * wrong);
      store<f64>(curvature + at + i, weight * (smaller * larger));
      total += weight * (agrees ? log1p(e) : log1p(e) + abs<f64>(score));
    }
    store<f64>(losses + (usize(block) << 3), total);
  }
}

/** out = sum of coefficient × column, first column first. */
function addColumns(block: usize, coefficients: usize, out: usize, width: i32): void {
  memory.fill(out, 0, columnBytes);
  for (let j = 0; j < width; j += 4) {
    const a = f64x2.splat(load<f64>(coefficients));
    const b = f64x2.splat(load<f64>(coefficients, 8));
    const c = f64x2.splat(load<f64>(coefficients, 16));
    const d = f64x2.splat(load<f64>(coefficients, 24));
    coefficients += 32;
    for (let i: usize = 0; i < columnBytes; i += 16) {
      const x = block + i;
      let sum = v128.load(out + i);
      sum = f64x2.add(sum, f64x2.mul(a, v128.load(x)));
      sum = f64x2.add(sum, f64x2.mul(b, v128.load(x + columnBytes)));
      sum = f64x2.add(sum, f64x2.mul(c, v128.load(x + 2 * columnBytes)));
      sum = f64x2.add(sum, f64x2.mul(d, v128.load(x + 3 * columnBytes)));
      v128.store(out + i, sum);
    }
    block += 4 * columnBytes;
  }
}

// @ts-ignore: decorator
@inline
function addLanes(at: usize, sum: v128): void {
  store<f64>(at, load<f64>(at) + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}

/** gradient[j] += sum over rows of residual × input j, four columns at a time. */
export function addGradient(
  member: i32,
  memberCount: i32,
  blocks: usize,
  residual: usize,
  gradient: usize,
  width: i32,
  blockCount: i32,
): void {
  for (let block = 0; block < blockCount; block++) {
    const rows = residual + usize(block) * columnBytes;
    for (let j = 4 * member; j < width; j += 4 * memberCount) {
      const columns = blocks + (usize(block) * usize(width) + usize(j)) * columnBytes;
      let a = f64x2.splat(0);
      let b = f64x2.splat(0);
      let c = f64x2.splat(0);
      let d = f64x2.splat(0);
      for (let i: usize = 0; i < columnBytes; i += 16) {
        const r = v128.load(rows + i);
        const x = columns + i;
        a = f64x2.add(a, f64x2.mul(r, v128.load(x)));
        b = f64x2.add(b, f64x2.mul(r, v128.load(x + columnBytes)));
        c = f64x2.add(c, f64x2.mul(r, v128.load(x + 2 * columnBytes)));
        d = f64x2.add(d, f64x2.mul(r, v128.load(x + 3 * columnBytes)));
      }
      const out = gradient + (usize(j) << 3);
      addLanes(out, a);
      addLanes(out + 8, b);
      addLanes(out + 16, c);
      addLanes(out + 24, d);
    }
  }
}

/**
 * hessian[j·width + k] += sum over rows of (curvature × input j) × input k, for all k up to the tile of four that holds
 * j + 1. Members take pairs of rows in turn, and two columns of `scratch` each.
 */
export function addHessian(
  member: i32,
  memberCount: i32,
  blocks: usize,
  curvature: usize,
  hessian: usize,
  scratch: usize,
  width: i32,
  blockCount: i32,
): void {
  const left = scratch + usize(member) * (2 * columnBytes);
  for (let block = 0; block < blockCount; block++) {
    const rows = curvature + usize(block) * columnBytes;
    const first = blocks + usize(block) * usize(width) * columnBytes;
    for (let j = 2 * member; j < width; j += 2 * memberCount) {
      scaleTwo(rows, first + usize(j) * columnBytes, left);
      let out = hessian + ((usize(j) * usize(width)) << 3);
      for (let k = 0; k <= j + 1; k += 4) {
        addTile(left, first + usize(k) * columnBytes, out, usize(width) << 3);
        out += 32;
      }
    }
  }
}

/** Two columns times the rows' factors. */
function scaleTwo(rows: usize, columns: usize, out: usize): void {
  for (const end = rows + columnBytes; rows < end; rows += 16) {
    const h = v128.load(rows);
    v128.store(out, f64x2.mul(h, v128.load(columns)));
    v128.store(out, f64x2.mul(h, v128.load(columns, columnBytes)), columnBytes);
    columns += 16;
    out += 16;
  }
}

/** Eight sums of products: two scaled columns by four; six loads an iteration, or the compiler runs out of registers. */
function addTile(left: usize, right: usize, out: usize, rowBytes: usize): void {
  let a0 = f64x2.splat(0), a1 = f64x2.splat(0), a2 = f64x2.splat(0), a3 = f64x2.splat(0);
  let b0 = f64x2.splat(0), b1 = f64x2.splat(0), b2 = f64x2.splat(0), b3 = f64x2.splat(0);
  for (const end = left + columnBytes; left < end; left += 16) {
    const a = v128.load(left);
    const b = v128.load(left, columnBytes);
    const x0 = v128.load(right);
    a0 = f64x2.add(a0, f64x2.mul(a, x0));
    b0 = f64x2.add(b0, f64x2.mul(b, x0));
    const x1 = v128.load(right, columnBytes);
    a1 = f64x2.add(a1, f64x2.mul(a, x1));
    b1 = f64x2.add(b1, f64x2.mul(b, x1));
    const x2 = v128.load(right, 2 * columnBytes);
    a2 = f64x2.add(a2, f64x2.mul(a, x2));
    b2 = f64x2.add(b2, f64x2.mul(b, x2));
    const x3 = v128.load(right, 3 * columnBytes);
    a3 = f64x2.add(a3, f64x2.mul(a, x3));
    b3 = f64x2.add(b3, f64x2.mul(b, x3));
    right += 16;
  }
  addLanes(out, a0);
  addLanes(out + 8, a1);
  addLanes(out + 16, a2);
  addLanes(out + 24, a3);
  addLanes(out + rowBytes, b0);
  addLanes(out + rowBytes + 8, b1);
  addLanes(out + rowBytes + 16, b2);
  addLanes(out + rowBytes + 24, b3);
}
