import type { Random } from '../shared/random.ts';
import type { Confusion } from './confusion.ts';

/**
 * A bootstrap resample of a confusion table. Drawing customers with replacement makes its four counts multinomial, so
 * they are drawn directly, without going through the customers.
 */
export function resampleConfusion(confusion: Confusion, random: Random): Confusion {
  const { truePositive, falsePositive, trueNegative, falseNegative } = confusion;
  const total = truePositive + falsePositive + trueNegative + falseNegative;
  const drawnTrue = binomial(total, truePositive / total, random);
  const drawnFalse = binomial(total - drawnTrue, falsePositive / (total - truePositive), random);
  const left = total - drawnTrue - drawnFalse;
  const drawnMissed = binomial(left, falseNegative / (falseNegative + trueNegative), random);
  return {
    truePositive: drawnTrue,
    falsePositive: drawnFalse,
    falseNegative: drawnMissed,
    trueNegative: left - drawnMissed,
  };
}

/**
 * Successes among `trials`. Exact by inversion up to a variance of 100; above, the normal approximation, whose error is
 * far below the noise of a few hundred resamples.
 */
export function binomial(trials: number, chance: number, random: Random): number {
  if (trials === 0 || !(chance > 0)) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - binomial(trials, 1 - chance, random);
  const variance = trials * chance * (1 - chance);
  if (variance > 100) {
    const drawn = Math.round(trials * chance + Math.sqrt(variance) * random.normal());
    return Math.min(trials, Math.max(0, drawn));
  }
  return invertBinomial(trials, chance, random);
}

/** Mean at most 200 here, so the chance of no success, at least e^−278, does not underflow. */
function invertBinomial(trials: number, chance: number, random: Random): number {
  const odds = chance / (1 - chance);
  let mass = repeatedProduct(1 - chance, trials);
  let left = random.next() - mass;
  let successes = 0;
  while (left >= 0 && successes < trials) {
    successes++;
    mass *= (odds * (trials - successes + 1)) / successes;
    left -= mass;
  }
  return successes;
}

/** base^exponent for a whole exponent, by squaring. */
function repeatedProduct(base: number, exponent: number): number {
  let product = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product *= square;
    square *= square;
  }
  return product;
}
