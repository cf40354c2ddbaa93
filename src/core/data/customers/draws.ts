import { exp, log, sigmoid } from '../../shared/exact-math.ts';
import type { Random } from '../../shared/random.ts';

/** Poisson count of this mean; above 60 by the rounded normal approximation. */
export function poisson(random: Random, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let term = exp(-mean);
  let cumulative = term;
  const target = random.next();
  let count = 0;
  while (target > cumulative && count < 200) {
    count++;
    term *= mean / count;
    cumulative += term;
  }
  return count;
}

/** Exponential waiting time of this mean. */
export function waiting(random: Random, mean: number): number {
  return -mean * log(1 - random.next());
}

/** True with this chance. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** Index drawn by these weights. */
export function pick(random: Random, weights: readonly number[]): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let target = random.next() * total;
  for (let i = 0; i < weights.length; i++) {
    target -= weights[i] as number;
    if (target < 0) return i;
  }
  return weights.length - 1;
}

/** A share between 0 and 1 around sigmoid(center), spread on the log-odds scale, to three decimals. */
export function share(random: Random, center: number, spread: number): number {
  return rounded(sigmoid(center + spread * random.normal()), 1000);
}

/** To the nearest 1/steps. */
export function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Soft condition "value above the threshold", 0 to 1: a half at the threshold, 0.73 one width above it. Missing gives `unknown`. */
export function above(value: number, threshold: number, width: number, unknown = 0): number {
  return Number.isNaN(value) ? unknown : sigmoid((value - threshold) / width);
}

export function below(value: number, threshold: number, width: number, unknown = 0): number {
  return above(-value, -threshold, width, unknown);
}

/** Soft condition "between low and high". */
export function between(value: number, low: number, high: number, width: number, unknown = 0): number {
  return Number.isNaN(value) ? unknown : sigmoid((value - low) / width) * sigmoid((high - value) / width);
}
