import type { DatePart } from '../../features/expression.ts';

/** How a database spells what the scoring query needs. */
export interface SqlDialect {
  /** A name within quotes. */
  readonly name: (name: string) => string;
  /** The type of a double. */
  readonly double: string;
  /** Whether a division by zero is an error or an infinity, and NaN is a number of its own. */
  readonly notANumber: string | undefined;
  /** Days since 1970-01-01 UTC, with the time of day as a fraction. */
  readonly days: (column: string) => string;
  readonly datePart: (part: DatePart, column: string) => string;
}

const doubled = (quote: string) => (name: string) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
const backslashed = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
const extracted = (words: Readonly<Record<DatePart, string>>) => (part: DatePart, column: string) =>
  `EXTRACT(${words[part]} FROM ${column})`;
const isoWords = { year: 'YEAR', month: 'MONTH', dayOfMonth: 'DAY', weekday: 'ISODOW', hour: 'HOUR' };

/** DuckDB's is run against the studio every night; the others follow their documentation. */
export const sqlDialects = {
  duckdb: {
    name: doubled('"'),
    double: 'DOUBLE',
    notANumber: "CAST('NaN' AS DOUBLE)",
    days: (column) => `(EPOCH(CAST(${column} AS TIMESTAMP)) / 86400e0)`,
    datePart: (part, column) => extracted(isoWords)(part, `CAST(${column} AS TIMESTAMP)`),
  },
  postgres: {
    name: doubled('"'),
    double: 'DOUBLE PRECISION',
    notANumber: "CAST('NaN' AS DOUBLE PRECISION)",
    days: (column) => `(CAST(EXTRACT(EPOCH FROM CAST(${column} AS TIMESTAMP)) AS DOUBLE PRECISION) / 86400e0)`,
    datePart: (part, column) => extracted(isoWords)(part, `CAST(${column} AS TIMESTAMP)`),
  },
  bigquery: {
    name: backslashed,
    double: 'FLOAT64',
    notANumber: "CAST('NaN' AS FLOAT64)",
    days: (column) => `(UNIX_MICROS(CAST(${column} AS TIMESTAMP)) / 86400000000e0)`,
    datePart: (part, column) =>
      part === 'weekday'
        ? `(MOD(EXTRACT(DAYOFWEEK FROM CAST(${column} AS TIMESTAMP)) + 5, 7) + 1)`
        : extracted({ ...isoWords, weekday: '' })(part, `CAST(${column} AS TIMESTAMP)`),
  },
  snowflake: {
    name: doubled('"'),
    double: 'DOUBLE',
    notANumber: "CAST('NaN' AS DOUBLE)",
    days: (column) => `(DATE_PART(EPOCH_MICROSECOND, CAST(${column} AS TIMESTAMP_NTZ)) / 86400000000e0)`,
    datePart: (part, column) =>
      extracted({ ...isoWords, weekday: 'DAYOFWEEKISO' })(part, `CAST(${column} AS TIMESTAMP_NTZ)`),
  },
  spark: {
    name: backslashed,
    double: 'DOUBLE',
    notANumber: "CAST('NaN' AS DOUBLE)",
    days: (column) => `(UNIX_MICROS(CAST(${column} AS TIMESTAMP)) / 86400000000e0)`,
    datePart: (part, column) =>
      part === 'weekday'
        ? `(WEEKDAY(CAST(${column} AS TIMESTAMP)) + 1)`
        : extracted({ ...isoWords, weekday: '' })(part, `CAST(${column} AS TIMESTAMP)`),
  },
} as const satisfies Readonly<Record<string, SqlDialect>>;

export type SqlDialectName = keyof typeof sqlDialects;

/** A double in exponent form: without the exponent some databases take it for a decimal. */
export function sqlNumber(value: number): string {
  if (Number.isNaN(value)) return 'NULL';
  const text = String(value);
  return text.includes('e') ? text : `${text}e0`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
