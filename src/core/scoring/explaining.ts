import { cellAt, type Column, createFrame, type Frame } from '../data/frame.ts';
import type { ReasonStability } from '../explanation/reason-stability.ts';
import type { JsonReader } from './json-reader.ts';

/** What a bundle carries so that its reasons are the study's own. */
export interface Explaining {
  /** Of a network: the typical customers, feature by feature, that others are compared with. */
  readonly background?: Frame;
  /** Absent where the model has not been refitted. */
  readonly stability?: ReasonStability;
}

/** As JSON; a missing cell is null. */
export function explainingJson({ background, stability }: Explaining): unknown {
  return { stability, ...(background ? { background: background.columns.map(columnJson) } : {}) };
}

function columnJson(column: Column) {
  const { name, kind } = column;
  const length = column.kind === 'number' ? column.values.length : column.kind === 'category' ? column.codes.length : 0;
  return { name, kind, cells: Array.from({ length }, (_, row) => cellAt(column, row)) };
}

const mostRows = 1000;

export function readExplaining(json: JsonReader): Explaining {
  const stability = json.optional('stability');
  const background = json.optional('background');
  return {
    ...(stability ? { stability: readStability(stability) } : {}),
    ...(background ? { background: readBackground(background) } : {}),
  };
}

function readStability(json: JsonReader): ReasonStability {
  return {
    refits: json.field('refits').integer(1),
    columns: json
      .field('columns')
      .list((item) => ({ column: item.field('column').text(), share: item.field('share').number(0, 1) })),
  };
}

function readBackground(json: JsonReader): Frame {
  const columns = json.list(readColumn);
  const rowCount = columns[0] ? cellCount(columns[0]) : 0;
  if (rowCount === 0 || rowCount > mostRows || columns.some((column) => cellCount(column) !== rowCount)) {
    json.refuse(`columns of the same 1 to ${mostRows} cells`);
  }
  return createFrame(columns, rowCount);
}

type FeatureColumn = Extract<Column, { readonly kind: 'number' | 'category' }>;

const cellCount = (column: FeatureColumn) => (column.kind === 'number' ? column.values : column.codes).length;

function readColumn(json: JsonReader): FeatureColumn {
  const name = json.field('name').text();
  const cells = json.field('cells');
  if (json.field('kind').oneOf(['number', 'category']) === 'number') {
    const values = cells.list((cell) => (cell.value === null ? Number.NaN : cell.number()));
    return { kind: 'number', name, values: Float64Array.from(values) };
  }
  const texts = cells.list((cell) => (cell.value === null ? null : cell.text()));
  const levels = [...new Set(texts.filter((text) => text !== null))];
  return {
    kind: 'category',
    name,
    levels,
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : levels.indexOf(text))),
  };
}
