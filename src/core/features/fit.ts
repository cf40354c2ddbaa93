import type { CategoryColumn, Frame } from '../data/frame.ts';
import { getColumn, takeRows } from '../data/frame.ts';
import type { Table } from '../data/table.ts';
import { sortedQuantile } from '../shared/statistics.ts';
import { featureEntries } from './catalogue.ts';
import type { FeatureInput } from './evaluate.ts';
import { blockRows, createEvaluator } from './evaluate.ts';
import type { Expression, LevelTable, Template } from './expression.ts';
import { columnsRead, featuresRead } from './expression.ts';
import type { FeatureEntry } from './feature-entry.ts';
import type { FittedFeature, FittedRecipe } from './fitted-recipe.ts';
import { rawEntries } from './families/raw.ts';
import { usableColumns } from './usable.ts';

export interface FitOptions {
  /** Raw columns to leave out, for "what if we did not use it". */
  readonly exclude?: readonly string[];
}

/** Quantiles are read from at most this many training rows, evenly spaced: their error is far below what a model sees. */
const sampleRows = 65_536;
/** A level is rare when it has fewer training rows than this, or than 0.2 % of them. */
const rareCount = 20;
const rareShare = 0.002;
/** At most this many levels stand alone; the next ones are rare too. */
const maxLevels = 64;
/** Beyond this many distinct values the rare ones are not listed: they are missing, as unseen ones are. */
const maxRareLevels = 2048;

/**
 * The features that this table allows, with everything they need learned on the training rows: catalogue entries whose
 * columns exist, then what fits any table (raw numbers, logarithms of skewed ones, ages and parts of dates, categories).
 */
export function fitRecipe(table: Table, train: Uint32Array, options: FitOptions = {}): FittedRecipe {
  const sample = gatherSample(table, train);
  const usable = usableColumns(table, options.exclude ?? []);
  const fitted: FittedFeature[] = [];
  const rawColumns = new Map<string, readonly string[]>();
  const values = new Map<string, Float64Array>();
  const made = new Set<string>();
  const evaluator = createEvaluator(sample, (name, from, count) =>
    (values.get(name) as Float64Array).subarray(from, from + count),
  );

  const valuesOf = (expression: Expression): Float64Array => {
    const all = new Float64Array(sample.frame.rowCount);
    for (let from = 0; from < all.length; from += blockRows) {
      evaluator.evaluate(expression, from, all.subarray(from, Math.min(from + blockRows, all.length)));
    }
    return all;
  };

  const add = (entry: FeatureEntry): void => {
    const uses = columnsRead(entry.expression);
    const needs = featuresRead(entry.expression);
    if (values.has(entry.name) || !needs.every((name) => values.has(name))) return;
    if (!uses.every((use) => usable.get(use.name) === use.kind)) return;
    const expression = learn(entry.expression, { table, train, valuesOf });
    const text = JSON.stringify(expression);
    // A raw column that a family already gives under a better name is not given twice.
    if (made.has(text)) return;
    made.add(text);
    const columns = [
      ...new Set([...uses.map((use) => use.name), ...needs.flatMap((name) => rawColumns.get(name) as string[])]),
    ];
    values.set(entry.name, valuesOf(expression));
    rawColumns.set(entry.name, columns);
    const levels = entry.levels ?? (expression.op === 'category' ? expression.table.levels : undefined);
    const { name, description, family, unit } = entry;
    fitted.push({
      name,
      description,
      family,
      unit,
      kind: levels ? 'category' : 'number',
      ...(levels ? { levels } : {}),
      columns,
      expression,
    });
  };

  for (const entry of featureEntries) add(entry);
  const covered = new Set([...rawColumns.values()].flat());
  for (const entry of rawEntries(table, usable, sample, covered)) add(entry);
  return { version: 1, features: fitted };
}

interface Lessons {
  readonly table: Table;
  readonly train: Uint32Array;
  /** Values of a fitted expression over the sample of training rows. */
  valuesOf(expression: Expression): Float64Array;
}

