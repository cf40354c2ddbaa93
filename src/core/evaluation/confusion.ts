import { countAbove, type ScoreGroups } from './score-groups.ts';

/** Customers by what was decided at a cut and what happened. */
export interface Confusion {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/** Falling scores with the conversions and customers from the first up to and including each: a cut is one look-up. */
export interface CutTable {
  readonly scores: Float64Array;
  readonly rowsThrough: Float64Array;
  readonly positivesThrough: Float64Array;
}

export function makeCutTable({ scores, rows, positives }: ScoreGroups): CutTable {
  return { scores, rowsThrough: runningTotal(rows), positivesThrough: runningTotal(positives) };
}

/** Counts when everyone with a score of at least `cut` is taken as a yes. */
export function confusionAt(table: CutTable, cut: number): Confusion {
  const { scores, rowsThrough, positivesThrough } = table;
  const above = countAbove(scores, cut);
  const taken = scores[above] === cut ? above + 1 : above;
  const rows = taken === 0 ? 0 : (rowsThrough[taken - 1] as number);
  const truePositive = taken === 0 ? 0 : (positivesThrough[taken - 1] as number);
  const falseNegative = (positivesThrough.at(-1) ?? 0) - truePositive;
  return {
    truePositive,
    falsePositive: rows - truePositive,
    falseNegative,
    trueNegative: (rowsThrough.at(-1) ?? 0) - rows - falseNegative,
  };
}

function runningTotal(counts: Float64Array): Float64Array {
  const totals = new Float64Array(counts.length);
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i] as number;
    totals[i] = total;
  }
  return totals;
}
