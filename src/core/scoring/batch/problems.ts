import type { Column } from '../../data/frame.ts';
import type { ColumnSchema } from '../../data/schema.ts';

/** What was wrong with one cell, or with a whole row (no column). The row counts records of the piece, from 1. */
export interface Problem {
  readonly row: number;
  readonly column: string;
  readonly problem: string;
  readonly value: string;
}

/** All problems counted, the first ones kept. Plain data: crosses from worker to caller. */
export interface ProblemLog {
  readonly kept: Problem[];
  /** By column and problem, joined by a tab. */
  readonly counts: Map<string, number>;
}

export interface WritableProblemLog extends ProblemLog {
  add(row: number, column: string, problem: string, value: string): void;
}

/** Kept of one piece: a file's worst rows are soon alike. */
const maxKept = 500;

export function createProblemLog(): WritableProblemLog {
  const kept: Problem[] = [];
  const counts = new Map<string, number>();
  return {
    kept,
    counts,
    add(row, column, problem, value) {
      const key = `${column}\t${problem}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (kept.length < maxKept) kept.push({ row, column, problem, value });
    },
  };
}

/** Values that are read well and yet are not what training knew: unseen levels count as missing, far numbers are used. */
export function reportValues(
  schema: readonly ColumnSchema[],
  columns: readonly Column[],
  rows: ArrayLike<number>,
  log: Pick<WritableProblemLog, 'add'>,
): void {
  schema.forEach(({ name, levels, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }, i) => {
    const column = columns[i] as Column;
    if (column.kind === 'number') {
      if (min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY) return;
      for (let row = 0; row < column.values.length; row++) {
        const value = column.values[row] as number;
        if (value < min || value > max)
          log.add(rows[row] as number, name, value < min ? `below ${min}` : `above ${max}`, String(value));
      }
    } else if (column.kind === 'category' && levels) {
      const known = new Set(levels);
      const unseen = column.levels.map((level) => !known.has(level));
      if (!unseen.includes(true)) return;
      for (let row = 0; row < column.codes.length; row++) {
        const code = column.codes[row] as number;
        if (unseen[code]) log.add(rows[row] as number, name, 'unseen in training', column.levels[code] as string);
      }
    }
  });
}
