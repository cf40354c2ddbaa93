import { type Column, formatDay } from '../data/frame.ts';
import { quantileEdges } from './column-effect.ts';

/** Customers parted into groups: a label for each group, and the group of each row. */
export interface Grouping {
  readonly labels: readonly string[];
  /** Index into `labels`. */
  readonly groupOf: Uint8Array;
}

const mostLevels = 12;

/**
 * The groups of a column: the levels of a category (the rarest together as "all others"), fifths of numbers and dates or
 * their values where these are few, and "missing" where there are missing values. Text has no groups: undefined.
 */
export function groupsOf(column: Column, parts = 5): Grouping | undefined {
  if (column.kind === 'text') return undefined;
  if (column.kind === 'category') return levelGroups(column.codes, column.levels);
  const values = column.kind === 'date' ? column.days : column.values;
  const words = column.kind === 'date' ? (day: number) => formatDay(Math.floor(day)) : short;
  const known = values.filter((value) => !Number.isNaN(value));
  const distinct = [...new Set(known.subarray(0, 20_000))];
  if (distinct.length <= parts + 1 && known.every((value) => distinct.includes(value))) {
    const ordered = distinct.sort((a, b) => a - b);
    return withMissing(ordered.map(words), values, (value) => ordered.indexOf(value));
  }
  const edges = quantileEdges(known, parts);
  const labels = Array.from({ length: Math.max(1, edges.length - 1) }, (_, i) =>
    i === 0 ? `up to ${words(edges[1] ?? edges[0]!)}` : `${words(edges[i]!)} to ${words(edges[i + 1]!)}`,
  );
  return withMissing(labels, values, (value) => {
    let group = 0;
    while (group < labels.length - 1 && value > edges[group + 1]!) group++;
    return group;
  });
}

function levelGroups(codes: Int32Array, levels: readonly string[]): Grouping {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const present = levels.map((_, code) => code).filter((code) => counts[code]! > 0);
  const shown = new Set(
    present.length <= mostLevels
      ? present
      : present.toSorted((a, b) => counts[b]! - counts[a]!).slice(0, mostLevels - 1),
  );
  const kept = present.filter((code) => shown.has(code));
  const labels = kept.map((code) => levels[code]!);
  if (kept.length < present.length) labels.push('all others');
  const groups = Int32Array.from(levels, (_, code) => {
    const group = kept.indexOf(code);
    return group < 0 ? labels.length - 1 : group;
  });
  return withMissing(labels, codes, (code) => (code < 0 ? -1 : groups[code]!));
}

/** A group -1 (or of a NaN) becomes "missing", last. */
function withMissing(
  labels: readonly string[],
  values: Float64Array | Int32Array,
  groupAt: (value: number) => number,
): Grouping {
  let hasMissing = false;
  const groupOf = Uint8Array.from(values, (value) => {
    const group = Number.isNaN(value) ? -1 : groupAt(value);
    if (group < 0) hasMissing = true;
    return group < 0 ? labels.length : group;
  });
  return { labels: hasMissing ? [...labels, 'missing'] : labels, groupOf };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace(/^-/, '−');
}
