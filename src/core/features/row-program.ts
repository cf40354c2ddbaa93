import type { ColumnSchema } from '../data/schema.ts';
import { StudioError } from '../shared/errors.ts';
import { log1p } from '../shared/exact-math.ts';
import { asTruth, codeInTable, compare, countAtMost, datePartOf, finite, percentileOf } from './evaluate.ts';
import { columnsRead, type Expression } from './expression.ts';
import type { FittedRecipe } from './fitted-recipe.ts';

/**
 * A recipe for one customer at a time: each expression once as closures, because the interpreter's buffers and look-ups
 * cost thirty times the arithmetic when there is one row. The bits are the interpreter's. Not reentrant.
 */
export interface RowProgram {
  /** The customer's raw values, in the order of the columns given: a number, a day or a category's code; NaN is missing. */
  readonly raw: Float64Array;
  /** The features of what stands in `raw`, in the recipe's order; categories as codes, -1 where missing. */
  run(asOf: number): Float64Array;
}

type Column = Pick<ColumnSchema, 'name' | 'kind' | 'levels'>;
type Step = () => number;

/** Compiles the recipe; `columns` hold at least those it reads. */
export function compileRecipe(recipe: FittedRecipe, columns: readonly Column[]): RowProgram {
  const raw = new Float64Array(columns.length).fill(Number.NaN);
  const made = new Float64Array(recipe.features.length);
  const out = new Float64Array(recipe.features.length);
  const day = { asOf: Number.NaN };
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const features = new Map(recipe.features.map(({ name }, place) => [name, place]));
  for (const { expression } of recipe.features) checkColumns(expression, columns);

  const placeOf = (name: string): number => places.get(name) as number;
  const many = (nodes: readonly Expression[], fold: (a: number, b: number) => number): Step =>
    nodes.map(compile).reduce((left, right) => () => fold(left(), right()));
  const byLevel = (name: string, make: (level: string) => number): Step => {
    const place = placeOf(name);
    const numbers = Float64Array.from(columns[place]?.levels ?? [], make);
    return () => {
      const code = raw[place] as number;
      return code >= 0 ? (numbers[code] as number) : Number.NaN;
    };
  };

  function compile(node: Expression): Step {
    switch (node.op) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'column': {
        const place = placeOf(node.name);
        return () => finite(raw[place] as number);
      }
      case 'feature': {
        const place = features.get(node.name) as number;
        return () => made[place] as number;
      }
      case 'log1p': {
        const of = compile(node.of);
        return () => finite(log1p(of()));
      }
      case 'squareRoot': {
        const of = compile(node.of);
        return () => finite(Math.sqrt(of()));
      }
      case 'absolute': {
        const of = compile(node.of);
        return () => Math.abs(of());
      }
      case 'not': {
        const of = compile(node.of);
        return () => 1 - asTruth(of());
      }
      case 'isMissing': {
        const of = compile(node.of);
        return () => (Number.isNaN(of()) ? 1 : 0);
      }
      case 'subtract': {
        const [left, right] = [compile(node.left), compile(node.right)];
        return () => finite(left() - right());
      }
      case 'divide': {
        const [left, right] = [compile(node.left), compile(node.right)];
        return () => finite(left() / right());
      }
      case 'compare': {
        const { by } = node;
        const [left, right] = [compile(node.left), compile(node.right)];
        return () => compare(by, left(), right());
      }
      case 'add':
        return many(node.of, (a, b) => finite(a + b));
      case 'multiply':
        return many(node.of, (a, b) => finite(a * b));
      case 'minimum':
        return many(node.of, Math.min);
      case 'maximum':
        return many(node.of, Math.max);
      case 'and':
        return many(node.of, (a, b) => (a === 0 || b === 0 ? 0 : asTruth(a) * asTruth(b)));
      case 'or':
        return many(node.of, (a, b) => (a > 0 || b > 0 ? 1 : asTruth(a) + asTruth(b)));
      case 'mean':
        return meanOf(node.of.map(compile));
      case 'clip': {
        const { low, high } = node;
        const of = compile(node.of);
        return () => Math.min(Math.max(of(), low), high);
      }
      case 'if': {
        const [when, then, otherwise] = [compile(node.when), compile(node.then), compile(node.otherwise)];
        return () => (when() > 0 ? then() : otherwise());
      }
      case 'fillMissing': {
        const { value } = node;
        const of = compile(node.of);
        return () => {
          const found = of();
          return Number.isNaN(found) ? value : found;
        };
      }
      case 'bin': {
        const { edges } = node;
        const of = compile(node.of);
        return () => {
          const found = of();
          return Number.isNaN(found) ? found : countAtMost(edges, found);
        };
      }
      case 'percentile': {
        const { quantiles } = node;
        const of = compile(node.of);
        return () => percentileOf(quantiles, of());
      }
      case 'daysBefore': {
        const place = placeOf(node.column);
        return () => finite(day.asOf - (raw[place] as number));
      }
      case 'datePart': {
        const { part } = node;
        const place = placeOf(node.column);
        return () => datePartOf(raw[place] as number, part);
      }
      case 'category':
        return byLevel(node.column, (level) => codeInTable(node.table, level));
      case 'isLevel':
        return byLevel(node.column, (level) => (node.levels.includes(level) ? 1 : 0));
      case 'levelValue':
        return byLevel(node.column, (level) => node.values[node.levels.indexOf(level)] ?? Number.NaN);
    }
  }

  const steps = recipe.features.map(({ expression }) => compile(expression));
  // Codes below this are levels; a number is kept as it is.
  const levelCounts = recipe.features.map(({ kind, levels }) => (kind === 'category' ? (levels ?? []).length : -1));
  return {
    raw,
    run(asOf) {
      day.asOf = asOf;
      for (let place = 0; place < steps.length; place++) {
        const value = (steps[place] as Step)();
        const levelCount = levelCounts[place] as number;
        made[place] = value;
        if (levelCount >= 0) out[place] = value >= 0 && value < levelCount ? Math.floor(value) + 0 : -1;
        // One NaN, as in applyRecipe.
        else out[place] = Number.isNaN(value) ? Number.NaN : value;
      }
      return out;
    },
  };
}

function meanOf(operands: readonly Step[]): Step {
  return () => {
    let sum = 0;
    let present = 0;
    for (const operand of operands) {
      const value = operand();
      if (Number.isNaN(value)) continue;
      sum += value;
      present++;
    }
    return finite(sum / present);
  };
}

function checkColumns(expression: Expression, columns: readonly Column[]): void {
  for (const { name, kind } of columnsRead(expression)) {
    const found = columns.find((column) => column.name === name);
    if (found?.kind === kind) continue;
    throw new StudioError(
      found ? 'data.type' : 'data.missing-column',
      `The recipe reads "${name}" as ${kind}; ${found ? `the schema has it as ${found.kind}` : 'the schema lacks it'}.`,
      { where: { column: name } },
    );
  }
}
