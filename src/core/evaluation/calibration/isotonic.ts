import { logit } from '../../shared/exact-math.ts';
import { groupByScore } from '../score-groups.ts';
import type { IsotonicCalibrator } from './calibrator.ts';

export interface IsotonicBlock {
  /** Mean raw score. */
  readonly raw: number;
  readonly rows: number;
  readonly positives: number;
}

/**
 * Isotonic regression of the labels on the raw score (pool adjacent violators; Ayer 1955): blocks of rising raw score
 * and strictly rising conversion rate.
 */
export function poolAdjacentViolators(raw: Float64Array, labels: Int8Array): readonly IsotonicBlock[] {
  const { scores, rows, positives } = groupByScore(labels, raw).groups;
  const blocks: { rawTotal: number; rows: number; positives: number }[] = [];
  for (let i = scores.length - 1; i >= 0; i--) {
    const count = rows[i] as number;
    blocks.push({ rawTotal: (scores[i] as number) * count, rows: count, positives: positives[i] as number });
    for (;;) {
      const last = blocks.at(-1);
      const before = blocks.at(-2);
      if (!last || !before || before.positives * last.rows < last.positives * before.rows) break;
      before.rawTotal += last.rawTotal;
      before.rows += last.rows;
      before.positives += last.positives;
      blocks.pop();
    }
  }
  return blocks.map((block) => ({ raw: block.rawTotal / block.rows, rows: block.rows, positives: block.positives }));
}

const tailSlope = 0.05;

/**
 * Isotonic calibration made strictly rising: a knot at the middle of each block, straight lines in log-odds between
 * them, and rates of 0 and 1 moved inside by half a customer.
 */
export function fitIsotonic(raw: Float64Array, labels: Int8Array): IsotonicCalibrator {
  const blocks = poolAdjacentViolators(raw, labels);
  const margin = 0.5 / (labels.length + 1);
  const rates = blocks.map((block) => Math.min(1 - margin, Math.max(margin, block.positives / block.rows)));
  return { kind: 'isotonic', raw: blocks.map((block) => block.raw), logOdds: rates.map(logit), tailSlope };
}
