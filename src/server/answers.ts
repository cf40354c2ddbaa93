import { type Reason, reasonsNote } from '../core/explanation/reasons.ts';
import type { CustomerScore } from '../core/scoring/scorer.ts';
import type { CustomerRow } from './customer-rows.ts';
import { type Lineup, scoreRecords } from './lineup.ts';
import { type FieldProblem, fieldProblems } from './problems.ts';

/** One customer's answer among many: the score with its notes, or what is wrong with the customer. */
export type Answer =
  | (CustomerScore & {
      readonly reasons?: readonly Reason[];
      readonly reasons_note?: string;
      readonly findings: readonly FieldProblem[];
    })
  | Refusal;

interface Refusal {
  readonly customer_id: null;
  /** Pointers begin with the customer's 0-based place in what was sent. */
  readonly errors: readonly FieldProblem[];
}

/** Customers scored in one go: large enough to amortise, short enough (a few ms) that health answers in between. */
export const chunkCustomers = 256;

export interface ScoredRows {
  readonly results: readonly (CustomerScore | undefined)[];
  readonly answers: readonly Answer[];
}

/** Scores rows as they came; `firstPlace` is the place of the first in all that was sent. */
export function scoreRows(
  rows: readonly CustomerRow[],
  firstPlace: number,
  lineup: Lineup,
  mostReasons: number,
): ScoredRows {
  const records = rows.map((row) => ('record' in row ? row.record : null));
  const scored = scoreRecords(lineup, records, mostReasons);
  const found = fieldProblems(scored.findings, rows.length);
  const results = scored.results.map((result, i) => ('record' in (rows[i] as CustomerRow) ? result : undefined));
  const answers = results.map((result, i): Answer => {
    const findings = found.notes[i] ?? [];
    if (result && mostReasons === 0) return { ...result, findings };
    if (result) return { ...result, reasons: scored.reasons[i] ?? [], reasons_note: reasonsNote, findings };
    const row = rows[i] as CustomerRow;
    const place = `/${firstPlace + i}`;
    const errors = 'problem' in row ? [{ pointer: '', detail: row.problem }] : (found.refused[i] ?? []);
    return { customer_id: null, errors: errors.map(({ pointer, detail }) => ({ pointer: place + pointer, detail })) };
  });
  return { results, answers };
}

/** Scores all of a list that is at hand, with a breath between chunks, and counts it. */
export type ScoreAll = (lineup: Lineup, records: readonly unknown[], mostReasons?: number) => Promise<ScoredRows>;

export function createScoreAll(count: (results: ScoredRows['results']) => void, pause: () => Promise<void>): ScoreAll {
  return async (lineup, records, mostReasons = 0) => {
    const results: (CustomerScore | undefined)[] = [];
    const answers: Answer[] = [];
    for (let from = 0; from < records.length; from += chunkCustomers) {
      if (from > 0) await pause();
      const rows = records.slice(from, from + chunkCustomers).map((record) => ({ record }));
      const part = scoreRows(rows, from, lineup, mostReasons);
      results.push(...part.results);
      answers.push(...part.answers);
    }
    count(results);
    return { results, answers };
  };
}

/** What is wrong with all that were refused. */
export function errorsOf(answers: readonly Answer[]): FieldProblem[] {
  return answers.flatMap((answer) => ('errors' in answer ? answer.errors : []));
}
