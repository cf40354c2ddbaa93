import { type Frame, getColumn, type NumberColumn } from '../data/frame.ts';
import { StudioError } from '../shared/errors.ts';
import { binLabels, countCategories, countNumbers, describeCategory, describeNumber } from './binning.ts';
import type { ReferenceFeature, ReferenceNumber } from './binning.ts';
import { type DriftBand, driftBandOf, psi, sharesOf } from './psi.ts';

/** What customers looked like when the model was made: counts per bin only, no rows. Plain JSON, carried in bundles. */
export interface ReferenceWindow {
  readonly version: 1;
  readonly rowCount: number;
  readonly features: readonly ReferenceFeature[];
  readonly score: ReferenceNumber;
}

/** One feature now against the reference. */
export interface FeatureDrift {
  readonly feature: string;
  readonly psi: number;
  readonly band: DriftBand;
  readonly bins: readonly string[];
  /** Share of reference and of current customers in each bin. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

export interface WindowComparison {
  readonly rowCount: number;
  readonly referenceRowCount: number;
  /** The most drifted first. */
  readonly features: readonly FeatureDrift[];
  readonly score: FeatureDrift;
}

const scoreName = 'propensity score';

/** Summarises these rows of the features and their propensity scores (both indexed by row of the frame). */
export function makeReferenceWindow(
  features: Frame,
  rows: ArrayLike<number>,
  propensity: Float64Array,
): ReferenceWindow {
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
    score: describeNumber(scoreColumn(propensity), rows),
  };
}

/** PSI of every feature of the window, and of the score. The frame must hold the window's columns, else `data.missing-column`. */
export function compareWithReference(
  window: ReferenceWindow,
  features: Frame,
  propensity: Float64Array,
): WindowComparison {
  if (features.rowCount === 0) throw new StudioError('data.empty', 'There are no customers to compare.');
  const rows = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  const drifts = window.features.map((feature) => driftOf(feature, countNow(feature, features, rows)));
  const scoreCounts = countNumbers(window.score.edges, propensity, rows);
  return {
    rowCount: features.rowCount,
    referenceRowCount: window.rowCount,
    features: drifts.sort((a, b) => b.psi - a.psi || (a.feature < b.feature ? -1 : 1)),
    score: driftOf(window.score, scoreCounts),
  };
}

function countNow(feature: ReferenceFeature, features: Frame, rows: Uint32Array): number[] {
  const column = getColumn(features, feature.name);
  if (feature.kind === 'number' && column.kind === 'number') return countNumbers(feature.edges, column.values, rows);
  if (feature.kind === 'category' && column.kind === 'category') return countCategories(feature.levels, column, rows);
  throw new StudioError(
    'data.type',
    `"${feature.name}" is ${column.kind}, the reference window has it as ${feature.kind}.`,
    {
      where: { column: feature.name },
    },
  );
}

function driftOf(feature: ReferenceFeature, counts: readonly number[]): FeatureDrift {
  const reference = sharesOf(feature.counts);
  const current = sharesOf(counts);
  const index = psi(reference, current);
  return { feature: feature.name, psi: index, band: driftBandOf(index), bins: binLabels(feature), reference, current };
}

function scoreColumn(propensity: Float64Array): NumberColumn {
  return { kind: 'number', name: scoreName, values: propensity };
}