/** The template with its numbers learned, operands first. */
function learn(template: Template, lessons: Lessons): Expression {
  const inner = (each: Template): Expression => learn(each, lessons);
  switch (template.op) {
    case 'fillMissing': {
      const of = inner(template.of);
      const { value } = template;
      return {
        op: 'fillMissing',
        of,
        value: typeof value === 'number' ? value : middleOf(lessons.valuesOf(of), value.learn),
      };
    }
    case 'bin': {
      const of = inner(template.of);
      return { op: 'bin', of, edges: listOf(template.edges, of, lessons) };
    }
    case 'percentile': {
      const of = inner(template.of);
      return { op: 'percentile', of, quantiles: listOf(template.quantiles, of, lessons) };
    }
    case 'category': {
      const { column, table } = template;
      return { op: 'category', column, table: 'learn' in table ? learnLevels(lessons, column) : table };
    }
    case 'subtract':
    case 'divide':
      return { op: template.op, left: inner(template.left), right: inner(template.right) };
    case 'compare':
      return { op: 'compare', by: template.by, left: inner(template.left), right: inner(template.right) };
    case 'if':
      return { op: 'if', when: inner(template.when), then: inner(template.then), otherwise: inner(template.otherwise) };
    case 'clip':
      return { ...template, of: inner(template.of) };
    case 'add':
    case 'multiply':
    case 'minimum':
    case 'maximum':
    case 'mean':
    case 'and':
    case 'or':
      return { op: template.op, of: template.of.map(inner) };
    case 'log1p':
    case 'squareRoot':
    case 'absolute':
    case 'not':
    case 'isMissing':
      return { op: template.op, of: inner(template.of) };
    default:
      return template;
  }
}

function listOf(list: Extract<Template, { op: 'bin' }>['edges'], of: Expression, lessons: Lessons): readonly number[] {
  if (!('learn' in list)) return list;
  const sorted = lessons
    .valuesOf(of)
    .filter((value) => !Number.isNaN(value))
    .sort();
  // A column without a single value has no quantiles: every later value falls into the middle of nothing, which is 0.
  return list.at.map((share) => (sorted.length ? sortedQuantile(sorted, share) : 0));
}

function middleOf(values: Float64Array, how: 'median' | 'mean'): number {
  const present = values.filter((value) => !Number.isNaN(value));
  if (!present.length) return 0;
  return how === 'median'
    ? sortedQuantile(present.sort(), 0.5)
    : present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** Levels in order of their codes, those with few training rows together under "other". */
function learnLevels({ table, train }: Lessons, name: string): LevelTable {
  const column = getColumn(table.frame, name) as CategoryColumn;
  const counts = new Float64Array(column.levels.length);
  for (const row of train) {
    const code = column.codes[row] as number;
    if (code >= 0) counts[code] = (counts[code] as number) + 1;
  }
  const seen = column.levels
    .map((level, code) => ({ level, count: counts[code] as number }))
    .filter((each) => each.count > 0);
  const enough = Math.max(rareCount, rareShare * train.length);
  const frequent = [...seen].sort((a, b) => b.count - a.count || (a.level < b.level ? -1 : 1)).slice(0, maxLevels);
  const alone = new Set(frequent.filter((each) => each.count >= enough).map((each) => each.level));
  const rest = seen.filter((each) => !alone.has(each.level)).map((each) => each.level);
  const levels = seen.filter((each) => alone.has(each.level)).map((each) => each.level);
  // One rare level alone needs no company; calling it "other" would only hide its name.
  if (rest.length === 1) return { levels: [...levels, ...rest], rare: [] };
  return rest.length
    ? { levels: [...levels, freshName('other', levels)], rare: rest.slice(0, maxRareLevels) }
    : { levels, rare: [] };
}

function freshName(wanted: string, taken: readonly string[]): string {
  return taken.includes(wanted) ? freshName(`${wanted} `, taken) : wanted;
}

/** Evenly spaced training rows with their snapshot days. */
function gatherSample(table: Table, train: Uint32Array): FeatureInput & { readonly frame: Frame } {
  const count = Math.min(train.length, sampleRows);
  const rows = Uint32Array.from({ length: count }, (_, i) => train[Math.floor((i * train.length) / count)] as number);
  const { asOf } = table;
  const frame = takeRows(
    { ...table.frame, columns: table.frame.columns.filter((column) => column.kind !== 'text') },
    rows,
  );
  if (asOf === undefined) return { frame };
  return { frame, asOf: typeof asOf === 'number' ? asOf : Float64Array.from(rows, (row) => asOf[row] as number) };
}
