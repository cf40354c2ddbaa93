import { expect, test } from 'vitest';
import { tinyBundle, tinySchema } from '../../../testing/golden/bundle-fixture.ts';
import { sqlDialects, sqlNumber } from './sql-dialect.ts';
import { sqlExpression } from './sql-expression.ts';
import { dbtModel, scoringSql } from './sql.ts';

const options = { dialect: 'duckdb', table: 'customers', id: 'id' } as const;
const scope = { dialect: sqlDialects.duckdb, schema: tinySchema, today: sqlNumber(19_904) };

test('numbers are written so that a database takes them for doubles, and read back to the same bits', () => {
  for (const value of [0.1 + 0.2, 1, -3, 1e300, 5e-324, -0.007]) {
    expect(sqlNumber(value)).toMatch(/e/);
    expect(Number(sqlNumber(value))).toBe(value);
  }
  expect(sqlNumber(Number.NaN)).toBe('NULL');
});

test('names and levels with quotes cannot leave their quotes', () => {
  const node = { op: 'isLevel', column: 'a"b', levels: ["it's"] } as const;
  expect(sqlExpression(node, scope)).toContain(`"a""b" = 'it''s'`);
});

test('a level that training did not know is missing, not false', () => {
  const sql = sqlExpression({ op: 'isLevel', column: 'region', levels: ['north'] }, scope);
  expect(sql).toBe(`(CASE WHEN "region" = 'north' THEN 1e0 WHEN "region" IN ('north', 'south', 'west') THEN 0e0 END)`);
});

test('a division by zero is missing', () => {
  const sql = sqlExpression(
    { op: 'divide', left: { op: 'constant', value: 1 }, right: { op: 'constant', value: 0 } },
    scope,
  );
  expect(sql).toBe('(1e0 / NULLIF(0e0, 0e0))');
});

test.each(Object.keys(sqlDialects) as (keyof typeof sqlDialects)[])(
  '%s: every tree is one part of one sum',
  (dialect) => {
    const bundle = tinyBundle('boosting');
    const sql = scoringSql(bundle, { ...options, dialect });
    expect(sql.match(/AS leaf FROM inputs/g)?.length).toBe(
      bundle.model.kind === 'boosting' ? bundle.model.trees.length : 0,
    );
    expect(sql.split('(').length).toBe(sql.split(')').length);
  },
);

test('a query that no database would take, and a network, say what to do instead', () => {
  const bundle = tinyBundle('boosting');
  if (bundle.model.kind !== 'boosting') throw new Error('expected trees');
  const many = { ...bundle, model: { ...bundle.model, trees: new Array(20_000).fill(bundle.model.trees[0]) } };
  expect(() => scoringSql(many, options)).toThrow(/at most 900000/);
  expect(() => scoringSql(tinyBundle('neural'), options)).toThrow(/not written as SQL/);
});

test('a dbt model reads its table by reference and tests its columns', () => {
  const files = dbtModel(tinyBundle('logistic'), 'snowflake', 'stg_customers', 'id');
  expect(files['models/propensity_score.sql']).toContain("{{ ref('stg_customers') }}");
  expect(files['models/schema.yml']).toContain('accepted_values');
});
