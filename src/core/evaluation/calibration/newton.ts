import { sigmoid, softplus } from '../../shared/exact-math.ts';

/**
 * Maximum-likelihood logistic regression of soft targets on a few columns plus an intercept (Newton with step halving).
 * Coefficients that fall below `floor` are held there and the rest are fitted again, so that the map keeps rising.
 * Returns one coefficient per column, then the intercept.
 */
export function fitRisingLogistic(columns: readonly Float64Array[], targets: Float64Array, floor: number): number[] {
  const held = new Set<number>();
  for (;;) {
    const coefficients = newton(columns, targets, held, floor);
    const low = columns.findIndex((_, column) => !held.has(column) && (coefficients[column] as number) < floor);
    if (low < 0) return coefficients;
    held.add(low);
  }
}

const mostSteps = 50;
const tolerance = 1e-10;
/** A whisper of ridge: keeps separated or collinear columns finite. */
const ridge = 1e-9;

function newton(
  columns: readonly Float64Array[],
  targets: Float64Array,
  held: ReadonlySet<number>,
  floor: number,
): number[] {
  const size = columns.length + 1;
  let coefficients = Array.from({ length: size }, (_, i) => (held.has(i) ? floor : i < columns.length ? floor : 0));
  let loss = meanLoss(columns, targets, coefficients);
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(columns, targets, coefficients);
    for (const i of held) {
      gradient[i] = 0;
      for (let j = 0; j < size; j++) hessian[i * size + j] = hessian[j * size + i] = i === j ? 1 : 0;
    }
    const direction = solveSymmetric(hessian, gradient, size);
    let scale = 1;
    let next = coefficients.map((value, i) => value - (direction[i] as number));
    let nextLoss = meanLoss(columns, targets, next);
    while (!(nextLoss <= loss) && scale > 1e-6) {
      scale /= 2;
      const taken = scale;
      next = coefficients.map((value, i) => value - taken * (direction[i] as number));
      nextLoss = meanLoss(columns, targets, next);
    }
    if (!(nextLoss <= loss)) break;
    const gained = loss - nextLoss;
    coefficients = next;
    loss = nextLoss;
    if (gained < tolerance * (1e-3 + loss)) break;
  }
  return coefficients;
}

function predictor(columns: readonly Float64Array[], coefficients: readonly number[], row: number): number {
  let sum = coefficients[columns.length] as number;
  for (let i = 0; i < columns.length; i++)
    sum += (coefficients[i] as number) * ((columns[i] as Float64Array)[row] as number);
  return sum;
}

function meanLoss(columns: readonly Float64Array[], targets: Float64Array, coefficients: readonly number[]): number {
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    const logOdds = predictor(columns, coefficients, row);
    loss += softplus(logOdds) - (targets[row] as number) * logOdds;
  }
  let penalty = 0;
  for (const value of coefficients) penalty += (ridge / 2) * value * value;
  return loss / targets.length + penalty;
}

function derivatives(columns: readonly Float64Array[], targets: Float64Array, coefficients: readonly number[]) {
  const size = columns.length + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  for (let row = 0; row < targets.length; row++) {
    const probability = sigmoid(predictor(columns, coefficients, row));
    const error = probability - (targets[row] as number);
    const weight = probability * (1 - probability);
    for (let i = 0; i < size; i++) {
      const xi = i < columns.length ? ((columns[i] as Float64Array)[row] as number) : 1;
      gradient[i] = (gradient[i] as number) + error * xi;
      for (let j = 0; j <= i; j++) {
        const xj = j < columns.length ? ((columns[j] as Float64Array)[row] as number) : 1;
        hessian[i * size + j] = (hessian[i * size + j] as number) + weight * xi * xj;
      }
    }
  }
  for (let i = 0; i < size; i++) {
    gradient[i] = (gradient[i] as number) / targets.length + ridge * (coefficients[i] as number);
    for (let j = 0; j <= i; j++) {
      const value = (hessian[i * size + j] as number) / targets.length + (i === j ? ridge : 0);
      hessian[i * size + j] = hessian[j * size + i] = value;
    }
  }
  return { gradient, hessian };
}

/** Gaussian elimination with row exchange, for a handful of unknowns. */
function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const a = Float64Array.from(matrix);
  const b = Float64Array.from(right);
  const at = (i: number, j: number): number => a[i * size + j] as number;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    for (let j = 0; j < size; j++) [a[column * size + j], a[pivot * size + j]] = [at(pivot, j), at(column, j)];
    [b[column], b[pivot]] = [b[pivot] as number, b[column] as number];
    for (let row = column + 1; row < size; row++) {
      const factor = at(row, column) / at(column, column);
      for (let j = column; j < size; j++) a[row * size + j] = at(row, j) - factor * at(column, j);
      b[row] = (b[row] as number) - factor * (b[column] as number);
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row] as number;
    for (let j = row + 1; j < size; j++) sum -= at(row, j) * (b[j] as number);
    b[row] = sum / at(row, row);
  }
  return b;
}
