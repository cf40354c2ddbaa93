import { featuresRead } from '../../features/expression.ts';
import type { FittedFeature } from '../../features/fitted-recipe.ts';
import type { BoostingModel, Tree } from '../../models/boosting/boosting-model.ts';
import {
  defaultLeftBit,
  missingMask,
  missingNaN,
  missingZero,
  thresholdInEffect,
  zeroThreshold,
} from '../../models/boosting/decision.ts';
import type { LogisticModel } from '../../models/logistic/logistic-model.ts';
import type { Calibrator } from '../../evaluation/calibration/calibrator.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Bundle } from '../bundle.ts';
import { linearTerms } from './linear-terms.ts';
import { type SqlDialect, type SqlDialectName, sqlDialects, sqlNumber } from './sql-dialect.ts';
import { sqlExpression, sqlFeature, type SqlScope } from './sql-expression.ts';
import { categorySets, treeInputs } from './tree-inputs.ts';

export interface SqlOptions {
  readonly dialect: SqlDialectName;
  /** The table of customers, as the query names it: a quoted name, or dbt's `{{ ref('customers') }}`. */
  readonly table: string;
  /** The column that tells customers apart; it must have no doubles. */
  readonly id: string;
}

/** Databases refuse longer queries, or take very long to plan them. */
const mostCharacters = 900_000;

/**
 * Recipe and model as one query: `id`, `propensity_score`, `conversion_probability`, `risk_category`. Trees are one SELECT
 * each, added up by customer. A network or a query of more than 900 kB is `model.format`.
 */
export function scoringSql(bundle: Bundle, { dialect: dialectName, table, id }: SqlOptions): string {
  const dialect = sqlDialects[dialectName];
  const { manifest, schema, recipe, cutoffs, centre = 0, calibrator, asOf } = bundle;
  const scope: SqlScope = { dialect, schema, today: asOf === undefined ? 'NULL' : sqlNumber(asOf) };
  const layers = featureLayers(recipe.features);
  const idName = dialect.name(id);
  const ctes = [`customers AS (SELECT * FROM ${table})`];
  layers.forEach((layer, depth) => {
    const from = depth === 0 ? 'customers' : `features_${depth}`;
    const made = layer.map(
      ({ name, expression }) => `${sqlExpression(expression, scope)} AS ${sqlFeature(dialect, name)}`,
    );
    ctes.push(`features_${depth + 1} AS (SELECT *, ${made.join(',\n  ')} FROM ${from})`);
  });
  const features = layers.length === 0 ? 'customers' : `features_${layers.length}`;
  const { model } = bundle;
  if (model.kind === 'boosting') ctes.push(...treeParts(model, bundle, dialect, features, idName));
  else if (model.kind === 'logistic') ctes.push(linearPart(model, bundle, dialect, features, idName));
  else
    throw new StudioError('model.format', 'A neural network is not written as SQL.', {
      fix: 'Export it as ONNX, or export the boosting or logistic model.',
    });
  const sigmoid = (x: string): string => `1e0 / (1e0 + EXP(-(${x})))`;
  const logOdds = `LEAST(36e0, GREATEST(-36e0, ${calibrated(calibrator, 'raw_score')}))`;
  const query = [
    `-- ${manifest.modelVersion}, ${dialectName}. Made by Propensity Studio.`,
    `WITH ${ctes.join(',\n')}`,
    `SELECT ${idName}, propensity_score, conversion_probability,`,
    `  CASE WHEN propensity_score >= ${sqlNumber(cutoffs.high)} THEN 'High' WHEN propensity_score >= ${sqlNumber(cutoffs.medium)} THEN 'Medium' ELSE 'Low' END AS risk_category`,
    `FROM (SELECT ${idName}, ${sigmoid(`raw_score + ${sqlNumber(centre)}`)} AS propensity_score,`,
    `  ${sigmoid(logOdds)} AS conversion_probability FROM scored) AS answers`,
    '',
  ].join('\n');
  if (query.length <= mostCharacters) return query;
  throw new StudioError(
    'model.format',
    `The query would have ${query.length} characters; at most ${mostCharacters} go.`,
    {
      fix: 'Train with fewer trees or leaves, or export ONNX.',
    },
  );
}

/** The query as a dbt model over `ref(table)`, with its tests. */
export function dbtModel(bundle: Bundle, dialect: SqlDialectName, table: string, id: string): Record<string, string> {
  const ref = `{{ ref('${table.replaceAll("'", '')}') }}`;
  return {
    'models/propensity_score.sql': scoringSql(bundle, { dialect, table: ref, id }),
    'models/schema.yml': [
      'version: 2',
      'models:',
      '  - name: propensity_score',
      `    description: ${JSON.stringify(`${bundle.manifest.modelVersion}, made by Propensity Studio`)}`,
      '    columns:',
      `      - name: ${JSON.stringify(id)}`,
      '        data_tests: [unique, not_null]',
      '      - name: propensity_score',
      '        data_tests: [not_null]',
      '      - name: risk_category',
      '        data_tests:',
      '          - accepted_values: {arguments: {values: [High, Medium, Low]}}',
      '',
    ].join('\n'),
  };
}

/** Features by how deep they build on each other: each layer reads the ones before it. */
function featureLayers(features: readonly FittedFeature[]): FittedFeature[][] {
  const depths = new Map<string, number>();
  const layers: FittedFeature[][] = [];
  for (const feature of features) {
    const depth = Math.max(-1, ...featuresRead(feature.expression).map((name) => depths.get(name) ?? 0)) + 1;
    depths.set(feature.name, depth);
    (layers[depth] ??= []).push(feature);
  }
  return layers;
}

