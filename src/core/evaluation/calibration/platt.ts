import { type PlattCalibrator, smallestSlope } from './calibrator.ts';
import { fitRisingLogistic } from './newton.ts';

/** Platt's sigmoid on the raw score, with his smoothed targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2) (Lin, Lin and Weng 2007). */
export function fitPlatt(raw: Float64Array, labels: Int8Array, start?: PlattCalibrator): PlattCalibrator {
  let positives = 0;
  for (const label of labels) positives += label;
  const yes = (positives + 1) / (positives + 2);
  const no = 1 / (labels.length - positives + 2);
  const targets = Float64Array.from(labels, (label) => (label === 1 ? yes : no));
  const [slope, intercept] = fitRisingLogistic(
    [raw],
    targets,
    smallestSlope,
    start && [start.slope, start.intercept],
  ) as [number, number];
  return { kind: 'platt', slope, intercept };
}
