import type { Column, Frame } from './frame.ts';
import type { ColumnSchema, Role, TableSchema } from './schema.ts';
import type { Table } from './table.ts';
import { findLabelCandidates, type LabelCandidate, readLabels } from './label.ts';
import { getColumn } from './frame.ts';
import { parseDay } from './dates.ts';
import { type ColumnFacts, profileFrame } from './profile.ts';
import { StudioError } from '../shared/errors.ts';

export interface RoleAssignment {
  /** By column name; a column not named keeps its role. */
  readonly roles?: Readonly<Record<string, Role>>;
  readonly label?: { readonly column: string; readonly positive: string };
  /** The day the table was taken, YYYY-MM-DD. */
  readonly asOf?: string;
}

export interface GuessedSchema {
  readonly schema: TableSchema;
  /** Columns that could be the label, most likely first. */
  readonly labelCandidates: readonly LabelCandidate[];
}

/** What each column is probably for, told by its name and values. A guess to be edited, never applied unseen. */
export function guessSchema(
  frame: Frame,
  name: string,
  facts: readonly ColumnFacts[] = profileFrame(frame),
): GuessedSchema {
  const labelCandidates = findLabelCandidates(frame, facts);
  const label = labelCandidates.find((candidate) => candidate.likely);
  const idColumn = chooseId(facts, label?.column);
  const columns = frame.columns.map((column, i): ColumnSchema => {
    const fact = facts[i] as ColumnFacts;
    const role = column.name === label?.column ? 'label' : guessRole(column, fact, idColumn);
    return describe(column, fact, role);
  });
  const schema = { name, columns, ...(label ? { label: { column: label.column, positive: label.positive } } : {}) };
  return { schema, labelCandidates };
}

/**
 * The table with the roles a person chose. Rows with an empty label are customers to score (-1). Without an `asOf`, a
 * date column of role `date` gives each row its snapshot day. Refuses a label that cannot be learned as `data.label`.
 */
export function applyRoles(frame: Frame, schema: TableSchema, assignment: RoleAssignment = {}): Table {
  const chosen = new Map(Object.entries(assignment.roles ?? {}));
  for (const name of chosen.keys()) getColumn(frame, name);
  const label = chooseLabel(schema, chosen, assignment.label);
  const columns = schema.columns.map((column): ColumnSchema => {
    if (column.name === label?.column) return { ...column, role: 'label' };
    const role = chosen.get(column.name) ?? column.role;
    return { ...column, role: role === 'label' ? 'feature' : role };
  });
  const snapshot = columns.find((column) => column.role === 'date' && column.kind === 'date');
  const labels = label ? readLabels(getColumn(frame, label.column), label.positive) : undefined;
  const asOf =
    assignment.asOf !== undefined
      ? parseDay(assignment.asOf)
      : snapshot
        ? snapshotDays(getColumn(frame, snapshot.name))
        : undefined;
  return {
    frame,
    schema: { name: schema.name, columns, ...(label ? { label } : {}) },
    ...(labels ? { labels } : {}),
    ...(asOf !== undefined ? { asOf } : {}),
  };
}

function chooseLabel(
  schema: TableSchema,
  chosen: ReadonlyMap<string, Role>,
  label: RoleAssignment['label'],
): { readonly column: string; readonly positive: string } | undefined {
  if (label) return label;
  const named = [...chosen].filter(([, role]) => role === 'label').map(([name]) => name);
  if (named.length > 1) {
    throw new StudioError('data.label', `Both "${named[0]}" and "${named[1]}" are marked as the label.`, {
      fix: 'Mark one column as the label.',
    });
  }
  const [column] = named;
  if (column !== undefined && column !== schema.label?.column) {
    throw new StudioError('data.label', `Column "${column}" is the label, but nothing says which value means yes.`, {
      where: { column },
      fix: 'Say which value of the column means that the customer converted.',
    });
  }
  const known = schema.label;
  return known && (chosen.get(known.column) ?? 'label') === 'label' ? known : undefined;
}

function snapshotDays(column: Column): Float64Array {
  if (column.kind !== 'date')
    throw new StudioError('data.type', `Column "${column.name}" holds no dates.`, { where: { column: column.name } });
  return column.days;
}

function describe(column: Column, fact: ColumnFacts, role: Role): ColumnSchema {
  return {
    name: column.name,
    description: readable(column.name),
    kind: column.kind,
    role,
    optional: fact.missingShare > 0,
    ...(column.kind === 'category' ? { levels: column.levels } : {}),
    ...(column.kind === 'number'
      ? { integer: column.values.every((value) => Number.isNaN(value) || Number.isInteger(value)) }
      : {}),
    ...(column.kind === 'number' && fact.min !== undefined && fact.max !== undefined
      ? { min: fact.min, max: fact.max }
      : {}),
  };
}

/** "emp.var.rate" and "TotalCharges" as "Emp var rate" and "Total charges". */
function readable(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_.\s-]+/g, ' ')
    .trim();
  const lower = words.replace(/\b[A-Z][a-z]+/g, (word) => word.toLowerCase());
  return lower === '' ? name : lower.charAt(0).toUpperCase() + lower.slice(1);
}

const idNames = [
  /^(uu|gu)?id$/i,
  /[_\s.-](uu|gu)?id$/i,
  // customerId and CustomerID, but neither "paid" nor "valid".
  /[a-z\d](Id|ID)$/,
  /^id[_\s.-]/i,
  /^(customer|client|account|user|member)[_\s.-]?(no|nr|num|number|key|code)\.?$/i,
];
const snapshotName =
  /snapshot|as[_\s-]?of|reference[_\s-]?da(te|y)|observation[_\s-]?da(te|y)|extract(ed|ion)?[_\s-]?(date|day|on)/i;
const sensitiveName =
  /^(gender|sex|race|ethnicity|ethnic[_\s-]?group|religion|nationality|disability|sexual[_\s-]?orientation|political[_\s-]?\w+)$/i;
const contactedName = /^(was[_\s-]?|is[_\s-]?)?(contacted|treated|treatment)(_?flag)?$|^control[_\s-]?group$/i;

function isIdName(name: string): boolean {
  return idNames.some((pattern) => pattern.test(name));
}

/** The column that names customers: by its name first, else the first whose values hardly repeat. */
function chooseId(facts: readonly ColumnFacts[], label: string | undefined): string | undefined {
  const others = facts.filter((fact) => fact.name !== label && fact.kind !== 'date' && !fact.constant);
  const named = others.find((fact) => isIdName(fact.name));
  return (named ?? others.find((fact) => fact.idLike && fact.kind !== 'number'))?.name;
}

function guessRole(column: Column, fact: ColumnFacts, idColumn: string | undefined): Role {
  if (column.name === idColumn) return 'id';
  // Before constancy is asked: most tables were taken on one day.
  if (column.kind === 'date' && snapshotName.test(column.name)) return 'date';
  if (fact.constant) return 'ignore';
  if (column.kind === 'date') return 'feature';
  if (column.kind === 'text' || isIdName(column.name)) return 'ignore';
  if (contactedName.test(column.name) && fact.distinct === 2) return 'contacted';
  if (sensitiveName.test(column.name)) return 'sensitive';
  return fact.idLike && column.kind === 'category' ? 'ignore' : 'feature';
}
