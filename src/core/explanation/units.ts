import { type Calibrator, calibrateOne } from '../evaluation/calibration/calibrator.ts';
import { sigmoid } from '../shared/exact-math.ts';
import type { Explanation } from './explain.ts';

/** The number that is explained: the raw score in log-odds, the propensity score, or the conversion probability. */
export const explanationUnits = ['probability', 'propensity', 'log-odds'] as const;
export type ExplanationUnit = (typeof explanationUnits)[number];

/** How a model's raw score becomes the numbers that are shown. */
export interface ShownScale {
  /** Added to the raw score first (see propensityOf). */
  readonly centre: number;
  readonly calibrator: Calibrator;
}

/** Why a customer has the number that is shown: base plus attributions, all in its unit. */
export interface ShownExplanation {
  /** The number shown for the base score. */
  readonly base: number;
  /** One per feature, in the explanation's order. */
  readonly attributions: readonly number[];
  /** The number shown for the customer. */
  readonly value: number;
  /** |base + Σ attributions − value|: rounding, at most about 1e-9. */
  readonly residual: number;
}

/** Scores nearer to the base than this are explained by nothing. */
const sameScore = 1e-12;

/**
 * An explanation in the unit of the number shown: the log-odds attributions × (p(x) − p₀) / (f(x) − f₀), where p₀ is the
 * number shown for the base score f₀; all zero where |f(x) − f₀| < 1e-12. A rescaling, not the Shapley values of p.
 */
export function inUnit(
  { baseValue, rawScore, attributions }: Explanation,
  unit: ExplanationUnit,
  scale: ShownScale,
): ShownExplanation {
  const base = shownFor(baseValue, unit, scale);
  const value = shownFor(rawScore, unit, scale);
  const moved = rawScore - baseValue;
  const slope = Math.abs(moved) < sameScore ? 0 : unit === 'log-odds' ? 1 : (value - base) / moved;
  const scaled = attributions.map(({ attribution }) => attribution * slope);
  const sum = scaled.reduce((total, each) => total + each, base);
  return { base, attributions: scaled, value, residual: Math.abs(sum - value) };
}

/** The number shown for a raw score. */
export function shownFor(rawScore: number, unit: ExplanationUnit, { centre, calibrator }: ShownScale): number {
  switch (unit) {
    case 'log-odds':
      return rawScore + centre;
    case 'propensity':
      return sigmoid(rawScore + centre);
    case 'probability':
      return calibrateOne(calibrator, rawScore);
  }
}
