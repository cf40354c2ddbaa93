import { StudioError } from '../shared/errors.ts';
import { isMissingText } from './csv/cells.ts';
import type { Column, Frame } from './frame.ts';
import { cellAt, columnLength } from './frame.ts';
import type { ColumnFacts } from './profile.ts';
import type { Labels } from './schema.ts';

/** A column that could say who converted. */
export interface LabelCandidate {
  readonly column: string;
  readonly values: readonly string[];
  /** The value that probably means yes. */
  readonly positive: string;
  /** Whether its name or place makes it the label rather than one of many yes/no columns. */
  readonly likely: boolean;
}

const labelName =
  /^(y|label|target|class|outcome|response|responded|churn(ed)?|exited|attrition|convert(ed)?|conversion|purchased?|bought|buys?|subscribed?|accepted|upgraded|clicked|deposit|will_\w+|is_(converted|buyer|churn(ed)?))$|_(label|target|outcome|converted|conversion|purchased?|churn(ed)?|response|responded|subscribed|upgraded|accepted)$|^(converted|purchased|bought|buys|upgraded|responded|churned)_/i;
const positiveWord =
  /^(1(\.0+)?|yes|y|true|t|ja|oui|si|sí|converted|conversion|churn(ed)?|exited|left|bought|buy|purchased?|subscribed?|accepted|upgraded|responded|clicked|won|success|positive|pos|default(ed)?)$/i;

/** More distinct values than this are a measurement, not an outcome. */
const maxLabelValues = 20;

/** Columns of two values, the most likely label first; and columns of few values that are named like one. */
export function findLabelCandidates(frame: Frame, facts: readonly ColumnFacts[]): LabelCandidate[] {
  const found: { candidate: LabelCandidate; rank: number }[] = [];
  frame.columns.forEach((column, i) => {
    const { distinct } = facts[i] as ColumnFacts;
    const isNamed = labelName.test(column.name);
    if (column.kind === 'date' || distinct < 2 || distinct > (isNamed ? maxLabelValues : 2)) return;
    const counts = countValues(column, frame.rowCount);
    const values = [...counts.keys()];
    const hasYes = values.some((value) => positiveWord.test(value));
    const isLast = i === frame.columns.length - 1;
    const rank = (isNamed ? 4 : 0) + (distinct === 2 ? 2 : 0) + (isLast ? 1 : 0) + (hasYes ? 1 : 0);
    const likely = distinct === 2 && (isNamed || (isLast && hasYes));
    found.push({ candidate: { column: column.name, values, positive: guessPositive(counts), likely }, rank });
  });
  return found.sort((a, b) => b.rank - a.rank).map(({ candidate }) => candidate);
}

/**
 * The label of each row: 1 where the column says `positive`, -1 where it is empty, 0 elsewhere. Spaces around a value do
 * not count. `data.label`, with the counts, where there is no row of one of the two kinds.
 */
export function readLabels(column: Column, positive: string): Labels {
  if (column.kind === 'date') {
    throw new StudioError('data.label', `Column "${column.name}" holds dates; a label says yes or no.`, {
      where: { column: column.name },
      fix: 'Choose a column that says whether each customer converted.',
    });
  }
  const rowCount = columnLength(column);
  const wanted = positive.trim();
  const counts = countValues(column, rowCount, maxLabelValues + 1);
  const shown = [...counts].slice(0, 5).map(([value, count]) => `${value} (${count})`);
  const found = shown.length ? `${shown.join(', ')}${counts.size > 5 ? ', …' : ''}` : 'no values at all';
  const where = { column: column.name };
  if (counts.size > maxLabelValues) {
    throw new StudioError(
      'data.label',
      `Column "${column.name}" has more than ${maxLabelValues} different values; a label has two: ${found}.`,
      {
        where,
        fix: 'Choose a column that says whether each customer converted.',
      },
    );
  }
  const isYes = (value: string) =>
    value === wanted || (Number.isFinite(Number(value)) && wanted !== '' && Number(value) === Number(wanted));
  const labels = new Int8Array(rowCount).fill(-1);
  let positives = 0;
  let negatives = 0;
  const label = (value: string | number | null): -1 | 0 | 1 => {
    if (value === null || isMissingText(String(value))) return -1;
    return isYes(String(value).trim()) ? 1 : 0;
  };
  const byLevel = column.kind === 'category' ? column.levels.map(label) : undefined;
  for (let row = 0; row < rowCount; row++) {
    const code = column.kind === 'category' ? (column.codes[row] as number) : -1;
    const each = byLevel ? (code < 0 ? -1 : (byLevel[code] as -1 | 0 | 1)) : label(cellAt(column, row));
    labels[row] = each;
    if (each === 1) positives++;
    else if (each === 0) negatives++;
  }
  if (positives === 0 || negatives === 0) {
    const kind = positives === 0 ? `no row says "${positive}"` : `every labelled row says "${positive}"`;
    throw new StudioError('data.label', `Column "${column.name}" cannot be learned from: ${kind}. It holds ${found}.`, {
      where,
      fix:
        positives === 0
          ? 'Say which of these values means that the customer converted.'
          : 'Add customers who did not convert, or choose another label column.',
    });
  }
  return labels;
}

/** The distinct trimmed values with their counts, most frequent first; stops looking for new ones beyond the limit. */
function countValues(column: Column, rowCount: number, limit = Number.POSITIVE_INFINITY): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (value: string | number | null, count: number) => {
    if (value === null || count === 0 || isMissingText(String(value))) return;
    const text = String(value).trim();
    if (counts.size < limit || counts.has(text)) counts.set(text, (counts.get(text) ?? 0) + count);
  };
  if (column.kind === 'category') {
    const perLevel = new Uint32Array(column.levels.length);
    for (const code of column.codes) if (code >= 0) perLevel[code] = (perLevel[code] as number) + 1;
    column.levels.forEach((level, code) => add(level, perLevel[code] as number));
  } else if (column.kind === 'number') {
    const perValue = new Map<number, number>();
    for (const value of column.values) if (!Number.isNaN(value)) perValue.set(value, (perValue.get(value) ?? 0) + 1);
    for (const [value, count] of perValue) add(value, count);
  } else {
    for (let row = 0; row < rowCount; row++) add(cellAt(column, row), 1);
  }
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

function guessPositive(counts: ReadonlyMap<string, number>): string {
  const values = [...counts.keys()];
  return values.find((value) => positiveWord.test(value)) ?? (values.at(-1) as string);
}
