import { formatDay } from '../data/frame.ts';
import type { ColumnSchema } from '../data/schema.ts';
import { createRandom, type Random } from '../shared/random.ts';
import { StudioError } from '../shared/errors.ts';
import type { JsonReader } from './json-reader.ts';
import type { Scorer } from './scorer.ts';

/** Made-up customers with the scores they had when the bundle was saved: what loads it must give the same bits. */
export interface GoldenRows {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly propensity: readonly number[];
  readonly probability: readonly number[];
}

const randomCount = 24;
const mostRecords = 256;

/**
 * Golden rows for a scorer, from its schema alone and never from customers: each column in turn at its edges, missing and
 * unseen, then all columns at random within their ranges.
 */
export function makeGoldenRows(scorer: Scorer): GoldenRows {
  const records = makeRecords(scorer, mostRecords - randomCount - 1, randomCount);
  return { records, ...scoresOf(scorer, records) };
}

/** Made-up customers: one with everything missing that may be, at most so many at an edge, and so many drawn at random. */
export function makeRecords(scorer: Scorer, mostEdges: number, drawn: number): GoldenRows['records'] {
  const { schema, asOf = 20_000 } = scorer.bundle;
  const columns = schema.columns.filter(({ name }) => scorer.needed.has(name));
  const random = createRandom(1);
  const draw = (): Record<string, unknown> =>
    Object.fromEntries(columns.map((column) => [column.name, drawValue(column, random, asOf)]));
  const edges = columns.flatMap((column) =>
    edgeValues(column, asOf).map((value) => ({ ...draw(), [column.name]: value })),
  );
  const bare = Object.fromEntries(
    columns.map((column) => [column.name, column.optional ? null : drawValue(column, random, asOf)]),
  );
  // Wide tables have more edges than are worth carrying: an even choice of them.
  const step = Math.max(1, edges.length / mostEdges);
  const chosen = Array.from({ length: Math.min(edges.length, mostEdges) }, (_, i) => edges[Math.floor(i * step)]!);
  return [bare, ...chosen, ...Array.from({ length: drawn }, draw)];
}

/** Scores the golden rows again; the first that differs in a bit is `bundle.integrity`. */
export function verifyGoldenRows(scorer: Scorer, golden: GoldenRows): void {
  const { propensity, probability } = scoresOf(scorer, golden.records);
  const row = golden.records.findIndex(
    (_, i) => !Object.is(propensity[i], golden.propensity[i]) || !Object.is(probability[i], golden.probability[i]),
  );
  if (row < 0) return;
  throw new StudioError(
    'bundle.integrity',
    `The golden row ${row + 1} of ${golden.records.length} scores ${propensity[row]} with probability ${probability[row]}; it had ${golden.propensity[row]} and ${golden.probability[row]} when the bundle was saved.`,
    {
      where: { file: 'golden-rows.json', row: row + 1 },
      fix: 'Do not score with this copy: fetch the bundle again, or save it again with this version of the studio.',
    },
  );
}

export function readGoldenRows(json: JsonReader): GoldenRows {
  const records = json.field('records').list((record) => {
    const { value } = record;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return record.refuse('an object');
    return value as Readonly<Record<string, unknown>>;
  });
  if (records.length === 0 || records.length > mostRecords) json.field('records').refuse(`1 to ${mostRecords} records`);
  const scores = (name: string): number[] => json.field(name).list((score) => score.number(0, 1));
  const golden = { records, propensity: scores('propensity'), probability: scores('probability') };
  if (golden.propensity.length !== records.length || golden.probability.length !== records.length) {
    json.refuse('one score per record');
  }
  return golden;
}

function scoresOf(scorer: Scorer, records: GoldenRows['records']): Omit<GoldenRows, 'records'> {
  const { results, findings } = scorer.scoreCustomers(records);
  const refused = findings.find(({ level }) => level === 'refused');
  if (refused) {
    throw new StudioError(
      'bundle.integrity',
      `The golden row ${refused.record + 1} cannot be scored at ${refused.pointer}: ${refused.detail}`,
      { where: { file: 'golden-rows.json', row: refused.record + 1 }, fix: 'Save the bundle again from the studio.' },
    );
  }
  return {
    propensity: results.map((result) => result!.propensity_score),
    probability: results.map((result) => result!.conversion_probability),
  };
}

function drawValue(column: ColumnSchema, random: Random, asOf: number): unknown {
  if (column.optional && random.integer(8) === 0) return null;
  switch (column.kind) {
    case 'number': {
      const { min = 0, max = min + 100, integer } = column;
      const value = min + (max - min) * random.next();
      return integer ? Math.floor(value) : value;
    }
    case 'category': {
      const { levels = [] } = column;
      return levels.length > 0 ? levels[random.integer(levels.length)] : 'unseen';
    }
    case 'date':
      return formatDay(Math.floor(asOf) - random.integer(1500));
    case 'text':
      return `text ${random.integer(1000)}`;
  }
}

/** Values where code goes wrong: the ends, beyond them, zeros of both signs, very large and very small, missing, unseen. */
function edgeValues(column: ColumnSchema, asOf: number): unknown[] {
  const missing = column.optional ? [null] : [];
  switch (column.kind) {
    case 'number': {
      const { min = 0, max = min + 100, integer } = column;
      const wild = integer ? [-1, 2_147_483_648, Number.MAX_SAFE_INTEGER] : [min - 0.5, 1e-300, 1e300, 0.1 + 0.2];
      return [...(integer ? [Math.ceil(min), Math.floor(max)] : [min, max]), 0, -0, ...wild, ...missing];
    }
    case 'category':
      return [...(column.levels ?? []).slice(0, 8), 'never seen before', ...missing];
    case 'date':
      return [formatDay(Math.floor(asOf)), '1970-01-01', '2000-02-29', '2099-12-31T23:59:59', ...missing];
    case 'text':
      return ['x', 'é 漢 🙂', ...missing];
  }
}
