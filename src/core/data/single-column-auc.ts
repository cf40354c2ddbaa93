import { groupCodes } from './split-groups.ts';
import type { Column } from './frame.ts';
import type { Labels } from './schema.ts';
import { rankingQuality } from '../shared/statistics.ts';

/** Beyond this many rows an evenly spaced sample is read: the figure is an indication, not a result. */
const maxRows = 100_000;
/** Numbers with at most this many distinct values are also read as codes, whose order means nothing. */
const maxCodes = 20;
const foldCount = 5;
/** Rows' worth of the overall rate that a level's own rate is mixed with. */
const priorRows = 10;

/**
 * How well one column alone ranks the labelled rows: its AUC, folded to 0.5 … 1. Numbers and dates rank by value (missing
 * below or above all, whichever is stronger); categories by the target mean of their level on the other four of five
 * folds, so that rare levels prove nothing. 0.5 where one class is absent.
 */
export function singleColumnAuc(column: Column, labels: Labels, rows: ArrayLike<number>): number {
  const sample = labelledSample(labels, rows);
  if (column.kind === 'category' || column.kind === 'text') return levelAuc(groupCodes(column), labels, sample);
  const values = column.kind === 'number' ? column.values : column.days;
  const byValue = Math.max(valueAuc(values, labels, sample, -1), valueAuc(values, labels, sample, 1));
  const codes = codesOfFew(values, sample);
  return codes ? Math.max(byValue, levelAuc(codes, labels, sample)) : byValue;
}

/** Labelled rows among those given, evenly thinned to the limit. */
export function labelledSample(labels: Labels, rows: ArrayLike<number>): Uint32Array {
  const labelled: number[] = [];
  for (let i = 0; i < rows.length; i++)
    if ((labels[rows[i] as number] as number) >= 0) labelled.push(rows[i] as number);
  if (labelled.length <= maxRows) return Uint32Array.from(labelled);
  return Uint32Array.from(
    { length: maxRows },
    (_, i) => labelled[Math.floor((i * labelled.length) / maxRows)] as number,
  );
}

/** Standard error of an AUC (Hanley and McNeil 1982, eq. 1-3). */
export function aucStandardError(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const variance = auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.sqrt(Math.max(0, variance) / (positives * negatives));
}

function valueAuc(values: Float64Array, labels: Labels, rows: Uint32Array, missingSide: -1 | 1): number {
  const missing = missingSide * Number.POSITIVE_INFINITY;
  const scores = Float64Array.from(rows, (row) => {
    const value = values[row] as number;
    return Number.isNaN(value) ? missing : value;
  });
  return foldedAuc(scores, labels, rows);
}

/** Scores by the rate of a row's level on the other folds. */
function levelAuc(codes: Int32Array, labels: Labels, rows: Uint32Array): number {
  const levelCount = codes.reduce((highest, code) => Math.max(highest, code), -1) + 2;
  const counts = new Float64Array(levelCount * foldCount);
  const positives = new Float64Array(levelCount * foldCount);
  let all = 0;
  rows.forEach((row, i) => {
    const slot = ((codes[row] as number) + 1) * foldCount + (i % foldCount);
    counts[slot] = (counts[slot] as number) + 1;
    if (labels[row] === 1) {
      positives[slot] = (positives[slot] as number) + 1;
      all++;
    }
  });
  const prior = all / Math.max(1, rows.length);
  const rates = new Float64Array(levelCount * foldCount);
  for (let level = 0; level < levelCount; level++) {
    for (let held = 0; held < foldCount; held++) {
      let count = priorRows;
      let positive = priorRows * prior;
      for (let fold = 0; fold < foldCount; fold++) {
        if (fold === held) continue;
        count += counts[level * foldCount + fold] as number;
        positive += positives[level * foldCount + fold] as number;
      }
      rates[level * foldCount + held] = positive / count;
    }
  }
  const scores = new Float64Array(rows.length);
  rows.forEach((row, i) => {
    scores[i] = rates[((codes[row] as number) + 1) * foldCount + (i % foldCount)] as number;
  });
  const auc = rankingAuc(scores, labels, rows);
  // Levels point upward by construction: below a half is noise, not a reversed signal.
  return Math.max(0.5, auc);
}

function foldedAuc(scores: Float64Array, labels: Labels, rows: Uint32Array): number {
  const auc = rankingAuc(scores, labels, rows);
  return Math.max(auc, 1 - auc);
}

function rankingAuc(scores: Float64Array, labels: Labels, rows: Uint32Array): number {
  const { auc } = rankingQuality(
    scores,
    Uint8Array.from(rows, (row) => (labels[row] === 1 ? 1 : 0)),
  );
  return Number.isNaN(auc) ? 0.5 : auc;
}

function codesOfFew(values: Float64Array, rows: Uint32Array): Int32Array | undefined {
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(values.length).fill(-1);
  for (const row of rows) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    let code = codeOf.get(value);
    if (code === undefined) {
      if (codeOf.size === maxCodes) return undefined;
      code = codeOf.size;
      codeOf.set(value, code);
    }
    codes[row] = code;
  }
  return codes;
}
