import type { DataFinding } from '../data/findings.ts';
import {
  type CategoryColumn,
  type Column,
  type Frame,
  cellAt,
  columnLength,
  createFrame,
  createTextColumn,
  findColumn,
} from '../data/frame.ts';
import { parseNumberText } from '../data/numbers.ts';
import type { ColumnSchema, TableSchema } from '../data/schema.ts';
import { StudioError } from '../shared/errors.ts';
import { parseIsoDay } from './record-reader.ts';

export interface MatchedTable {
  /** The needed columns, in the schema's order, of the schema's kinds and with its levels. */
  readonly frame: Frame;
  readonly findings: readonly DataFinding[];
}

/**
 * A table of customers as the schema has it: columns by name, types coerced, levels by value. A needed column that is
 * absent refuses the table (`data.missing-column`, naming all), unless it may be missing; cells that do not fit count as
 * missing and are told.
 */
export function matchTable(frame: Frame, schema: TableSchema, needed: ReadonlySet<string>): MatchedTable {
  const wanted = schema.columns.filter((column) => needed.has(column.name));
  const absent = wanted.filter((column) => !findColumn(frame, column.name)).map((column) => column.name);
  const required = absent.filter((name) => !wanted.find((column) => column.name === name)?.optional);
  if (required.length > 0) throw missingColumns(required, frame);

  const findings: DataFinding[] = [];
  if (absent.length > 0) {
    findings.push({
      level: 'warning',
      title: absent.length === 1 ? 'A column is missing' : `${absent.length} columns are missing`,
      detail: `${absent.join(', ')}: every customer counts as having no value there.`,
      columns: absent,
    });
  }
  const columns = wanted.map((column) => {
    const found = findColumn(frame, column.name);
    return found ? matchColumn(column, found, findings) : emptyColumn(column, frame.rowCount);
  });
  return { frame: createFrame(columns, frame.rowCount), findings };
}

function matchColumn(schema: ColumnSchema, column: Column, findings: DataFinding[]): Column {
  switch (schema.kind) {
    case 'number': {
      const values = column.kind === 'number' ? column.values : coerce(column, parseNumberText, schema, findings);
      reportRange(schema, values, findings);
      return { kind: 'number', name: schema.name, values };
    }
    case 'date': {
      const toDay = (text: string): number => parseIsoDay(text) ?? Number.NaN;
      const days = column.kind === 'date' ? column.days : coerce(column, toDay, schema, findings);
      return { kind: 'date', name: schema.name, days };
    }
    case 'category':
      return matchCategory(schema, column, findings);
    case 'text':
      return column.kind === 'text' ? column : createTextColumn(schema.name, cellTexts(column));
  }
}

function matchCategory(schema: ColumnSchema, column: Column, findings: DataFinding[]): CategoryColumn {
  const found = column.kind === 'category' ? column : categoryOf(column);
  const { levels } = schema;
  if (!levels || sameLevels(levels, found.levels)) return { ...found, name: schema.name };
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = Int32Array.from(found.levels, (level) => codeOf.get(level) ?? -1);
  const seen = new Set<number>();
  const matched = new Int32Array(found.codes.length).fill(-1);
  for (let row = 0; row < matched.length; row++) {
    const code = found.codes[row] as number;
    if (code < 0) continue;
    matched[row] = codes[code] as number;
    if (codes[code] === -1) seen.add(code);
  }
  if (seen.size > 0) {
    const unseen = [...seen].sort((a, b) => a - b).map((code) => found.levels[code]);
    findings.push({
      level: 'warning',
      title: `"${schema.name}" has values that did not occur in training`,
      detail: `${unseen.slice(0, 5).join(', ')}${unseen.length > 5 ? ` and ${unseen.length - 5} more` : ''}: they count as missing.`,
      columns: [schema.name],
    });
  }
  return { kind: 'category', name: schema.name, codes: matched, levels };
}

function sameLevels(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((level, code) => level === b[code]));
}

function categoryOf(column: Column): CategoryColumn {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(cellTexts(column), (text) => {
    if (text === '') return -1;
    const code = codeOf.get(text) ?? codeOf.size;
    codeOf.set(text, code);
    return code;
  });
  return { kind: 'category', name: column.name, codes, levels: [...codeOf.keys()] };
}

function cellTexts(column: Column): string[] {
  return Array.from({ length: columnLength(column) }, (_, row) => String(cellAt(column, row) ?? ''));
}

function coerce(
  column: Column,
  parse: (text: string) => number,
  schema: ColumnSchema,
  findings: DataFinding[],
): Float64Array {
  let lost = 0;
  let example = '';
  const values = Float64Array.from(cellTexts(column), (text) => {
    const value = text === '' ? Number.NaN : parse(text);
    if (text !== '' && Number.isNaN(value)) {
      if (lost++ === 0) example = text;
    }
    return value;
  });
  if (lost > 0) {
    findings.push({
      level: 'warning',
      title: `"${schema.name}" holds values that are no ${schema.kind}`,
      detail: `${lost} of ${values.length} cells, such as "${example.slice(0, 60)}": they count as missing.`,
      columns: [schema.name],
    });
  }
  return values;
}

function reportRange(schema: ColumnSchema, values: Float64Array, findings: DataFinding[]): void {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = schema;
  let outside = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value < min || value > max) outside++;
  }
  if (outside === 0) return;
  findings.push({
    level: 'warning',
    title: `"${schema.name}" leaves its range`,
    detail: `${outside} of ${values.length} values lie outside ${schema.min ?? '-∞'} to ${schema.max ?? '∞'}; they are used as they are.`,
    columns: [schema.name],
  });
}

function emptyColumn(schema: ColumnSchema, rowCount: number): Column {
  const { name } = schema;
  switch (schema.kind) {
    case 'number':
      return { kind: 'number', name, values: new Float64Array(rowCount).fill(Number.NaN) };
    case 'date':
      return { kind: 'date', name, days: new Float64Array(rowCount).fill(Number.NaN) };
    case 'category':
      return { kind: 'category', name, codes: new Int32Array(rowCount).fill(-1), levels: schema.levels ?? [] };
    case 'text':
      return createTextColumn(
        name,
        Array.from({ length: rowCount }, () => ''),
      );
  }
}

function missingColumns(names: readonly string[], frame: Frame): StudioError {
  const has = frame.columns.slice(0, 12).map((column) => column.name);
  return new StudioError(
    'data.missing-column',
    `The table lacks ${names.length === 1 ? 'the column' : `${names.length} columns that this study needs:`} ${names.map((name) => `"${name}"`).join(', ')}.`,
    {
      where: { column: names[0] as string },
      fix: `Add or rename the columns; the table has ${has.join(', ')}${frame.columns.length > has.length ? ' and others' : ''}.`,
    },
  );
}
