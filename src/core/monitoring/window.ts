import { type Column, type Frame, getColumn, type NumberColumn } from '../data/frame.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { StudioError } from '../shared/errors.ts';
import { standardDeviation } from '../shared/statistics.ts';
import { judgeNoise, type NoiseVerdict } from './alarms.ts';
import {
  binLabels,
  countAscending,
  countCategories,
  describeCategory,
  describeNumber,
  presentSorted,
} from './binning.ts';
import type { ReferenceFeature, ReferenceNumber } from './binning.ts';
import { binnedCounts, type DistributionPair, pairValues, type ValuePair } from './distribution-pair.ts';
import { driftMeasures } from './measures/catalogue.ts';
import { measurePerformance } from './performance/performance.ts';
import { type StoredPerformance, storePerformance } from './performance/stored.ts';
import { type DriftBand, driftBandOf, psi, sharesOf } from './psi.ts';
import { type FeatureStructure, learnStructure } from './reconstruction.ts';
import { type ScoreSketch, sketchScores } from './score-sketch.ts';

/** What customers looked like when the model was made: counts per bin only, no rows. Plain JSON, carried in bundles. */
export interface ReferenceWindow {
  readonly version: 1;
  readonly rowCount: number;
  readonly features: readonly ReferenceFeature[];
  readonly score: ReferenceNumber;
  /** How the model did on customers it had not learned from, at the cut of then; absent where no outcomes were given. */
  readonly performance?: StoredPerformance;
  /** How features hang together; absent in older windows. */
  readonly structure?: FeatureStructure;
  /** What the model said of the reference's customers; absent in older windows. */
  readonly scores?: ScoreSketch;
}

/** One feature now against the reference. */
export interface FeatureDrift extends NoiseVerdict {
  readonly feature: string;
  readonly psi: number;
  readonly band: DriftBand;
  readonly bins: readonly string[];
  /** Share of reference and of current customers in each bin. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Value of every measure of the catalogue by id; NaN where it does not apply. */
  readonly measures: Readonly<Record<string, number>>;
}

/** The customers that the window was made of, where they are at hand: measures are then exact. */
export interface ReferenceCustomers {
  readonly features: Frame;
  readonly rows: ArrayLike<number>;
  readonly propensity: Float64Array;
  /** The rows of the score, where they are others. */
  readonly scoreRows?: ArrayLike<number>;
  /** What is known of the rows of the score, by row of the frame. */
  readonly outcomes?: {
    readonly labels: Int8Array;
    readonly probability: Float64Array;
    readonly cut: number;
  };
}

interface CompareOptions {
  readonly customers?: ReferenceCustomers | undefined;
  /** Passed each column. */
  readonly checkpoint?: Checkpoint;
}

export interface WindowComparison {
  readonly rowCount: number;
  readonly referenceRowCount: number;
  /** The most drifted first. */
  readonly features: readonly FeatureDrift[];
  readonly score: FeatureDrift;
}

const scoreName = 'propensity score';

/**
 * Summarises these rows of the features and their propensity scores (both indexed by row of the frame). The score is
 * summarised over rows that the model did not learn from: on those it did, scores are too sure, which looks like drift.
 */
export function makeReferenceWindow({
  features,
  rows,
  propensity,
  scoreRows = rows,
  outcomes,
}: ReferenceCustomers): ReferenceWindow {
  if (rows.length === 0) throw new StudioError('data.empty', 'A reference window needs at least one customer.');
  const described: ReferenceFeature[] = [];
  for (const column of features.columns) {
    if (column.kind === 'number') described.push(describeNumber(column, rows));
    if (column.kind === 'category') described.push(describeCategory(column, rows));
  }
  return {
    version: 1,
    rowCount: rows.length,
    features: described,
    score: describeNumber(scoreColumn(propensity), scoreRows),
    structure: learnStructure(features, atMost(rows, mostForStructure)),
    ...(outcomes ? describeOutcomes(propensity, outcomes, scoreRows) : {}),
  };
}

/** More customers tell nothing more of how features hang together, and would take seconds. */
const mostForStructure = 20_000;

function describeOutcomes(
  propensity: Float64Array,
  { labels, probability, cut }: NonNullable<ReferenceCustomers['outcomes']>,
  rows: ArrayLike<number>,
): Pick<ReferenceWindow, 'performance' | 'scores'> {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  const scored = {
    labels: Int8Array.from(rows, (row) => labels[row] as number),
    propensity: pick(propensity),
    probability: pick(probability),
  };
  return { performance: storePerformance(measurePerformance(scored, cut)), scores: sketchScores(scored) };
}

