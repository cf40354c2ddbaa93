import type { ColumnKind, ColumnSchema, Role, TableSchema } from '../data/schema.ts';
import type { StudySettings } from './bundle.ts';
import type { ConfidenceTable } from './confidence.ts';
import type { Cutoffs } from './cutoffs.ts';
import type { JsonReader } from './json-reader.ts';
import type { ProbabilityIntervals } from './probability-interval.ts';

const roles = ['label', 'id', 'date', 'feature', 'sensitive', 'contacted', 'ignore'] as const satisfies readonly Role[];
const kinds = ['number', 'category', 'date', 'text'] as const satisfies readonly ColumnKind[];

export function readSchema(json: JsonReader): TableSchema {
  const columns = json.field('columns').list(readColumn);
  const names = new Set(columns.map((column) => column.name));
  if (names.size !== columns.length) json.field('columns').refuse('columns with different names');
  const label = json.optional('label');
  return {
    name: json.field('name').text(),
    columns,
    ...(label ? { label: { column: label.field('column').text(), positive: label.field('positive').text() } } : {}),
  };
}

function readColumn(json: JsonReader): ColumnSchema {
  const unit = json.optional('unit')?.text();
  const integer = json.optional('integer')?.boolean();
  const min = json.optional('min')?.number();
  const max = json.optional('max')?.number();
  const levels = json.optional('levels')?.list((level) => level.text());
  const optional = json.optional('optional')?.boolean();
  const changeable = json.optional('changeable')?.boolean();
  return {
    name: json.field('name').text(),
    description: json.field('description').text(),
    kind: json.field('kind').oneOf(kinds),
    role: json.field('role').oneOf(roles),
    ...(unit === undefined ? {} : { unit }),
    ...(integer === undefined ? {} : { integer }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(levels === undefined ? {} : { levels }),
    ...(optional === undefined ? {} : { optional }),
    ...(changeable === undefined ? {} : { changeable }),
  };
}

export function readCutoffs(json: JsonReader): Cutoffs {
  const medium = json.field('medium').number(0, 1);
  return { high: json.field('high').number(medium, 1), medium, cut: json.field('cut').number(0, 1) };
}

export function readSettings(json: JsonReader): StudySettings {
  return {
    valuePerConversion: json.field('valuePerConversion').number(),
    costPerContact: json.field('costPerContact').number(),
    currency: json.field('currency').text(),
  };
}

export function readConfidence(json: JsonReader): ConfidenceTable {
  let distance = Number.NEGATIVE_INFINITY;
  let share = 0;
  const distances = json.field('distances').list((item) => {
    distance = item.number(distance === Number.NEGATIVE_INFINITY ? 0 : distance, 1);
    return distance;
  });
  const shares = json.field('shares').list((item) => {
    share = item.number(share, 1);
    return share;
  });
  if (distances.length === 0 || shares.length !== distances.length)
    json.field('shares').refuse('one share per distance');
  return {
    refits: json.field('refits').integer(1),
    edges: json.field('edges').list((edge) => edge.number(0, 1)),
    distances,
    shares,
  };
}

export function readIntervals(json: JsonReader): ProbabilityIntervals {
  let before = Number.NEGATIVE_INFINITY;
  const raw = json.field('raw').list((item) => {
    const value = item.number();
    if (value <= before) item.refuse('rising scores');
    before = value;
    return value;
  });
  const low = json.field('low').list((item) => item.number(Number.MIN_SAFE_INTEGER, 0));
  const high = json.field('high').list((item) => item.number(0, Number.MAX_SAFE_INTEGER));
  if (raw.length === 0 || low.length !== raw.length || high.length !== raw.length) json.refuse('two bounds per score');
  return { raw, low, high };
}

export function readDecileEdges(json: JsonReader): readonly number[] {
  let before = 1;
  const edges = json.list((edge) => {
    before = edge.number(0, before);
    return before;
  });
  return edges.length === 9 ? edges : json.refuse('nine edges');
}
