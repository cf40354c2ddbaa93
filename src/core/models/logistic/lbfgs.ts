import type { CholeskyFactor } from './cholesky.ts';
import { solve } from './cholesky.ts';
import type { Loss } from './loss.ts';
import type { SearchOptions, SearchPoint, SearchResult } from './newton.ts';
import { largestSize, penalisedGradient, penaltyValue } from './penalty.ts';

/** Steps remembered. */
const memory = 10;

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inverse: number;
}

/**
 * Limited-memory BFGS (Nocedal and Wright, algorithm 7.5), where a Hessian would cost too much. No l1. `nearby`: the
 * factored, penalised Hessian of a similar loss, which then stands for the one that is not worked out.
 */
export async function lbfgs(
  loss: Loss,
  start: SearchPoint,
  options: SearchOptions,
  nearby?: CholeskyFactor,
): Promise<SearchResult> {
  const { penalty, tolerance, maxSteps, onStep } = options;
  const corrections: Correction[] = [];
  let point = start;
  let gradient = penalisedGradient(penalty, point.coefficients, point.at.gradient);
  for (let step = 0; step < maxSteps && largestSize(gradient) > tolerance; step++) {
    const direction = twoLoops(gradient, corrections, nearby);
    const isBlind = corrections.length === 0 && !nearby;
    const next = await search(loss, point, gradient, direction, options, isBlind);
    if (!next) {
      if (corrections.length === 0) break;
      // Remembered steps no longer fit: begin again from the gradient.
      corrections.length = 0;
      continue;
    }
    const nextGradient = penalisedGradient(penalty, next.coefficients, next.at.gradient);
    const moved = next.coefficients.map((value, j) => value - (point.coefficients[j] as number));
    const change = nextGradient.map((value, j) => value - (gradient[j] as number));
    const product = dot(moved, change);
    if (product > 0) corrections.push({ step: moved, change, inverse: 1 / product });
    if (corrections.length > memory) corrections.shift();
    point = next;
    gradient = nextGradient;
    await onStep(point);
  }
  const slope = largestSize(gradient);
  return { point, converged: slope <= tolerance, slope, dropped: new Uint8Array(loss.size) };
}

function twoLoops(
  gradient: Float64Array,
  corrections: readonly Correction[],
  nearby: CholeskyFactor | undefined,
): Float64Array {
  let direction: Float64Array = gradient.map((value) => -value);
  const shares = new Float64Array(corrections.length);
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { step, change, inverse } = corrections[i] as Correction;
    shares[i] = inverse * dot(step, direction);
    addTimes(direction, change, -(shares[i] as number));
  }
  const newest = corrections[corrections.length - 1];
  if (nearby) {
    direction = solve(nearby, direction);
  } else if (newest) {
    const scale = 1 / (newest.inverse * dot(newest.change, newest.change));
    for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * scale;
  }
  corrections.forEach(({ step, change, inverse }, i) => {
    addTimes(direction, step, (shares[i] as number) - inverse * dot(change, direction));
  });
  return direction;
}

async function search(
  loss: Loss,
  from: SearchPoint,
  gradient: Float64Array,
  direction: Float64Array,
  { penalty }: SearchOptions,
  first: boolean,
): Promise<SearchPoint | undefined> {
  const before = from.at.value + penaltyValue(penalty, from.coefficients);
  const predicted = dot(gradient, direction);
  const rounding = 1e-14 * Math.abs(before);
  let length = first ? Math.min(1, 1 / largestSize(gradient)) : 1;
  for (let trial = 0; trial < 40; trial++, length /= 2) {
    const coefficients = from.coefficients.map((value, j) => value + length * (direction[j] as number));
    const at = await loss.evaluate(coefficients, false);
    const gain = at.value + penaltyValue(penalty, coefficients) - before;
    if (gain <= 1e-4 * length * predicted + rounding) return { coefficients, at, hessian: from.hessian };
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function addTimes(to: Float64Array, from: Float64Array, factor: number): void {
  for (let j = 0; j < to.length; j++) to[j] = (to[j] as number) + factor * (from[j] as number);
}
