/** Enough for some hundred features; a sweep more changes nothing. */
const mostSweeps = 30;

/**
 * Eigenvalues, largest first, and unit eigenvectors (row by row) of a symmetric matrix, by cyclic Jacobi rotations
 * (Golub and Van Loan 2013, 8.5).
 */
export function principalAxes(
  symmetric: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = symmetric.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    let all = 0;
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        const square = (a[p * size + q] as number) * (a[p * size + q] as number);
        all += square;
        if (p !== q) off += square;
      }
    }
    if (off <= 1e-28 * all) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => (a[j * size + j] as number) - (a[i * size + i] as number),
  );
  return {
    values: Float64Array.from(order, (i) => a[i * size + i] as number),
    vectors: Float64Array.from({ length: size * size }, (_, at) => {
      const k = Math.floor(at / size);
      return v[(order[k] as number) * size + (at % size)] as number;
    }),
  };
}

/** Turns the plane of p and q so that their entry becomes 0. Eigenvectors are kept as rows of v. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < size; i++) turn(a, i * size + p, i * size + q, c, s);
  for (let i = 0; i < size; i++) turn(a, p * size + i, q * size + i, c, s);
  for (let i = 0; i < size; i++) turn(v, p * size + i, q * size + i, c, s);
}

function turn(values: Float64Array, at: number, other: number, c: number, s: number): void {
  const x = values[at] as number;
  const y = values[other] as number;
  values[at] = c * x - s * y;
  values[other] = s * x + c * y;
}
