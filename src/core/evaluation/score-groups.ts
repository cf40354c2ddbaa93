import { StudioError } from '../shared/errors.ts';
import { argsortDescending } from '../shared/statistics.ts';

/**
 * Customers gathered by equal score, highest score first: all that a measure needs to know, ties included. Counts may be
 * weighted (a bootstrap resample) and may be zero.
 */
export interface ScoreGroups {
  /** Distinct scores, strictly falling. */
  readonly scores: Float64Array;
  /** Customers with that score. */
  readonly rows: Float64Array;
  /** Conversions among them. */
  readonly positives: Float64Array;
  readonly rowTotal: number;
  readonly positiveTotal: number;
}

export interface Grouping {
  readonly groups: ScoreGroups;
  /** The group of each row. */
  readonly groupOf: Uint32Array;
}

/** Gathers rows by score. Scores must be finite and labels 0 or 1, otherwise `model.numeric` or `data.label`. */
export function groupByScore(labels: Int8Array, scores: Float64Array): Grouping {
  checkLabelledScores(labels, scores);
  const distinct = new Float64Array(scores.length);
  const rows = new Float64Array(scores.length);
  const positives = new Float64Array(scores.length);
  const groupOf = new Uint32Array(scores.length);
  let group = -1;
  for (const row of argsortDescending(scores)) {
    const score = scores[row] as number;
    if (group < 0 || score !== distinct[group]) distinct[++group] = score;
    groupOf[row] = group;
    rows[group] = (rows[group] as number) + 1;
    positives[group] = (positives[group] as number) + (labels[row] as number);
  }
  const count = group + 1;
  return { groups: withTotals(distinct.slice(0, count), rows.slice(0, count), positives.slice(0, count)), groupOf };
}

/** How many of these falling scores stand strictly above a score: the index of its group where it is one of them. */
export function countAbove(falling: Float64Array, score: number): number {
  let from = 0;
  let to = falling.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((falling[middle] as number) > score) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Groups from their counts. */
export function withTotals(scores: Float64Array, rows: Float64Array, positives: Float64Array): ScoreGroups {
  let rowTotal = 0;
  let positiveTotal = 0;
  for (let i = 0; i < rows.length; i++) {
    rowTotal += rows[i] as number;
    positiveTotal += positives[i] as number;
  }
  return { scores, rows, positives, rowTotal, positiveTotal };
}

function checkLabelledScores(labels: Int8Array, scores: Float64Array): void {
  if (labels.length !== scores.length) {
    throw new StudioError('internal', `${labels.length} labels for ${scores.length} scores.`);
  }
  for (let row = 0; row < scores.length; row++) {
    const label = labels[row];
    if (label !== 0 && label !== 1) {
      throw new StudioError(
        'data.label',
        `Row ${row} of the scored customers has the label ${label}, expected 0 or 1.`,
      );
    }
    if (!Number.isFinite(scores[row])) {
      throw new StudioError('model.numeric', `The score of row ${row} is ${scores[row]}, expected a finite number.`);
    }
  }
}
