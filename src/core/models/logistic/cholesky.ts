/** A = L·Lᵀ of a symmetric matrix, with the inputs left out because others determine them. */
export interface CholeskyFactor {
  readonly size: number;
  /** Row-major; the lower triangle counts. */
  readonly lower: Float64Array;
  /** 1 for an input whose pivot vanished: it depends linearly on those before it. */
  readonly dropped: Uint8Array;
}

/** A pivot below this share of its diagonal element is rounding, not information. */
const vanishing = 1e-12;

/** Factors the lower triangle of `matrix` (size × size, row-major) plus `ridge` on the diagonal, the first `free` elements excepted. */
export function factorise(matrix: Float64Array, size: number, ridge: number, free: number): CholeskyFactor {
  const lower = new Float64Array(size * size);
  const dropped = new Uint8Array(size);
  for (let j = 0; j < size; j++) {
    const row = j * size;
    const diagonal = (matrix[row + j] as number) + (j < free ? 0 : ridge);
    let pivot = diagonal;
    for (let k = 0; k < j; k++) {
      const element = dropped[k]
        ? 0
        : ((matrix[row + k] as number) - dot(lower, row, k * size, k)) / (lower[k * size + k] as number);
      lower[row + k] = element;
      pivot -= element * element;
    }
    if (pivot > vanishing * diagonal) {
      lower[row + j] = Math.sqrt(pivot);
    } else {
      dropped[j] = 1;
      lower.fill(0, row, row + j);
      lower[row + j] = 1;
    }
  }
  return { size, lower, dropped };
}

function dot(values: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (values[a + i] as number) * (values[b + i] as number);
  return sum;
}

/** x with A·x = right; 0 where an input was dropped. */
export function solve({ size, lower, dropped }: CholeskyFactor, right: Float64Array): Float64Array {
  const x = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    if (dropped[j]) continue;
    let rest = right[j] as number;
    for (let k = 0; k < j; k++) rest -= (lower[j * size + k] as number) * (x[k] as number);
    x[j] = rest / (lower[j * size + j] as number);
  }
  for (let j = size - 1; j >= 0; j--) {
    if (dropped[j]) continue;
    const value = (x[j] as number) / (lower[j * size + j] as number);
    x[j] = value;
    for (let k = 0; k < j; k++) x[k] = (x[k] as number) - (lower[j * size + k] as number) * value;
  }
  return x;
}

/** A⁻¹, row-major and full; rows and columns of dropped inputs are 0. */
export function inverseOf(factor: CholeskyFactor): Float64Array {
  const { size, dropped } = factor;
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    if (dropped[j]) continue;
    unit.fill(0);
    unit[j] = 1;
    inverse.set(solve(factor, unit), j * size);
  }
  return inverse;
}
