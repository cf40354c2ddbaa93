// Matrices of the dense kernels lie in blocks of 32 rows, a block in panels of 8 columns, a panel row after row; weights in
// panels of 8 columns alone. So every product below reads straight through. Imported by kernel modules.

export const blockRows: u32 = 32;
/** 32 rows of 8 floats. */
export const panelBytes: usize = 1024;

// @ts-ignore
@inline export function blockCount(rows: u32): u32 { return (rows + blockRows - 1) / blockRows; }
// @ts-ignore
@inline export function share(count: u32, member: u32, memberCount: u32): u32 { return count * member / memberCount; }
// @ts-ignore
@inline export function rowsIn(block: u32, rows: u32): u32 { return min(blockRows, rows - block * blockRows); }

/**
 * Block c (rows × columns) = block a (rows × inner) · b (inner × columns), 4 × 8 sums at a time: eight
 * accumulators, and not unrolled, or the compiler runs out of registers.
 */
export function multiplyBlock(a: usize, b: usize, c: usize, rows: u32, columns: u32, inner: u32): void {
  const panels = columns >> 3;
  const length = <usize>(inner >> 3) * panelBytes;
  for (let panel: u32 = 0; panel < panels; panel++) {
    for (let row: u32 = 0; row < rows; row += 4) {
      let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
      const offset = <usize>row << 5;
      let at = a + offset;
      const end = at + length;
      let right = b;
      while (at < end) {
        const stop = at + 32;
        while (at < stop) {
          const b0 = v128.load(right);
          const b1 = v128.load(right, 16);
          const a0 = v128.load32_splat(at);
          c00 = f32x4.add(c00, f32x4.mul(a0, b0));
          c01 = f32x4.add(c01, f32x4.mul(a0, b1));
          const a1 = v128.load32_splat(at, 32);
          c10 = f32x4.add(c10, f32x4.mul(a1, b0));
          c11 = f32x4.add(c11, f32x4.mul(a1, b1));
          const a2 = v128.load32_splat(at, 64);
          c20 = f32x4.add(c20, f32x4.mul(a2, b0));
          c21 = f32x4.add(c21, f32x4.mul(a2, b1));
          const a3 = v128.load32_splat(at, 96);
          c30 = f32x4.add(c30, f32x4.mul(a3, b0));
          c31 = f32x4.add(c31, f32x4.mul(a3, b1));
          right += 32;
          at += 4;
        }
        at += panelBytes - 32;
      }
      const out = c + offset;
      v128.store(out, c00);
      v128.store(out, c01, 16);
      v128.store(out, c10, 32);
      v128.store(out, c11, 48);
      v128.store(out, c20, 64);
      v128.store(out, c21, 80);
      v128.store(out, c30, 96);
      v128.store(out, c31, 112);
    }
    b += <usize>inner << 5;
    c += panelBytes;
  }
}

/**
 * One panel of aᵀ · b over all rows: `inputs` rows of 8 sums to `out`. a and b point at their first block (b at its panel
 * there), blocks of a are aStride bytes apart, those of b bStride. Returns the four-lane sum of the squares.
 */
export function multiplyTransposed(a: usize, aStride: usize, b: usize, bStride: usize, out: usize, inputs: u32, rows: u32): v128 {
  let squares = f32x4.splat(0);
  const blocks = blockCount(rows);
  for (let input: u32 = 0; input < inputs; input += 4) {
    let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
    let left = a + <usize>(input >> 3) * panelBytes + (<usize>(input & 4) << 2);
    let right = b;
    for (let block: u32 = 0; block < blocks; block++) {
      let at = left;
      let to = right;
      const end = at + (<usize>rowsIn(block, rows) << 5);
      while (at < end) {
        const b0 = v128.load(to);
        const b1 = v128.load(to, 16);
        const a0 = v128.load32_splat(at);
        c00 = f32x4.add(c00, f32x4.mul(a0, b0));
        c01 = f32x4.add(c01, f32x4.mul(a0, b1));
        const a1 = v128.load32_splat(at, 4);
        c10 = f32x4.add(c10, f32x4.mul(a1, b0));
        c11 = f32x4.add(c11, f32x4.mul(a1, b1));
        const a2 = v128.load32_splat(at, 8);
        c20 = f32x4.add(c20, f32x4.mul(a2, b0));
        c21 = f32x4.add(c21, f32x4.mul(a2, b1));
        const a3 = v128.load32_splat(at, 12);
        c30 = f32x4.add(c30, f32x4.mul(a3, b0));
        c31 = f32x4.add(c31, f32x4.mul(a3, b1));
        at += 32;
        to += 32;
      }
      left += aStride;
      right += bStride;
    }
    v128.store(out, c00);
    v128.store(out, c01, 16);
    v128.store(out, c10, 32);
    v128.store(out, c11, 48);
    v128.store(out, c20, 64);
    v128.store(out, c21, 80);
    v128.store(out, c30, 96);
    v128.store(out, c31, 112);
    for (let i: usize = 0; i < 128; i += 16) {
      const g = v128.load(out + i);
      squares = f32x4.add(squares, f32x4.mul(g, g));
    }
    out += 128;
  }
  return squares;
}
