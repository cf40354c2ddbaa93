import { cos } from '../../shared/exact-math.ts';

export const schedules = ['constant', 'exponential', 'cosine', 'plateau'] as const;

/** How the learning rate moves from epoch to epoch. */
export interface ScheduleSettings {
  readonly schedule: (typeof schedules)[number];
  readonly learningRate: number;
  readonly epochs: number;
  /** exponential: factor per epoch. */
  readonly learningRateDecay: number;
  /** plateau: factor after `plateauPatience` epochs without a better score. */
  readonly plateauFactor: number;
  readonly plateauPatience: number;
}

const halfTurn = Math.PI;

/**
 * The rate of the epoch after those with these validation scores (higher is better): PyTorch's ExponentialLR,
 * CosineAnnealingLR (T_max = epochs) and ReduceLROnPlateau (threshold 0).
 */
export function learningRateAfter(settings: ScheduleSettings, scores: readonly number[]): number {
  const { schedule, learningRate, epochs, learningRateDecay } = settings;
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'exponential':
      return scores.reduce((rate) => rate * learningRateDecay, learningRate);
    case 'cosine':
      return (learningRate * (1 + cos((halfTurn * scores.length) / epochs))) / 2;
    case 'plateau':
      return learningRate * plateauFactor(settings, scores);
  }
}

function plateauFactor(
  { plateauFactor: factor, plateauPatience }: ScheduleSettings,
  scores: readonly number[],
): number {
  let best = Number.NEGATIVE_INFINITY;
  let bad = 0;
  let total = 1;
  for (const score of scores) {
    if (score > best) {
      best = score;
      bad = 0;
    } else if (++bad > plateauPatience) {
      total *= factor;
      bad = 0;
    }
  }
  return total;
}