function treeParts(model: BoostingModel, { recipe }: Bundle, dialect: SqlDialect, from: string, id: string): string[] {
  const columns = treeInputs(model, recipe).map(({ name, numbers }, index) => {
    const value = sqlFeature(dialect, name);
    if (!numbers) return `${value} AS x${index}`;
    const whens = Array.from(numbers.subarray(1), (each, code) => `WHEN ${sqlNumber(code)} THEN ${sqlNumber(each)}`);
    const missing = sqlNumber(numbers[0] as number);
    return `${whens.length > 0 ? `CASE ${value} ${whens.join(' ')} ELSE ${missing} END` : missing} AS x${index}`;
  });
  const trees = model.trees.map((tree, t) => `SELECT ${id}, ${t} AS tree, ${treeCase(tree)} AS leaf FROM inputs`);
  const scale = (model.objective?.sigmoid ?? 1) / (model.averageOutput ? model.trees.length : 1);
  return [
    `inputs AS (SELECT ${[id, ...columns].join(',\n  ')} FROM ${from})`,
    `leaves AS (\n${trees.join('\nUNION ALL ')})`,
    `scored AS (SELECT ${id}, SUM(leaf) * ${sqlNumber(scale)} AS raw_score FROM leaves GROUP BY ${id})`,
  ];
}

/** One tree as nested CASEs. NULL is missing: a comparison with it is not true. */
function treeCase(tree: Tree): string {
  const sets = categorySets(tree);
  const print = (child: number): string => {
    if (child < 0) return sqlNumber(tree.leafValue[~child] as number);
    const x = `x${tree.splitFeature[child]}`;
    const type = tree.decisionType[child] as number;
    const threshold = tree.threshold[child] as number;
    const [left, right] = [print(tree.leftChild[child] as number), print(tree.rightChild[child] as number)];
    const branch = (isLeft: string): string => `CASE WHEN ${isLeft} THEN ${left} ELSE ${right} END`;
    if (type & 1) {
      const members = sets[threshold] ?? [];
      return members.length > 0 ? branch(`${x} IN (${members.map(sqlNumber).join(', ')})`) : right;
    }
    const missing = type & missingMask;
    const missingLeft = (type & defaultLeftBit) !== 0;
    const effective = thresholdInEffect(threshold);
    // A missing value where training saw none is 0; infinity is beyond every number.
    const goesLeft =
      effective === Number.POSITIVE_INFINITY
        ? `${x} IS NOT NULL`
        : effective === Number.NEGATIVE_INFINITY
          ? '1 = 0'
          : `${x} <= ${sqlNumber(effective)}`;
    if (missing === missingZero) {
      const isMissing = `(${x} IS NULL OR ${x} BETWEEN ${sqlNumber(-zeroThreshold)} AND ${sqlNumber(zeroThreshold)})`;
      return branch(missingLeft ? `${isMissing} OR ${goesLeft}` : `NOT ${isMissing} AND ${goesLeft}`);
    }
    const nullLeft = missing === missingNaN ? missingLeft : 0 <= effective;
    return branch(nullLeft ? `${x} IS NULL OR ${goesLeft}` : goesLeft);
  };
  return print(tree.leafCount > 1 ? 0 : -1);
}

function linearPart(model: LogisticModel, { recipe }: Bundle, dialect: SqlDialect, from: string, id: string): string {
  const terms = linearTerms(model, recipe).map((term) => {
    const x = sqlFeature(dialect, term.name);
    if ('byCode' in term) {
      const whens = term.byCode.map((value, code) => `WHEN ${sqlNumber(code)} THEN ${sqlNumber(value)}`);
      return whens.length > 0 ? `CASE ${x} ${whens.join(' ')} ELSE 0e0 END` : '0e0';
    }
    const { mean, scale, coefficient, missing } = term;
    return `COALESCE((${x} - ${sqlNumber(mean)}) / ${sqlNumber(scale)} * ${sqlNumber(coefficient)}, ${sqlNumber(missing)})`;
  });
  return `scored AS (SELECT ${id}, ${[sqlNumber(model.intercept), ...terms].join('\n  + ')} AS raw_score FROM ${from})`;
}

function calibrated(calibrator: Calibrator, raw: string): string {
  switch (calibrator.kind) {
    case 'platt':
      return `${sqlNumber(calibrator.slope)} * ${raw} + ${sqlNumber(calibrator.intercept)}`;
    case 'beta': {
      const softplus = (x: string): string => `(GREATEST(${x}, 0e0) + LN(1e0 + EXP(-ABS(${raw}))))`;
      const { a, b, c } = calibrator;
      return `${sqlNumber(c)} + (${sqlNumber(b)} * ${softplus(raw)} - ${sqlNumber(a)} * ${softplus(`-(${raw})`)})`;
    }
    case 'isotonic': {
      const { raw: x, logOdds: y, tailSlope } = calibrator;
      const line = (at: number, slope: string): string =>
        `${sqlNumber(y[at] as number)} + (${raw} - ${sqlNumber(x[at] as number)})${slope}`;
      const whens = x.map((knot, i) => {
        const isLast = i === x.length - 1;
        const width = isLast ? 0 : (x[i + 1] as number) - knot;
        const height = isLast ? 0 : (y[i + 1] as number) - (y[i] as number);
        const slope = isLast ? ` * ${sqlNumber(tailSlope)}` : ` / ${sqlNumber(width)} * ${sqlNumber(height)}`;
        return `WHEN ${raw} >= ${sqlNumber(knot)} THEN ${line(i, slope)}`;
      });
      return `CASE ${whens.reverse().join(' ')} ELSE ${line(0, ` * ${sqlNumber(tailSlope)}`)} END`;
    }
  }
}
