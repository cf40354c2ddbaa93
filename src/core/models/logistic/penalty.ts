import type { LogisticSettings } from './logistic-parameters.ts';

/**
 * The penalty beside the mean loss: l2/2·Σβ² + l1·Σ|β| over all coefficients but the intercept (index 0). With
 * scikit-learn's C and l1_ratio ρ, and weights that sum to W: l2 = (1 − ρ)/(C·W), l1 = ρ/(C·W).
 */
export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

/** The penalty of these settings at this C, for weights of this sum. */
export function penaltyOf(
  { penalised, l1Ratio }: Pick<LogisticSettings, 'penalised' | 'l1Ratio'>,
  c: number,
  totalWeight: number,
): Penalty {
  if (!penalised) return { l1: 0, l2: 0 };
  return { l1: l1Ratio / (c * totalWeight), l2: (1 - l1Ratio) / (c * totalWeight) };
}

export function penaltyValue({ l1, l2 }: Penalty, coefficients: Float64Array): number {
  let squares = 0;
  let sizes = 0;
  for (let j = 1; j < coefficients.length; j++) {
    const value = coefficients[j] as number;
    squares += value * value;
    sizes += Math.abs(value);
  }
  return 0.5 * l2 * squares + l1 * sizes;
}

/** The loss's gradient with that of the penalty; where |β| has a kink, the subgradient nearest to zero. */
export function penalisedGradient(
  { l1, l2 }: Penalty,
  coefficients: Float64Array,
  gradient: Float64Array,
): Float64Array {
  return gradient.map((slope, j) => {
    if (j === 0) return slope;
    const value = coefficients[j] as number;
    const smooth = slope + l2 * value;
    if (value !== 0) return smooth + l1 * Math.sign(value);
    return softened(smooth, l1);
  });
}

/** Soft threshold: the value drawn towards zero by `by`, 0 within it. */
export function softened(value: number, by: number): number {
  return value > by ? value - by : value < -by ? value + by : 0;
}

export function largestSize(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
