/*
 * The twin of src/wasm/dense-blocks.part.ts: products of matrices that lie in blocks of 32 rows and panels of 8 columns.
 * Offsets are in floats. Names and comments there hold here.
 */

const { fround } = Math;
export const blockRows = 32;
export const panelFloats = 256;

export const blockCount = (rows: number) => Math.ceil(rows / blockRows);
export const rowsIn = (block: number, rows: number) => Math.min(blockRows, rows - block * blockRows);

/** Block c (rows × columns) = block a (rows × inner) · b (inner × columns), rows rounded up to 4 as there. */
export function multiplyBlock(
  f: Float32Array,
  a: number,
  b: number,
  c: number,
  rows: number,
  columns: number,
  inner: number,
): void {
  for (let panel = 0; panel < columns >> 3; panel++) {
    for (let half = 0; half < 8; half += 4) {
      for (let row = 0; row < ((rows + 3) & ~3); row += 2) {
        let c00 = 0;
        let c01 = 0;
        let c02 = 0;
        let c03 = 0;
        let c10 = 0;
        let c11 = 0;
        let c12 = 0;
        let c13 = 0;
        let right = b + panel * inner * 8 + half;
        for (let k = 0; k < inner; k++, right += 8) {
          const from = a + (k >> 3) * panelFloats + row * 8 + (k & 7);
          const b0 = f[right] as number;
          const b1 = f[right + 1] as number;
          const b2 = f[right + 2] as number;
          const b3 = f[right + 3] as number;
          const a0 = f[from] as number;
          c00 = fround(c00 + fround(a0 * b0));
          c01 = fround(c01 + fround(a0 * b1));
          c02 = fround(c02 + fround(a0 * b2));
          c03 = fround(c03 + fround(a0 * b3));
          const a1 = f[from + 8] as number;
          c10 = fround(c10 + fround(a1 * b0));
          c11 = fround(c11 + fround(a1 * b1));
          c12 = fround(c12 + fround(a1 * b2));
          c13 = fround(c13 + fround(a1 * b3));
        }
        const to = c + panel * panelFloats + row * 8 + half;
        f[to] = c00;
        f[to + 1] = c01;
        f[to + 2] = c02;
        f[to + 3] = c03;
        f[to + 8] = c10;
        f[to + 9] = c11;
        f[to + 10] = c12;
        f[to + 11] = c13;
      }
    }
  }
}

/** One panel of aᵀ · b over all rows to `out`, and the sums of its squares in four lanes to `squares`. */
export function multiplyTransposed(
  f: Float32Array,
  a: number,
  aStride: number,
  b: number,
  bStride: number,
  out: number,
  inputs: number,
  rows: number,
  squares: number,
): void {
  f.fill(0, squares, squares + 4);
  for (let input = 0; input < inputs; input++) {
    const to = out + input * 8;
    for (let half = 0; half < 8; half += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let block = 0; block < blockCount(rows); block++) {
        let left = a + block * aStride + (input >> 3) * panelFloats + (input & 7);
        let right = b + block * bStride + half;
        for (let row = 0; row < rowsIn(block, rows); row++, left += 8, right += 8) {
          const value = f[left] as number;
          s0 = fround(s0 + fround(value * (f[right] as number)));
          s1 = fround(s1 + fround(value * (f[right + 1] as number)));
          s2 = fround(s2 + fround(value * (f[right + 2] as number)));
          s3 = fround(s3 + fround(value * (f[right + 3] as number)));
        }
      }
      f[to + half] = s0;
      f[to + half + 1] = s1;
      f[to + half + 2] = s2;
      f[to + half + 3] = s3;
    }
    for (let lane = 0; lane < 8; lane++) {
      const g = f[to + lane] as number;
      const at = squares + (lane & 3);
      f[at] = fround((f[at] as number) + fround(g * g));
    }
  }
}
