import { getColumn } from '../../data/frame.ts';
import type { ColumnKind, ColumnSchema } from '../../data/schema.ts';
import type { Table } from '../../data/table.ts';
import type { FeatureInput } from '../evaluate.ts';
import type { FeatureEntry } from '../feature-entry.ts';

/** From this skewness on, a number that is never negative is also given as its logarithm. */
const skewed = 2;

/**
 * What any table gives: numbers as they are and, where skewed, as logarithms; categories; ages and parts of dates.
 * `sample` holds training rows only. Columns that a family covers already need no second scale.
 */
export function rawEntries(
  table: Table,
  usable: ReadonlyMap<string, ColumnKind>,
  sample: FeatureInput,
  covered: ReadonlySet<string>,
): readonly FeatureEntry[] {
  return table.schema.columns.flatMap((column) => {
    if (!usable.has(column.name)) return [];
    return entriesOf(column, sample, covered.has(column.name));
  });
}

function entriesOf(schema: ColumnSchema, sample: FeatureInput, covered: boolean): readonly FeatureEntry[] {
  const { name, description, unit = '' } = schema;
  const column = getColumn(sample.frame, name);
  switch (column.kind) {
    case 'number': {
      const raw: FeatureEntry = { name, description, family: 'Raw', unit, expression: { op: 'column', name } };
      if (covered || !isSkewed(column.values)) return [raw];
      const log: FeatureEntry = {
        name: `log_${name}`,
        description: `${description}, on a logarithmic scale`,
        family: 'Raw',
        unit: 'log',
        expression: { op: 'log1p', of: { op: 'column', name } },
      };
      return [raw, log];
    }
    case 'category':
      return [
        {
          name,
          description,
          family: 'Raw',
          unit: 'category',
          expression: { op: 'category', column: name, table: { learn: 'levels' } },
        },
      ];
    case 'date': {
      // Parts tell of seasons; where the age is a feature already and one snapshot day holds, they only repeat it.
      if (covered) return [];
      const stem = name.replace(/_(date|day|at|on)$/i, '');
      return [
        {
          name: `days_since_${stem}`,
          description: `${description}: days ago`,
          family: 'Dates',
          unit: 'days',
          expression: { op: 'daysBefore', column: name },
        },
        {
          name: `${stem}_month`,
          description: `${description}: month of the year`,
          family: 'Dates',
          unit: 'month',
          expression: { op: 'datePart', column: name, part: 'month' },
        },
        {
          name: `${stem}_weekday`,
          description: `${description}: day of the week, Monday = 1`,
          family: 'Dates',
          unit: 'weekday',
          expression: { op: 'datePart', column: name, part: 'weekday' },
        },
      ];
    }
    case 'text':
      return [];
  }
}

/** Whether the third standardised moment of a never negative column is above `skewed`. */
function isSkewed(values: Float64Array): boolean {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length < 3) return false;
  let sum = 0;
  for (const value of present) {
    if (!(value >= 0 && value < Infinity)) return false;
    sum += value;
  }
  const mean = sum / present.length;
  let second = 0;
  let third = 0;
  for (const value of present) {
    const away = value - mean;
    second += away * away;
    third += away * away * away;
  }
  const deviation = Math.sqrt(second / present.length);
  return deviation > 0 && third / present.length / (deviation * deviation * deviation) > skewed;
}