function atMost(rows: ArrayLike<number>, most: number): Uint32Array {
  const count = Math.min(rows.length, most);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] as number);
}

/**
 * Every measure of every feature of the window and of the score, and which of them alarm. The frame must hold the window's
 * columns, else `data.missing-column`.
 */
export async function compareWithReference(
  window: ReferenceWindow,
  features: Frame,
  propensity: Float64Array,
  { customers, checkpoint = noCheckpoint }: CompareOptions = {},
): Promise<WindowComparison> {
  if (features.rowCount === 0) throw new StudioError('data.empty', 'There are no customers to compare.');
  const rows = customers && (customers.scoreRows ?? customers.rows);
  const score = scoreColumn(propensity);
  const drifts = [measure(window.score, score, rows && { column: scoreColumn(customers.propensity), rows })];
  for (const feature of window.features) {
    await checkpoint({ fraction: (drifts.length - 1) / window.features.length, stage: `Comparing ${feature.name}` });
    const before = customers && getColumn(customers.features, feature.name);
    const own = getColumn(features, feature.name);
    drifts.push(measure(feature, own, before && { column: before, rows: customers.rows }));
  }
  const noise = judgeNoise(drifts);
  const judged = drifts.map(({ pair: _, ...drift }, i): FeatureDrift => ({ ...drift, ...(noise[i] as NoiseVerdict) }));
  return {
    rowCount: features.rowCount,
    referenceRowCount: window.rowCount,
    features: judged.slice(1).sort((a, b) => b.psi - a.psi || (a.feature < b.feature ? -1 : 1)),
    score: judged[0] as FeatureDrift,
  };
}

interface ColumnRows {
  readonly column: Column;
  readonly rows: ArrayLike<number>;
}

/** Only the counts stay of a column: its sorted values are let go before the next is read. */
function measure(
  feature: ReferenceFeature,
  column: Column,
  before?: ColumnRows,
): Omit<FeatureDrift, keyof NoiseVerdict> & { readonly pair: DistributionPair } {
  const whole = pairOf(feature, column, before);
  const counts = binnedCounts(whole);
  const reference = sharesOf(counts.reference);
  const current = sharesOf(counts.current);
  const index = psi(reference, current);
  const { values: _, ...pair } = whole;
  return {
    pair,
    feature: feature.name,
    psi: index,
    band: driftBandOf(index),
    bins: binLabels(feature),
    reference,
    current,
    measures: Object.fromEntries(driftMeasures.map((each) => [each.id, each.of(whole)])),
  };
}

function pairOf(feature: ReferenceFeature, column: Column, before?: ColumnRows): DistributionPair {
  const reference = feature.counts.slice(0, feature.kind === 'number' ? -1 : -2);
  const missing = feature.counts.at(-1) as number;
  if (feature.kind === 'category' && column.kind === 'category') {
    const { known, unseen, missing: gone } = countCategories(feature.levels, column);
    return { kind: 'category', reference, current: known, unseen, missing: { reference: missing, current: gone } };
  }
  if (feature.kind === 'number' && column.kind === 'number') {
    const current = presentSorted(column.values);
    const values = valuesOf(feature, current, before);
    return {
      kind: 'number',
      reference,
      current: countAscending(feature.edges, current),
      unseen: [],
      missing: { reference: missing, current: column.values.length - current.length },
      ...(values ? { values } : {}),
    };
  }
  throw new StudioError(
    'data.type',
    `"${feature.name}" is ${column.kind}, the reference window has it as ${feature.kind}.`,
    {
      where: { column: feature.name },
    },
  );
}

function valuesOf({ sketch }: ReferenceNumber, current: Float64Array, before?: ColumnRows): ValuePair | undefined {
  if (before?.column.kind === 'number') {
    const reference = presentSorted(before.column.values, before.rows);
    const referenceDeviation = sketch?.deviation ?? (reference.length > 0 ? standardDeviation(reference) : 0);
    return pairValues({ reference, current, exact: true, referenceDeviation });
  }
  if (!sketch) return undefined;
  const reference = Float64Array.from(sketch.quantiles);
  return pairValues({ reference, current, exact: false, referenceDeviation: sketch.deviation });
}

function scoreColumn(propensity: Float64Array): NumberColumn {
  return { kind: 'number', name: scoreName, values: propensity };
}
