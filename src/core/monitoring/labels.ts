import { cellAt, type Column, columnLength, findColumn, formatDay, type Frame, getColumn } from '../data/frame.ts';
import { readLabels } from '../data/label.ts';
import { StudioError } from '../shared/errors.ts';

/** Which columns of a label file say what; the optional ones are used where the file has them. */
export interface LabelColumns {
  readonly id: string;
  readonly outcome: string;
  /** The outcome's value that means yes. */
  readonly positive: string;
  /** Yes/no columns: was contacted; was kept back on purpose. */
  readonly contacted?: string;
  readonly control?: string;
  /** Day the outcome was known. */
  readonly outcomeDate?: string;
}

/** What is known of each customer of a window, row by row. */
export interface JoinedLabels {
  /** −1 where the file does not have the customer: unknown, not "no". */
  readonly labels: Int8Array;
  /** 1 yes, 0 no, −1 not told; absent where the file does not say. */
  readonly contacted?: Int8Array;
  readonly control?: Int8Array;
  /** Latest outcome day of the window (days since 1970-01-01), NaN where the file has none. */
  readonly lastOutcomeDay: number;
  /** Rows of the file whose id no customer of the window has. */
  readonly strangers: number;
  /** Ids that the file has twice: the last row counts. */
  readonly repeated: number;
}

/** Joins outcomes to the customers of a window by id. */
export function joinLabels(ids: Column, file: Frame, columns: LabelColumns): JoinedLabels {
  const keys = getColumn(file, columns.id);
  const outcome = readLabels(getColumn(file, columns.outcome), columns.positive);
  const contacted = flagsOf(file, columns.contacted);
  const control = flagsOf(file, columns.control);
  const day = columns.outcomeDate === undefined ? undefined : getColumn(file, columns.outcomeDate);
  if (day && day.kind !== 'date') {
    throw new StudioError('data.type', `"${day.name}" is ${day.kind}, expected dates.`, {
      where: { column: day.name },
    });
  }
  const rowOf = new Map<string, number>();
  let repeated = 0;
  for (let row = 0; row < file.rowCount; row++) {
    const key = keyAt(keys, row);
    if (key === undefined) continue;
    if (rowOf.has(key)) repeated++;
    rowOf.set(key, row);
  }
  const rowCount = columnLength(ids);
  const pick = (from: Int8Array | undefined, found: Int32Array) =>
    from && Int8Array.from(found, (row) => (row < 0 ? -1 : (from[row] as number)));
  const found = new Int32Array(rowCount).fill(-1);
  const met = new Set<number>();
  let lastOutcomeDay = Number.NaN;
  for (let row = 0; row < rowCount; row++) {
    const key = keyAt(ids, row);
    const at = key === undefined ? undefined : rowOf.get(key);
    if (at === undefined) continue;
    found[row] = at;
    met.add(at);
    const known = day?.days[at] ?? Number.NaN;
    if (known === known && !(known <= lastOutcomeDay)) lastOutcomeDay = known;
  }
  const joinedContacted = pick(contacted, found);
  const joinedControl = pick(control, found);
  return {
    labels: pick(outcome, found) as Int8Array,
    ...(joinedContacted ? { contacted: joinedContacted } : {}),
    ...(joinedControl ? { control: joinedControl } : {}),
    lastOutcomeDay,
    strangers: rowOf.size - met.size,
    repeated,
  };
}

/**
 * Why outcomes cannot be judged yet, or nothing: the outcome period after the window's last day has not passed on the
 * day (days since 1970-01-01) that the outcomes were read.
 */
export function immatureBecause(windowDay: number, outcomePeriodDays: number, today: number): string | undefined {
  const due = windowDay + outcomePeriodDays;
  if (!(today < due)) return undefined;
  return `outcomes are complete on ${formatDay(Math.ceil(due))}, ${Math.ceil(due - today)} days from now`;
}

function keyAt(column: Column, row: number): string | undefined {
  const cell = cellAt(column, row);
  return cell === null ? undefined : String(cell).trim();
}

const yes = /^(1(\.0+)?|yes|y|true|t|ja|oui|si)$/i;

function flagsOf(file: Frame, name: string | undefined): Int8Array | undefined {
  const column = name === undefined ? undefined : findColumn(file, name);
  if (!column) return undefined;
  return Int8Array.from({ length: file.rowCount }, (_, row) => {
    const cell = cellAt(column, row);
    return cell === null ? -1 : yes.test(String(cell).trim()) ? 1 : 0;
  });
}
