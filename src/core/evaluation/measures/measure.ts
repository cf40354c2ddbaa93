import type { Confusion } from '../confusion.ts';
import type { ScoreGroups } from '../score-groups.ts';

interface MeasureBase {
  readonly label: string;
  /** What it says, in one plain sentence. */
  readonly description: string;
  readonly better: 'higher' | 'lower';
}

/** A measure of the ranking (raw scores) or of the conversion probability. NaN where a class is absent and it needs both. */
export interface ScoreMeasure extends MeasureBase {
  readonly reads: 'ranking' | 'probability';
  /** The largest value it can take; the smallest is 0. */
  readonly most: number;
  of(groups: ScoreGroups): number;
}

/** A measure of the decisions at the cut. */
export interface CutMeasure extends MeasureBase {
  readonly reads: 'cut';
  of(confusion: Confusion): number;
}
