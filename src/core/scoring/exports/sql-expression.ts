import type { TableSchema } from '../../data/schema.ts';
import type { Comparison, Expression } from '../../features/expression.ts';
import { type SqlDialect, sqlNumber, sqlText } from './sql-dialect.ts';

const comparisonSigns: Readonly<Record<Comparison, string>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '=': '=',
  '!=': '<>',
};

/** Feature columns carry a mark, so that one called as a raw column is another. */
export function sqlFeature({ name: quoted }: SqlDialect, name: string): string {
  return quoted(`f:${name}`);
}

/** What a printed expression refers to. */
export interface SqlScope {
  readonly dialect: SqlDialect;
  readonly schema: TableSchema;
  /** The snapshot day in days since 1970-01-01, as SQL. */
  readonly today: string;
}

/** An expression as SQL: missing is NULL, truth is 1e0 or 0e0, a category is the number of its level. */
export function sqlExpression(node: Expression, scope: SqlScope): string {
  const { dialect, schema, today } = scope;
  const of = (each: Expression): string => sqlExpression(each, scope);
  const truth = (x: string): string => `(CASE WHEN ${x} > 0e0 THEN 1e0 WHEN ${x} IS NOT NULL THEN 0e0 END)`;
  /** NULL unless the level is one that training knew: an unseen one counts as missing. */
  const knownLevel = (column: string, whens: string, otherwise: string): string => {
    const levels = schema.columns.find(({ name }) => name === column)?.levels;
    const name = dialect.name(column);
    const known = levels ? `WHEN ${name} IN (${levels.map(sqlText).join(', ')})` : `WHEN ${name} IS NOT NULL`;
    return `(CASE ${whens} ${otherwise === 'NULL' ? '' : `${known} THEN ${otherwise} `}END)`;
  };
  const isLevel = (column: string, level: string): string => `${dialect.name(column)} = ${sqlText(level)}`;

  switch (node.op) {
    case 'constant':
      return sqlNumber(node.value);
    case 'column': {
      const value = `CAST(${dialect.name(node.name)} AS ${dialect.double})`;
      return dialect.notANumber ? `NULLIF(${value}, ${dialect.notANumber})` : value;
    }
    case 'feature':
      return sqlFeature(dialect, node.name);
    case 'log1p': {
      const x = of(node.of);
      return `(CASE WHEN ${x} > -1e0 THEN LN(1e0 + ${x}) END)`;
    }
    case 'squareRoot': {
      const x = of(node.of);
      return `(CASE WHEN ${x} >= 0e0 THEN SQRT(${x}) END)`;
    }
    case 'absolute':
      return `ABS(${of(node.of)})`;
    case 'not':
      return `(1e0 - ${truth(of(node.of))})`;
    case 'isMissing':
      return `(CASE WHEN ${of(node.of)} IS NULL THEN 1e0 ELSE 0e0 END)`;
    case 'subtract':
      return `(${of(node.left)} - ${of(node.right)})`;
    case 'divide':
      return `(${of(node.left)} / NULLIF(${of(node.right)}, 0e0))`;
    case 'compare': {
      const [a, b] = [of(node.left), of(node.right)];
      return `(CASE WHEN ${a} ${comparisonSigns[node.by]} ${b} THEN 1e0 WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN 0e0 END)`;
    }
    case 'add':
      return `(${node.of.map(of).join(' + ')})`;
    case 'multiply':
      return `(${node.of.map(of).join(' * ')})`;
    case 'minimum':
    case 'maximum': {
      const operands = node.of.map(of);
      const missing = operands.map((x) => `${x} IS NULL`).join(' OR ');
      // Some databases leave NULL out of LEAST and GREATEST, others do not.
      return `(CASE WHEN NOT (${missing}) THEN ${node.op === 'minimum' ? 'LEAST' : 'GREATEST'}(${operands.join(', ')}) END)`;
    }
    case 'and': {
      const operands = node.of.map(of);
      const anyFalse = operands.map((x) => `${x} = 0e0`).join(' OR ');
      return `(CASE WHEN ${anyFalse} THEN 0e0 ELSE ${operands.map(truth).join(' * ')} END)`;
    }
    case 'or': {
      const operands = node.of.map(of);
      const anyTrue = operands.map((x) => `${x} > 0e0`).join(' OR ');
      return `(CASE WHEN ${anyTrue} THEN 1e0 ELSE ${operands.map(truth).join(' + ')} END)`;
    }
    case 'mean': {
      const operands = node.of.map(of);
      const sum = operands.map((x) => `COALESCE(${x}, 0e0)`).join(' + ');
      const count = operands.map((x) => `CASE WHEN ${x} IS NULL THEN 0e0 ELSE 1e0 END`).join(' + ');
      return `((${sum}) / NULLIF(${count}, 0e0))`;
    }
    case 'clip': {
      const x = of(node.of);
      const [low, high] = [sqlNumber(node.low), sqlNumber(node.high)];
      return `(CASE WHEN ${x} < ${low} THEN ${low} WHEN ${x} > ${high} THEN ${high} ELSE ${x} END)`;
    }
    case 'if':
      return `(CASE WHEN ${of(node.when)} > 0e0 THEN ${of(node.then)} ELSE ${of(node.otherwise)} END)`;
    case 'fillMissing':
      return `COALESCE(${of(node.of)}, ${sqlNumber(node.value)})`;
    case 'bin': {
      const x = of(node.of);
      const whens = node.edges.map((edge, i) => `WHEN ${x} >= ${sqlNumber(edge)} THEN ${sqlNumber(i + 1)}`).reverse();
      return `(CASE ${whens.join(' ')} WHEN ${x} IS NOT NULL THEN 0e0 END)`;
    }
    case 'percentile':
      return percentile(of(node.of), node.quantiles);
    case 'daysBefore':
      return `(${today} - ${dialect.days(dialect.name(node.column))})`;
    case 'datePart':
      return `CAST(${dialect.datePart(node.part, dialect.name(node.column))} AS ${dialect.double})`;
    case 'category': {
      const { levels, rare } = node.table;
      const whens = [
        ...levels.map((level, code) => `WHEN ${isLevel(node.column, level)} THEN ${sqlNumber(code)}`),
        ...rare.map((level) => `WHEN ${isLevel(node.column, level)} THEN ${sqlNumber(levels.length - 1)}`),
      ];
      return knownLevel(node.column, whens.join(' ') || 'WHEN FALSE THEN 0e0', 'NULL');
    }
    case 'isLevel': {
      const whens = node.levels.map((level) => `WHEN ${isLevel(node.column, level)} THEN 1e0`);
      return knownLevel(node.column, whens.join(' '), '0e0');
    }
    case 'levelValue': {
      const whens = node.levels.map((level, i) => {
        return `WHEN ${isLevel(node.column, level)} THEN ${sqlNumber(node.values[i] ?? Number.NaN)}`;
      });
      return knownLevel(node.column, whens.join(' '), 'NULL');
    }
  }
}

/** From the last quantile down; of tied ones the middle. */
function percentile(x: string, quantiles: readonly number[]): string {
  if (quantiles.length < 2) return 'NULL';
  const last = quantiles.length - 1;
  const whens = [`WHEN ${x} > ${sqlNumber(quantiles[last] as number)} THEN 1e0`];
  for (let high = last; high >= 0; ) {
    const value = quantiles[high] as number;
    let low = high;
    while (low > 0 && quantiles[low - 1] === value) low--;
    const next = quantiles[high + 1];
    if (next !== undefined)
      whens.push(
        `WHEN ${x} > ${sqlNumber(value)} THEN (${sqlNumber(high)} + (${x} - ${sqlNumber(value)}) / ${sqlNumber(next - value)}) / ${sqlNumber(last)}`,
      );
    whens.push(`WHEN ${x} = ${sqlNumber(value)} THEN ${sqlNumber((low + high) / 2 / last)}`);
    high = low - 1;
  }
  return `(CASE ${whens.join(' ')} WHEN ${x} IS NOT NULL THEN 0e0 END)`;
}
