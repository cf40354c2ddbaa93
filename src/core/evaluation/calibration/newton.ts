import { exp, log1p } from '../../shared/exact-math.ts';

/**
 * Maximum-likelihood logistic regression of soft targets on a few columns plus an intercept (Newton with step halving).
 * Coefficients that fall below `floor` are held there and the rest are fitted again, so that the map keeps rising.
 * Takes and returns one coefficient per column, then the intercept.
 */
export function fitRisingLogistic(
  columns: readonly Float64Array[],
  targets: Float64Array,
  floor: number,
  start: readonly number[] = [...columns.map(() => floor), 0],
): number[] {
  const held = new Set<number>();
  for (;;) {
    const from = start.map((value, i) => (held.has(i) ? floor : value));
    const coefficients = newton(columns, targets, held, from);
    const low = columns.findIndex((_, column) => !held.has(column) && (coefficients[column] as number) < floor);
    if (low < 0) return coefficients;
    held.add(low);
  }
}

const mostSteps = 50;
const tolerance = 1e-12;
/** A whisper of ridge: keeps separated or collinear columns finite. */
const ridge = 1e-9;

function newton(
  columns: readonly Float64Array[],
  targets: Float64Array,
  held: ReadonlySet<number>,
  start: readonly number[],
): number[] {
  const size = columns.length + 1;
  let coefficients = [...start];
  let here = lossAt(columns, targets, coefficients);
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = here;
    for (const i of held) {
      gradient[i] = 0;
      for (let j = 0; j < size; j++) hessian[i * size + j] = hessian[j * size + i] = i === j ? 1 : 0;
    }
    const direction = solveSymmetric(hessian, gradient, size);
    let scale = 1;
    let next = stepped(coefficients, direction, scale);
    let there = lossAt(columns, targets, next);
    while (!(there.loss <= here.loss) && scale > 1e-6) {
      scale /= 2;
      next = stepped(coefficients, direction, scale);
      there = lossAt(columns, targets, next);
    }
    if (!(there.loss <= here.loss)) break;
    const gained = here.loss - there.loss;
    coefficients = next;
    here = there;
    if (gained < tolerance * (1e-3 + there.loss)) break;
  }
  return coefficients;
}

function stepped(from: readonly number[], direction: Float64Array, scale: number): number[] {
  return from.map((value, i) => value - scale * (direction[i] as number));
}

/** Mean log-loss with its first and second derivatives, in one pass. */
function lossAt(columns: readonly Float64Array[], targets: Float64Array, coefficients: readonly number[]) {
  const size = columns.length + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const point = new Float64Array(size).fill(1);
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    let logOdds = coefficients[size - 1] as number;
    for (let i = 0; i < columns.length; i++) {
      point[i] = (columns[i] as Float64Array)[row] as number;
      logOdds += (coefficients[i] as number) * (point[i] as number);
    }
    const target = targets[row] as number;
    const decay = exp(-Math.abs(logOdds));
    const probability = logOdds >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
    loss += Math.max(logOdds, 0) + log1p(decay) - target * logOdds;
    const weight = probability * (1 - probability);
    for (let i = 0; i < size; i++) {
      gradient[i] = (gradient[i] as number) + (probability - target) * (point[i] as number);
      const weighted = weight * (point[i] as number);
      for (let j = 0; j <= i; j++)
        hessian[i * size + j] = (hessian[i * size + j] as number) + weighted * (point[j] as number);
    }
  }
  loss /= targets.length;
  for (let i = 0; i < size; i++) {
    const coefficient = coefficients[i] as number;
    loss += (ridge / 2) * coefficient * coefficient;
    gradient[i] = (gradient[i] as number) / targets.length + ridge * coefficient;
    for (let j = 0; j <= i; j++) {
      const value = (hessian[i * size + j] as number) / targets.length + (i === j ? ridge : 0);
      hessian[i * size + j] = hessian[j * size + i] = value;
    }
  }
  return { loss, gradient, hessian };
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
