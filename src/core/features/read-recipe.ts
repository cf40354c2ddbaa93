import { StudioError } from '../shared/errors.ts';
import type { Expression, LevelTable } from './expression.ts';
import { binaryOperators, comparisons, dateParts, featuresRead, manyOperators, unaryOperators } from './expression.ts';
import type { FittedFeature, FittedRecipe } from './fitted-recipe.ts';

const maxDepth = 40;
const maxNodes = 200_000;
const maxFeatures = 20_000;
const maxList = 10_000;

/**
 * A recipe from foreign JSON: only known operators, bounded depth and size, every number finite, every reference to an
 * earlier feature. Anything else is `recipe.invalid`, naming the place.
 */
export function readRecipe(json: unknown): FittedRecipe {
  const recipe = record(json, 'recipe');
  if (recipe.version !== 1) throw invalid('version', `the version is ${describe(recipe.version)}, expected 1`);
  const list = array(recipe.features, 'features', maxFeatures);
  const budget = { nodes: maxNodes };
  const known = new Set<string>();
  const features = list.map((each, place) => {
    const at = `features[${place}]`;
    const feature = readFeature(each, at, budget);
    if (known.has(feature.name)) throw invalid(at, `a second feature is called "${feature.name}"`);
    const unknown = featuresRead(feature.expression).find((name) => !known.has(name));
    if (unknown !== undefined) throw invalid(at, `it refers to "${unknown}", which is no earlier feature`);
    known.add(feature.name);
    return feature;
  });
  return { version: 1, features };
}

interface Budget {
  nodes: number;
}

function readFeature(json: unknown, at: string, budget: Budget): FittedFeature {
  const raw = record(json, at);
  const kind = oneOf(raw.kind, ['number', 'category'] as const, `${at}.kind`);
  const levels = raw.levels === undefined ? undefined : texts(raw.levels, `${at}.levels`);
  if (kind === 'category' && !levels) throw invalid(`${at}.levels`, 'a category feature needs its levels');
  return {
    name: text(raw.name, `${at}.name`),
    description: text(raw.description, `${at}.description`),
    family: text(raw.family, `${at}.family`),
    unit: text(raw.unit, `${at}.unit`),
    kind,
    ...(levels ? { levels } : {}),
    columns: texts(raw.columns, `${at}.columns`),
    expression: readExpression(raw.expression, `${at}.expression`, 0, budget),
  };
}

function readExpression(json: unknown, at: string, depth: number, budget: Budget): Expression {
  if (depth > maxDepth) throw invalid(at, `the expression is nested deeper than ${maxDepth}`);
  if (--budget.nodes < 0) throw invalid(at, `the recipe has more than ${maxNodes} operators`);
  const raw = record(json, at);
  const { op } = raw;
  const inner = (key: string): Expression => readExpression(raw[key], `${at}.${key}`, depth + 1, budget);
  if (isOneOf(op, unaryOperators)) return { op, of: inner('of') };
  if (isOneOf(op, binaryOperators)) return { op, left: inner('left'), right: inner('right') };
  if (isOneOf(op, manyOperators)) {
    const of = array(raw.of, `${at}.of`, maxList);
    if (!of.length) throw invalid(`${at}.of`, `"${op}" has no operands`);
    return { op, of: of.map((each, place) => readExpression(each, `${at}.of[${place}]`, depth + 1, budget)) };
  }
  switch (op) {
    case 'constant':
      return { op, value: number(raw.value, `${at}.value`) };
    case 'column':
    case 'feature':
      return { op, name: text(raw.name, `${at}.name`) };
    case 'clip':
      return { op, of: inner('of'), low: number(raw.low, `${at}.low`), high: number(raw.high, `${at}.high`) };
    case 'compare':
      return { op, by: oneOf(raw.by, comparisons, `${at}.by`), left: inner('left'), right: inner('right') };
    case 'if':
      return { op, when: inner('when'), then: inner('then'), otherwise: inner('otherwise') };
    case 'fillMissing':
      return { op, of: inner('of'), value: number(raw.value, `${at}.value`) };
    case 'bin':
      return { op, of: inner('of'), edges: ascending(raw.edges, `${at}.edges`) };
    case 'percentile':
      return { op, of: inner('of'), quantiles: ascending(raw.quantiles, `${at}.quantiles`) };
    case 'daysBefore':
      return { op, column: text(raw.column, `${at}.column`) };
    case 'datePart':
      return { op, column: text(raw.column, `${at}.column`), part: oneOf(raw.part, dateParts, `${at}.part`) };
    case 'category':
      return { op, column: text(raw.column, `${at}.column`), table: levelTable(raw.table, `${at}.table`) };
    case 'isLevel':
      return { op, column: text(raw.column, `${at}.column`), levels: texts(raw.levels, `${at}.levels`) };
    case 'levelValue': {
      const levels = texts(raw.levels, `${at}.levels`);
      const values = numbers(raw.values, `${at}.values`);
      if (values.length !== levels.length) throw invalid(at, `${levels.length} levels have ${values.length} values`);
      return { op, column: text(raw.column, `${at}.column`), levels, values };
    }
    default:
      throw invalid(`${at}.op`, `there is no operator ${describe(op)}`);
  }
}

function levelTable(json: unknown, at: string): LevelTable {
  const raw = record(json, at);
  return { levels: texts(raw.levels, `${at}.levels`), rare: texts(raw.rare, `${at}.rare`) };
}

function ascending(json: unknown, at: string): readonly number[] {
  const list = numbers(json, at);
  if (list.some((value, i) => i > 0 && value < (list[i - 1] as number)))
    throw invalid(at, 'the numbers are not ascending');
  return list;
}

function record(json: unknown, at: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(at, `${describe(json)} is no object`);
  return json as Record<string, unknown>;
}

function array(json: unknown, at: string, longest: number): readonly unknown[] {
  if (!Array.isArray(json)) throw invalid(at, `${describe(json)} is no list`);
  if (json.length > longest) throw invalid(at, `the list has ${json.length} entries, at most ${longest} are allowed`);
  return json;
}

function text(json: unknown, at: string): string {
  if (typeof json !== 'string') throw invalid(at, `${describe(json)} is no text`);
  return json;
}

function number(json: unknown, at: string): number {
  if (typeof json !== 'number' || !Number.isFinite(json)) throw invalid(at, `${describe(json)} is no finite number`);
  return json;
}

const texts = (json: unknown, at: string): readonly string[] =>
  array(json, at, maxList).map((each, place) => text(each, `${at}[${place}]`));
const numbers = (json: unknown, at: string): readonly number[] =>
  array(json, at, maxList).map((each, place) => number(each, `${at}[${place}]`));

function isOneOf<T extends string>(json: unknown, allowed: readonly T[]): json is T {
  return (allowed as readonly unknown[]).includes(json);
}

function oneOf<T extends string>(json: unknown, allowed: readonly T[], at: string): T {
  if (isOneOf(json, allowed)) return json;
  throw invalid(at, `${describe(json)} is none of ${allowed.join(', ')}`);
}

function describe(json: unknown): string {
  const shown =
    typeof json === 'string'
      ? JSON.stringify(json.slice(0, 60))
      : typeof json === 'object' && json
        ? 'an object'
        : String(json);
  return shown.slice(0, 80);
}

function invalid(at: string, what: string): StudioError {
  return new StudioError('recipe.invalid', `The recipe cannot be read: ${what} (${at}).`, {
    where: { field: at },
    fix: 'Use a recipe written by this studio, unchanged.',
  });
}
