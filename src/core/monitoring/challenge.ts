import { delongTest } from '../evaluation/delong.ts';
import type { Economics } from '../decisions/economics.ts';
import { profitOf } from '../decisions/economics.ts';
import { variance } from '../shared/statistics.ts';
import { measurePerformance, onlyLabelled, type Performance, type ScoredWindow } from './performance/performance.ts';

/** Two models on the same labelled customers, whom neither has learned from. */
export interface Challenge {
  readonly champion: Performance;
  readonly challenger: Performance;
  /** AUC of the challenger minus the champion's, with DeLong's paired test. */
  readonly aucGain: number;
  readonly chance: number;
  /** Profit of each at its cut on these customers, and the gain with its 95 % band (paired, by customer). */
  readonly profit: {
    readonly champion: number;
    readonly challenger: number;
    readonly low: number;
    readonly high: number;
  };
  readonly better: 'challenger' | 'champion' | 'not told';
}

interface Side extends Omit<ScoredWindow, 'labels'> {
  readonly cut: number;
}

/** Significant at 5 % (two-sided) in AUC decides; otherwise these customers do not tell which is better. */
export function challenge(labels: Int8Array, champion: Side, challenger: Side, economics: Economics): Challenge {
  const known = onlyLabelled({ labels, propensity: champion.propensity, probability: champion.probability });
  const rival = onlyLabelled({ labels, propensity: challenger.propensity, probability: challenger.probability });
  const { difference, pValue } = delongTest(known.labels, rival.propensity, known.propensity);
  const earned = (side: ScoredWindow, cut: number): Float64Array =>
    Float64Array.from(side.labels, (label, row) =>
      (side.propensity[row] as number) >= cut ? profitOf(economics, label, 1) : 0,
    );
  const before = earned(known, champion.cut);
  const after = earned(rival, challenger.cut);
  const gain = after.map((value, row) => value - (before[row] as number));
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const spread = 1.96 * Math.sqrt(gain.length * variance(gain, 1));
  return {
    champion: measurePerformance(known, champion.cut),
    challenger: measurePerformance(rival, challenger.cut),
    aucGain: difference,
    chance: pValue,
    profit: {
      champion: total(before),
      challenger: total(after),
      low: total(gain) - spread,
      high: total(gain) + spread,
    },
    better: pValue <= 0.05 ? (difference > 0 ? 'challenger' : 'champion') : 'not told',
  };
}
