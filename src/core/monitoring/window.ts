import { type Column, columnLength, type Frame, getColumn, type NumberColumn } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';
import { ascendingValues, standardDeviation } from '../shared/statistics.ts';
import { judgeNoise, type NoiseVerdict } from './alarms.ts';
import { binLabels, countCategories, countNumbers, describeCategory, describeNumber } from './binning.ts';
import type { ReferenceFeature, ReferenceNumber } from './binning.ts';
import { binnedCounts, type DistributionPair, type ValuePair } from './distribution-pair.ts';
import { driftMeasures } from './measures/catalogue.ts';
import { type DriftBand, driftBandOf, psi, sharesOf } from './psi.ts';

/** What customers looked like when the model was made: counts per bin only, no rows. Plain JSON, carried in bundles. */
export interface ReferenceWindow {
  readonly version: 1;
  readonly rowCount: number;
  readonly features: readonly ReferenceFeature[];
  readonly score: ReferenceNumber;
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
  };
}

/**
 * Every measure of every feature of the window and of the score, and which of them alarm. The frame must hold the window's
 * columns, else `data.missing-column`.
 */
export function compareWithReference(
  window: ReferenceWindow,
  features: Frame,
  propensity: Float64Array,
  customers?: ReferenceCustomers,
): WindowComparison {
  if (features.rowCount === 0) throw new StudioError('data.empty', 'There are no customers to compare.');
  const pairs = window.features.map((feature) => {
    const before = customers && getColumn(customers.features, feature.name);
    return pairOf(feature, getColumn(features, feature.name), before && { column: before, rows: customers.rows });
  });
  const rows = customers && (customers.scoreRows ?? customers.rows);
  const score = pairOf(
    window.score,
    scoreColumn(propensity),
    rows && { column: scoreColumn(customers.propensity), rows },
  );
  const drifts = driftsOf([window.score, ...window.features], [score, ...pairs]);
  return {
    rowCount: features.rowCount,
    referenceRowCount: window.rowCount,
    features: drifts.slice(1).sort((a, b) => b.psi - a.psi || (a.feature < b.feature ? -1 : 1)),
    score: drifts[0] as FeatureDrift,
  };
}

function pairOf(
  feature: ReferenceFeature,
  column: Column,
  before?: { readonly column: Column; readonly rows: ArrayLike<number> },
): DistributionPair {
  const reference = feature.counts.slice(0, feature.kind === 'number' ? -1 : -2);
  const missing = feature.counts.at(-1) as number;
  const rows = allRows(column);
  if (feature.kind === 'category' && column.kind === 'category') {
    const { known, unseen, missing: gone } = countCategories(feature.levels, column, rows);
    return { kind: 'category', reference, current: known, unseen, missing: { reference: missing, current: gone } };
  }
  if (feature.kind === 'number' && column.kind === 'number') {
    const counts = countNumbers(feature.edges, column.values, rows);
    const values = valuesOf(feature, column, before);
    return {
      kind: 'number',
      reference,
      current: counts.slice(0, -1),
      unseen: [],
      missing: { reference: missing, current: counts.at(-1) as number },
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

function valuesOf(
  { sketch }: ReferenceNumber,
  { values }: NumberColumn,
  before?: { readonly column: Column; readonly rows: ArrayLike<number> },
): ValuePair | undefined {
  const current = ascendingValues(values);
  if (before?.column.kind === 'number') {
    const own = before.column.values;
    const reference = ascendingValues(Float64Array.from(before.rows, (row) => own[row] as number));
    const referenceDeviation = reference.length > 0 ? standardDeviation(reference) : 0;
    return { reference, current, exact: true, referenceDeviation };
  }
  if (!sketch) return undefined;
  return {
    reference: Float64Array.from(sketch.quantiles),
    current,
    exact: false,
    referenceDeviation: sketch.deviation,
  };
}

function allRows(column: Column): Uint32Array {
  return Uint32Array.from({ length: columnLength(column) }, (_, row) => row);
}

function driftsOf(described: readonly ReferenceFeature[], pairs: readonly DistributionPair[]): FeatureDrift[] {
  const found = pairs.map((pair) => {
    const counts = binnedCounts(pair);
    const reference = sharesOf(counts.reference);
    const current = sharesOf(counts.current);
    return { pair, reference, current, psi: psi(reference, current) };
  });
  const noise = judgeNoise(found);
  return found.map(({ pair, reference, current, psi: index }, i) => {
    const feature = described[i] as ReferenceFeature;
    return {
      feature: feature.name,
      psi: index,
      band: driftBandOf(index),
      bins: binLabels(feature),
      reference,
      current,
      measures: Object.fromEntries(driftMeasures.map((measure) => [measure.id, measure.of(pair)])),
      ...(noise[i] as NoiseVerdict),
    };
  });
}

function scoreColumn(propensity: Float64Array): NumberColumn {
  return { kind: 'number', name: scoreName, values: propensity };
}
