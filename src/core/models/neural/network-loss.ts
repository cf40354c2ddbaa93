import type { NetworkLoss } from '../../kernels/dense-training.ts';
import { pow, sigmoid, softplus } from '../../shared/exact-math.ts';

/** The loss of a raw score, and its derivative by the score, for a label of 0 or 1. */
export interface Loss {
  value(score: number, label: number): number;
  slope(score: number, label: number): number;
}

/** Log-loss or focal loss with softened labels; definitions at `NetworkLoss`, formulas as in Keras. */
export function createLoss({ focalGamma, labelSmoothing }: NetworkLoss): Loss {
  const soft = (label: number) => label * (1 - labelSmoothing) + labelSmoothing / 2;
  if (focalGamma === 0) {
    return {
      value: (score, label) => softplus(score) - soft(label) * score,
      slope: (score, label) => sigmoid(score) - soft(label),
    };
  }
  // The loss of a label of 1 at score z is (1 − p)^γ · softplus(−z); that of 0 is the same at −z.
  const ofOne = (z: number) => pow(sigmoid(-z), focalGamma) * softplus(-z);
  const slopeOfOne = (z: number) => {
    const miss = sigmoid(-z);
    return -pow(miss, focalGamma) * (focalGamma * (1 - miss) * softplus(-z) + miss);
  };
  return {
    value(score, label) {
      const t = soft(label);
      return t * ofOne(score) + (1 - t) * ofOne(-score);
    },
    slope(score, label) {
      const t = soft(label);
      return t * slopeOfOne(score) - (1 - t) * slopeOfOne(-score);
    },
  };
}
