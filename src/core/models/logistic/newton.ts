import type { CholeskyFactor } from './cholesky.ts';
import { factorise, solve } from './cholesky.ts';
import type { Loss, LossAt } from './loss.ts';
import type { Penalty } from './penalty.ts';
import { largestSize, penalisedGradient, penaltyValue, softened } from './penalty.ts';

/** A point of the search: coefficients, the loss there, and the newest Hessian known, perhaps of an earlier point. */
export interface SearchPoint {
  readonly coefficients: Float64Array;
  readonly at: LossAt;
  readonly hessian: Float64Array;
}

export interface SearchOptions {
  readonly penalty: Penalty;
  /** Largest component of the penalised gradient that counts as converged. */
  readonly tolerance: number;
  readonly maxSteps: number;
  readonly onStep: (point: SearchPoint) => Promise<void>;
}

export interface SearchResult {
  readonly point: SearchPoint;
  readonly converged: boolean;
  /** Largest component of the penalised gradient. */
  readonly slope: number;
  /** Inputs that others determine exactly, unpenalised: 1 where the coefficient was left alone. */
  readonly dropped: Uint8Array;
}

/**
 * Newton's method with a backtracking line search; with an l1 part, proximal Newton (Friedman, Hastie, Tibshirani 2010).
 * A Hessian is kept for as long as each step with it makes the gradient ten times smaller: the Hessian costs most.
 */
export async function newton(loss: Loss, start: SearchPoint, options: SearchOptions): Promise<SearchResult> {
  const { penalty, tolerance, maxSteps, onStep } = options;
  let point = start;
  let fresh = start.hessian === start.at.hessian;
  let factor: CholeskyFactor | undefined;
  let slope = largestSize(penalisedGradient(penalty, point.coefficients, point.at.gradient));
  for (let step = 0; step < maxSteps && slope > tolerance; step++) {
    if (penalty.l1 === 0) factor ??= factorise(point.hessian, loss.size, penalty.l2, 1);
    const direction = factor
      ? solve(factor, penalisedGradient(penalty, point.coefficients, point.at.gradient)).map((value) => -value)
      : proximalDirection(point, penalty, Math.min(tolerance, slope * 1e-3));
    const next = await lineSearch(loss, point, direction, penalty, slope);
    const nextSlope = next ? largestSize(penalisedGradient(penalty, next.coefficients, next.at.gradient)) : slope;
    if (!next && fresh) break;
    if (next) {
      point = next;
      await onStep(point);
    }
    fresh = false;
    if (nextSlope > tolerance && nextSlope > 0.1 * slope) {
      const at = await loss.evaluate(point.coefficients, true);
      point = { coefficients: point.coefficients, at, hessian: at.hessian as Float64Array };
      fresh = true;
      factor = undefined;
    }
    slope = nextSlope;
  }
  return { point, converged: slope <= tolerance, slope, dropped: factor?.dropped ?? new Uint8Array(loss.size) };
}

/** Halves the step until the objective falls enough (Armijo); undefined when no step does. */
async function lineSearch(
  loss: Loss,
  from: SearchPoint,
  direction: Float64Array,
  penalty: Penalty,
  slope: number,
): Promise<SearchPoint | undefined> {
  const { coefficients, at, hessian } = from;
  const before = at.value + penaltyValue(penalty, coefficients);
  let predicted = 0;
  for (let j = 0; j < direction.length; j++) {
    const ridge = j === 0 ? 0 : penalty.l2 * (coefficients[j] as number);
    predicted += ((at.gradient[j] as number) + ridge) * (direction[j] as number);
  }
  const l1Only = { l1: penalty.l1, l2: 0 };
  const whole = coefficients.map((value, j) => value + (direction[j] as number));
  predicted += penaltyValue(l1Only, whole) - penaltyValue(l1Only, coefficients);
  // Differences below the rounding of the objective say nothing; there the gradient decides.
  const rounding = 1e-14 * Math.abs(before);
  for (let length = 1; length > 1e-9; length /= 2) {
    const trial = coefficients.map((value, j) => value + length * (direction[j] as number));
    const trialAt = await loss.evaluate(trial, false);
    const gain = trialAt.value + penaltyValue(penalty, trial) - before;
    const falls = gain <= 1e-4 * length * predicted && predicted < 0;
    const flattens = gain <= rounding && largestSize(penalisedGradient(penalty, trial, trialAt.gradient)) < 0.9 * slope;
    if (falls || flattens) return { coefficients: trial, at: trialAt, hessian };
  }
  return undefined;
}

/** Minimises the quadratic model of the loss plus the penalty, one coordinate after the other, and returns the way there. */
function proximalDirection(
  { coefficients, at, hessian }: SearchPoint,
  penalty: Penalty,
  tolerance: number,
): Float64Array {
  const size = coefficients.length;
  const direction = new Float64Array(size);
  // Gradient of the quadratic model at the current direction.
  const model = at.gradient.slice();
  for (let sweep = 0; sweep < 200; sweep++) {
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const curvature = hessian[j * size + j] as number;
      const ridge = j === 0 ? 0 : penalty.l2;
      if (curvature + ridge <= 0) continue;
      const value = (coefficients[j] as number) + (direction[j] as number);
      const pulled = curvature * value - (model[j] as number);
      const best = (j === 0 ? pulled : softened(pulled, penalty.l1)) / (curvature + ridge);
      const change = best - value;
      if (change === 0) continue;
      direction[j] = (direction[j] as number) + change;
      largest = Math.max(largest, Math.abs(change) * (curvature + ridge));
      for (let k = 0; k < size; k++) {
        const element = k <= j ? hessian[j * size + k] : hessian[k * size + j];
        model[k] = (model[k] as number) + change * (element as number);
      }
    }
    if (largest <= tolerance) break;
  }
  return direction;
}
