import { expect, test } from 'vitest';
import golden from '../../../testing/golden/neural.json' with { type: 'json' };
import { learningRateAfter } from './learning-rate.ts';
import { createLoss } from './network-loss.ts';

test.each(golden.losses)('losses and slopes are those of PyTorch: γ $gamma, smoothing $smoothing', (told) => {
  const { value, slope } = createLoss({ focalGamma: told.gamma, labelSmoothing: told.smoothing });
  told.scores.forEach((score, i) => {
    for (const [label, losses, slopes] of [
      [0, told.loss0, told.slope0],
      [1, told.loss1, told.slope1],
    ] as const) {
      expect(value(score, label)).toBeCloseTo(losses[i] as number, 12);
      expect(slope(score, label)).toBeCloseTo(slopes[i] as number, 12);
    }
  });
});

test.each(['exponential', 'cosine', 'plateau'] as const)('the %s schedule is that of PyTorch', (schedule) => {
  const settings = {
    schedule,
    learningRate: 0.004,
    epochs: 12,
    learningRateDecay: 0.9,
    plateauFactor: 0.5,
    plateauPatience: 2,
  };
  golden.schedules[schedule].forEach((rate, epoch) => {
    expect(learningRateAfter(settings, golden.aucs.slice(0, epoch))).toBeCloseTo(rate, 14);
  });
  expect(learningRateAfter({ ...settings, schedule: 'constant' }, golden.aucs)).toBe(0.004);
});
