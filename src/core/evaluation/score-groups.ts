import { StudioError } from '../shared/errors.ts';

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
  const distinct = distinctDescending(scores);
  const rows = new Float64Array(distinct.length);
  const positives = new Float64Array(distinct.length);
  const groupOf = new Uint32Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const group = countAbove(distinct, scores[row] as number);
    groupOf[row] = group;
    rows[group] = (rows[group] as number) + 1;
    positives[group] = (positives[group] as number) + (labels[row] as number);
  }
  return { groups: withTotals(distinct, rows, positives), groupOf };
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

/** Rows from the highest score to the lowest; equal scores keep the order of the rows. */
export function rankRows(scores: Float64Array): Uint32Array {
  const distinct = distinctDescending(scores);
  const groupOf = new Uint32Array(scores.length);
  const next = new Uint32Array(distinct.length + 1);
  for (let row = 0; row < scores.length; row++) {
    const group = countAbove(distinct, scores[row] as number);
    groupOf[row] = group;
    next[group + 1] = (next[group + 1] as number) + 1;
  }
  for (let group = 1; group <= distinct.length; group++) {
    next[group] = (next[group] as number) + (next[group - 1] as number);
  }
  const order = new Uint32Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const group = groupOf[row] as number;
    const place = next[group] as number;
    order[place] = row;
    next[group] = place + 1;
  }
  return order;
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

function distinctDescending(scores: Float64Array): Float64Array {
  const sorted = Float64Array.from(scores).sort();
  const distinct = new Float64Array(sorted.length);
  let count = 0;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const score = sorted[i] as number;
    if (count === 0 || score !== distinct[count - 1]) distinct[count++] = score;
  }
  return distinct.slice(0, count);
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
