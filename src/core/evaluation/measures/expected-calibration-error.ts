import { equalCountBins } from '../equal-count-bins.ts';
import type { ScoreMeasure } from './measure.ts';

/** Expected calibration error over 10 equal-count bins: Σ share × |conversion rate − mean probability| (Naeini 2015). */
export const expectedCalibrationError: ScoreMeasure = {
  label: 'ECE',
  description:
    'How far the probability lies from the observed rate, on average over ten equal groups; lower is better.',
  reads: 'probability',
  most: 1,
  better: 'lower',
  of(groups) {
    let sum = 0;
    for (const bin of equalCountBins(groups, 10)) sum += Math.abs(bin.positives - bin.scoreTotal);
    return sum / groups.rowTotal;
  },
};
