import { cellAt, getColumn } from '../../data/frame.ts';
import type { ColumnSchema } from '../../data/schema.ts';
import { featureNames } from '../../explanation/explain.ts';
import { byRawColumn } from '../../explanation/raw-columns.ts';
import { rawValueWords } from '../../explanation/raw-value.ts';
import { type ExplanationUnit, explanationUnits, type ShownExplanation } from '../../explanation/units.ts';
import { waterfallFigure, waterfallUnits } from '../../reports/figures/waterfall.ts';
import { listing } from '../../reports/words.ts';
import { type ExplanationParts, type ExplanationView, explanationParts } from '../study-contract.ts';
import { getDataset, getPrepared, type ScoredModel, type StudyState } from './state.ts';

type Row = ExplanationView['rows'][number];
/** A row without its amount. */
type Part = Omit<Row, 'attribution'>;

/** One customer's explanation in every unit, by features and by raw columns. */
export function explanationViews(
  state: StudyState,
  scored: ScoredModel,
  shownIn: (unit: ExplanationUnit) => ShownExplanation,
  row: number,
): ExplanationView[] {
  const described = describeParts(state, featureNames(scored.trained.model), row);
  return explanationUnits.flatMap((unit) => {
    const { base, value, residual, attributions } = shownIn(unit);
    const average = unit === 'log-odds' ? base : averageOf(state, scored, unit);
    return explanationParts.map((parts): ExplanationView => {
      const rows = described[parts](attributions).sort((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution));
      const labels = distinct(rows.map(labelOf));
      const waterfall = waterfallFigure(
        base,
        rows.map(({ attribution }, i) => ({ label: labels[i] as string, attribution })),
        { unit: waterfallUnits[unit], ...(unit === 'log-odds' ? {} : { average }) },
      );
      return { unit, parts, average, base, value, residual, waterfall, rows };
    });
  });
}

/** With the value, unless several columns are meant: their values are in the table. */
function labelOf({ name, description, value }: Row): string {
  return name.includes(' + ') ? description : `${description} = ${value}`;
}

/** Bars are told apart by their labels alone. */
function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} (${times})`;
  });
}

/** Of training customers: the share that converted, or the mean propensity score. */
export function averageOf(
  state: StudyState,
  { propensity }: ScoredModel,
  unit: Exclude<ExplanationUnit, 'log-odds'>,
): number {
  const { labels, splits } = getPrepared(state);
  let sum = 0;
  for (const row of splits.train) sum += (unit === 'propensity' ? propensity[row] : labels[row]) as number;
  return sum / splits.train.length;
}

/** Puts amounts to what is said of the features and of the raw columns behind them, which all units share. */
function describeParts(
  state: StudyState,
  names: readonly string[],
  row: number,
): Readonly<Record<ExplanationParts, (attributions: readonly number[]) => Row[]>> {
  const { features, recipe } = getPrepared(state);
  const infos = new Map(recipe.features.map((feature) => [feature.name, feature]));
  const cells = new Map(features.columns.map((column) => [column.name, column]));
  const ofFeatures = names.map(
    (name): Part => ({
      name,
      description: infos.get(name)?.description ?? name,
      value: featureValue(cellAt(cells.get(name) ?? getColumn(features, name), row)),
    }),
  );
  const columnsOf = names.map((name) => infos.get(name)?.columns ?? []);
  const ofColumns = new Map<string, Part>();
  const byColumns = (sharing: 'split' | 'group') => (attributions: readonly number[]) =>
    byRawColumn(attributions, columnsOf, sharing).map(({ columns, attribution }) => {
      const key = columns.join('\n');
      const part = ofColumns.get(key) ?? partOf(columns, state, row);
      ofColumns.set(key, part);
      return { ...part, attribution };
    });
  return {
    features: (attributions) => ofFeatures.map((part, i) => ({ ...part, attribution: attributions[i] as number })),
    'raw-columns': byColumns('split'),
    'raw-groups': byColumns('group'),
  };
}

function partOf(columns: readonly string[], state: StudyState, row: number): Part {
  if (columns.length === 0) return { name: '', description: 'What no column is behind', value: '–' };
  const { frame, schema, asOf } = getDataset(state).table;
  const day = typeof asOf === 'object' ? asOf[row] : asOf;
  const schemas = columns.map(
    (name): ColumnSchema =>
      schema.columns.find((column) => column.name === name) ?? {
        name,
        description: name,
        kind: getColumn(frame, name).kind,
        role: 'feature',
      },
  );
  return {
    name: columns.join(' + '),
    description: shortListing(schemas.map(({ description, name }) => description || name)),
    value: schemas.map((column) => rawValueWords(column, getColumn(frame, column.name), row, day)).join(', '),
  };
}

/** Two names whole; of more, the first and how many others. */
function shortListing(names: readonly string[]): string {
  return names.length <= 2 ? listing(names) : `${names[0]} and ${names.length - 1} other columns`;
}

function featureValue(cell: number | string | null): string {
  if (cell === null) return 'missing';
  return typeof cell === 'number' ? String(Number(cell.toPrecision(4))) : cell;
}
