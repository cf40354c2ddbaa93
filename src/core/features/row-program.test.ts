import { expect, test } from 'vitest';
import { type Column, createFrame } from '../data/frame.ts';
import { createRandom, type Random } from '../shared/random.ts';
import { applyRecipeNow } from './apply.ts';
import {
  binaryOperators,
  comparisons,
  dateParts,
  type Expression,
  manyOperators,
  unaryOperators,
} from './expression.ts';
import type { FittedFeature, FittedRecipe } from './fitted-recipe.ts';
import { compileRecipe } from './row-program.ts';

const levels = ['low', 'high', 'odd'];
const edgeNumbers = [0, -0, 1, -3, 1e300, -1e300, 1e-300, 0.1 + 0.2, Number.POSITIVE_INFINITY, Number.NaN];

/** A tree over columns a and b, day and tier, and features f0 … before it. */
function anyExpression(random: Random, depth: number, earlier: number): Expression {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)] as T;
  const inner = (): Expression => anyExpression(random, depth - 1, earlier);
  const leaves: (() => Expression)[] = [
    () => ({ op: 'column', name: pick(['a', 'b']) }),
    () => ({ op: 'constant', value: pick([0, 1, -2.5]) }),
    () => ({ op: 'daysBefore', column: 'day' }),
    () => ({ op: 'datePart', column: 'day', part: pick(dateParts) }),
    () => ({ op: 'category', column: 'tier', table: { levels: ['high', 'other'], rare: ['odd'] } }),
    () => ({ op: 'isLevel', column: 'tier', levels: ['low'] }),
    () => ({ op: 'levelValue', column: 'tier', levels: ['low', 'high'], values: [1, 2] }),
    () => (earlier > 0 ? { op: 'feature', name: `f${random.integer(earlier)}` } : { op: 'column', name: 'a' }),
  ];
  if (depth === 0) return pick(leaves)();
  const nodes: (() => Expression)[] = [
    () => ({ op: pick(unaryOperators), of: inner() }),
    () => ({ op: pick(binaryOperators), left: inner(), right: inner() }),
    () => ({ op: pick(manyOperators), of: [inner(), inner(), inner()].slice(0, 1 + random.integer(3)) }),
    () => ({ op: 'compare', by: pick(comparisons), left: inner(), right: inner() }),
    () => ({ op: 'if', when: inner(), then: inner(), otherwise: inner() }),
    () => ({ op: 'clip', of: inner(), low: -1, high: 2 }),
    () => ({ op: 'fillMissing', of: inner(), value: 7 }),
    () => ({ op: 'bin', of: inner(), edges: [-1, 0, 2] }),
    () => ({ op: 'percentile', of: inner(), quantiles: [-1, 0, 0, 3] }),
  ];
  return pick(nodes)();
}

test('one customer at a time gives the bits of the interpreter, for every operator and edge value', () => {
  const random = createRandom(5);
  const features = Array.from(
    { length: 300 },
    (_, place): FittedFeature => ({
      name: `f${place}`,
      description: '',
      family: 'Raw',
      unit: '',
      kind: place % 7 === 6 ? 'category' : 'number',
      levels: ['x', 'y'],
      columns: [],
      expression: anyExpression(random, place % 4, place),
    }),
  );
  const recipe: FittedRecipe = { version: 1, features };
  const rows = 60;
  const drawn = (): Float64Array =>
    Float64Array.from({ length: rows }, () => edgeNumbers[random.integer(10)] as number);
  const columns: Column[] = [
    { kind: 'number', name: 'a', values: drawn() },
    { kind: 'category', name: 'tier', codes: Int32Array.from({ length: rows }, () => random.integer(4) - 1), levels },
    { kind: 'number', name: 'b', values: drawn() },
    {
      kind: 'date',
      name: 'day',
      days: Float64Array.from({ length: rows }, (_, i) => (i % 9 ? i * 777.3 : Number.NaN)),
    },
  ];
  const asOf = Float64Array.from({ length: rows }, (_, row) => 20_000 + row / 4);
  const whole = applyRecipeNow(recipe, { frame: createFrame(columns), asOf });
  const program = compileRecipe(
    recipe,
    columns.map(({ name, kind }) => ({ name, kind, levels })),
  );
  for (let row = 0; row < rows; row++) {
    columns.forEach((column, place) => {
      program.raw[place] =
        column.kind === 'number'
          ? column.values[row]!
          : column.kind === 'date'
            ? column.days[row]!
            : codeOf(column, row);
    });
    const found = program.run(asOf[row]!);
    whole.columns.forEach((column, place) => {
      const expected = column.kind === 'number' ? column.values[row] : column.kind === 'category' && column.codes[row];
      expect(Object.is(found[place], expected) || `row ${row}, ${JSON.stringify(features[place])}`).toBe(true);
    });
  }
});

function codeOf(column: Column, row: number): number {
  const code = column.kind === 'category' ? column.codes[row]! : -1;
  return code < 0 ? Number.NaN : code;
}

test('a recipe that reads what the schema lacks is refused before any customer comes', () => {
  const expression: Expression = { op: 'column', name: 'tier' };
  const feature = {
    name: 'f',
    description: '',
    family: 'Raw',
    unit: '',
    kind: 'number',
    columns: [],
    expression,
  } as const;
  const recipe: FittedRecipe = { version: 1, features: [feature] };
  expect(() => compileRecipe(recipe, [])).toThrow('the schema lacks it');
  expect(() => compileRecipe(recipe, [{ name: 'tier', kind: 'category', levels }])).toThrow('has it as category');
});
