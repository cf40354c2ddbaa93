import { log } from '../../shared/exact-math.ts';
import type { ScoreMeasure } from './measure.ts';

/** Smallest distance of a probability from 0 and 1 that is told apart (scikit-learn clips there too). */
const epsilon = Number.EPSILON;

/** Mean negative log-likelihood, in nats (scikit-learn's `log_loss`). */
export const logLoss: ScoreMeasure = {
  label: 'Log-loss',
  description: 'How surprised the probabilities are by what happened, on average; lower is better.',
  reads: 'probability',
  most: Number.POSITIVE_INFINITY,
  better: 'lower',
  of({ scores, rows, positives, rowTotal }) {
    const { ofYes, ofNo } = lossesOf(scores);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const positive = positives[i] as number;
      sum += positive * (ofYes[i] as number) + ((rows[i] as number) - positive) * (ofNo[i] as number);
    }
    return sum / rowTotal;
  },
};

interface Losses {
  readonly ofYes: Float64Array;
  readonly ofNo: Float64Array;
}

/** Resamples share their probabilities, so the logarithms are taken once per set of groups. */
const remembered = new WeakMap<Float64Array, Losses>();

function lossesOf(probabilities: Float64Array): Losses {
  const known = remembered.get(probabilities);
  if (known) return known;
  const ofYes = new Float64Array(probabilities.length);
  const ofNo = new Float64Array(probabilities.length);
  for (let i = 0; i < probabilities.length; i++) {
    const probability = Math.min(1 - epsilon, Math.max(epsilon, probabilities[i] as number));
    ofYes[i] = -log(probability);
    ofNo[i] = -log(1 - probability);
  }
  const losses = { ofYes, ofNo };
  remembered.set(probabilities, losses);
  return losses;
}
