import type { DataFinding } from './findings.ts';
import type { Column } from './frame.ts';
import { cellAt, getColumn } from './frame.ts';
import type { ColumnSchema, Labels } from './schema.ts';
import { aucStandardError, labelledSample, singleColumnAuc } from './single-column-auc.ts';
import type { Table } from './table.ts';

export { singleColumnAuc } from './single-column-auc.ts';

/** No honest column of customer data ranks conversion this well alone. */
const surelyTooGood = 0.9;
/** From here on a column is suspicious if no other comes near it. */
const suspicious = 0.8;
const clearGap = 0.04;
/** More columns than this above a gap are a table of strong columns, not a leak. */
const maxStandouts = 3;
/** An id that ranks conversion like this was given after the outcome, or in its order. */
const tellingId = 0.7;

/**
 * Columns that may know the outcome: whose own power stands out, that are filled for one outcome only, whose dates lie
 * after the snapshot day, and ids in the order of the outcome. Looks at the labelled rows among those given.
 */
export function findLeakage(table: Table, rows: ArrayLike<number>): DataFinding[] {
  const { frame, schema, labels, asOf } = table;
  const findings: DataFinding[] = [];
  const read = schema.columns.filter((column) => ['feature', 'sensitive', 'contacted', 'date'].includes(column.role));
  for (const { name, kind, role } of read) {
    const column = getColumn(frame, name);
    if (kind === 'date' && role !== 'date' && asOf !== undefined && column.kind === 'date')
      findings.push(...findLateDates(name, column.days, asOf));
  }
  if (!labels) return findings;
  const sample = labelledSample(labels, rows);
  let positives = 0;
  for (const row of sample) if (labels[row] === 1) positives++;
  const negatives = sample.length - positives;
  if (positives < 10 || negatives < 10) return findings;
  const tested = read.filter((column) => column.role !== 'date' && column.kind !== 'text');
  findings.push(...findStandouts(table, tested, labels, sample, positives));
  for (const { name } of tested)
    findings.push(...findOneSided(name, getColumn(frame, name), labels, sample, positives));
  for (const { name } of schema.columns.filter((column) => column.role === 'id')) {
    findings.push(...findTellingId(name, getColumn(frame, name), labels, sample, positives));
  }
  return findings;
}

function findStandouts(
  table: Table,
  tested: readonly ColumnSchema[],
  labels: Labels,
  sample: Uint32Array,
  positives: number,
): DataFinding[] {
  const ranked = tested
    .map(({ name }) => ({ name, auc: singleColumnAuc(getColumn(table.frame, name), labels, sample) }))
    .sort((a, b) => b.auc - a.auc);
  const isSure = (auc: number, threshold: number) =>
    auc - 2 * aucStandardError(auc, positives, sample.length - positives) > threshold;
  let standouts = 0;
  for (let i = 0; i < Math.min(maxStandouts, ranked.length); i++) {
    const { auc } = ranked[i] as { auc: number };
    if (!isSure(auc, suspicious)) break;
    if (auc - (ranked[i + 1]?.auc ?? 0.5) >= clearGap) standouts = i + 1;
  }
  return ranked.flatMap(({ name, auc }, i): DataFinding[] => {
    const tooGood = auc >= surelyTooGood && isSure(auc, suspicious);
    if (!tooGood && i >= standouts) return [];
    const next = ranked.find((other, j) => j > i && j >= standouts && other.auc < surelyTooGood);
    const comparison = next ? ` The next best column, "${next.name}", reaches ${next.auc.toFixed(2)}.` : '';
    return [
      {
        level: tooGood ? 'problem' : 'warning',
        title: `"${name}" may know the outcome`,
        detail: `Alone it ranks the conversions with AUC ${auc.toFixed(2)}.${comparison} If it is known only after the outcome, set its role to "ignore": a model would rely on what it will not have.`,
        columns: [name],
      },
    ];
  });
}

/** Filled a hundred times more often for one outcome than for the other: a consequence rather than a cause. */
function findOneSided(
  name: string,
  column: Column,
  labels: Labels,
  sample: Uint32Array,
  positives: number,
): DataFinding[] {
  let filledPositives = 0;
  let filledNegatives = 0;
  for (const row of sample) {
    if (isMissingAt(column, row)) continue;
    if (labels[row] === 1) filledPositives++;
    else filledNegatives++;
  }
  const positiveShare = filledPositives / positives;
  const negativeShare = filledNegatives / (sample.length - positives);
  const [high, low] = positiveShare > negativeShare ? [positiveShare, negativeShare] : [negativeShare, positiveShare];
  const lowCount = positiveShare > negativeShare ? sample.length - positives : positives;
  // With the same share the other class would have at least 20 filled cells: their absence is no accident.
  if (low * 100 > high || high * lowCount < 20) return [];
  const who = positiveShare > negativeShare ? 'who converted' : 'who did not convert';
  return [
    {
      level: 'problem',
      title: `"${name}" is filled for one outcome only`,
      detail: `It has a value for ${percent(high)} of customers ${who} and for ${percent(low)} of the others: it was probably written down after the outcome. Set its role to "ignore".`,
      columns: [name],
    },
  ];
}

function findLateDates(name: string, days: Float64Array, asOf: number | Float64Array): DataFinding[] {
  let late = 0;
  for (let row = 0; row < days.length; row++) {
    const limit = typeof asOf === 'number' ? asOf : (asOf[row] as number);
    if (Math.floor(days[row] as number) > Math.floor(limit)) late++;
  }
  if (late === 0) return [];
  return [
    {
      level: 'warning',
      title: `"${name}" holds dates after the snapshot day`,
      detail: `${late} of ${days.length} rows have a date that was not yet known when the table was taken. Check the snapshot day, or set the column's role to "ignore".`,
      columns: [name],
    },
  ];
}

function findTellingId(
  name: string,
  column: Column,
  labels: Labels,
  sample: Uint32Array,
  positives: number,
): DataFinding[] {
  const auc = singleColumnAuc({ kind: 'number', name, values: orderOf(column, sample) }, labels, sample);
  if (auc - 2 * aucStandardError(auc, positives, sample.length - positives) <= tellingId) return [];
  return [
    {
      level: 'warning',
      title: `The order of "${name}" follows the outcome`,
      detail: `Ids sorted by value rank the conversions with AUC ${auc.toFixed(2)}: customers may have been collected by outcome, and then differ in other ways than their behaviour too.`,
      columns: [name],
    },
  ];
}

/** Each sampled row's place in the order of its ids. */
function orderOf(column: Column, sample: Uint32Array): Float64Array {
  if (column.kind === 'number') return column.values;
  if (column.kind === 'date') return column.days;
  const rowCount = column.kind === 'category' ? column.codes.length : column.offsets.length - 1;
  const ids = Array.from(sample, (row) => ({ row, id: String(cellAt(column, row) ?? '') }));
  ids.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const places = new Float64Array(rowCount);
  let place = 0;
  ids.forEach(({ row, id }, i) => {
    if (i > 0 && id !== ids[i - 1]?.id) place++;
    places[row] = place;
  });
  return places;
}

function isMissingAt(column: Column, row: number): boolean {
  switch (column.kind) {
    case 'number':
      return Number.isNaN(column.values[row]);
    case 'date':
      return Number.isNaN(column.days[row]);
    case 'category':
      return (column.codes[row] as number) < 0;
    case 'text':
      return column.offsets[row] === column.offsets[row + 1];
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 0)} %`;
}
