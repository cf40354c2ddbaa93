import { equalCountBins } from './equal-count-bins.ts';
import type { ScoreGroups } from './score-groups.ts';

/** A tenth of the customers, ranked highest first. */
export interface DecileRow {
  /** 1 is the tenth ranked highest. */
  readonly decile: number;
  readonly customers: number;
  /** Mean conversion probability. */
  readonly predicted: number;
  /** Share who converted. */
  readonly observed: number;
  /** Observed over the average rate. */
  readonly lift: number;
  /** Share of all buyers in this decile and those above. */
  readonly cumulativeCapture: number;
}

/** Gains and lift by decile of the conversion probability, which ranks as the score does. */
export function decilesOf(probabilities: ScoreGroups): DecileRow[] {
  const { positiveTotal, rowTotal } = probabilities;
  const average = positiveTotal / rowTotal;
  let captured = 0;
  return equalCountBins(probabilities, 10).map((bin, index) => {
    captured += bin.positives;
    return {
      decile: index + 1,
      customers: bin.rows,
      predicted: bin.scoreTotal / bin.rows,
      observed: bin.positives / bin.rows,
      lift: bin.positives / bin.rows / average,
      cumulativeCapture: captured / positiveTotal,
    };
  });
}
