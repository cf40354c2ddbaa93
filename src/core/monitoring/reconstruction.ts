import type { Column, Frame } from '../data/frame.ts';
import { getColumn } from '../data/frame.ts';
import { mean, standardDeviation } from '../shared/statistics.ts';
import { principalAxes } from './principal-axes.ts';

/** Share of the variance that the kept components explain. NannyML's default. */
const explained = 0.65;

/** How features hang together, in plain JSON without customers: components of the standardised features. */
export interface FeatureStructure {
  readonly features: readonly StructureFeature[];
  /** Unit vectors over the features, most variance first. */
  readonly components: readonly (readonly number[])[];
  /** Of the reference's own customers: mean distance, its standard deviation and how many they were. */
  readonly reference: ReconstructionError;
}

export interface StructureFeature {
  readonly name: string;
  /** Of categories: the share of reference customers with each level, which stands for the level; 0 for unseen ones. */
  readonly levels?: readonly string[];
  readonly shares?: readonly number[];
  /** What stands for missing: the mean, or the commonest level's share. */
  readonly filler: number;
  readonly mean: number;
  readonly deviation: number;
}

export interface ReconstructionError {
  readonly mean: number;
  readonly deviation: number;
  readonly rowCount: number;
}

export interface StructureDrift extends ReconstructionError {
  /** Standard errors that the mean lies from the reference's: beyond ±3 the features hang together otherwise. */
  readonly z: number;
}

/**
 * Learns how features hang together: principal components (65 % of the variance) of the standardised features. As
 * NannyML's data reconstruction; categories count by the frequency of their level, missing as mean or commonest level.
 */
export function learnStructure(features: Frame, rows: ArrayLike<number>): FeatureStructure {
  const usable = features.columns.filter((column) => column.kind === 'number' || column.kind === 'category');
  const described = usable.map((column) => describe(column, rows));
  const data = described.map((feature, i) => standardised(feature, usable[i] as Column, rows));
  const size = described.length;
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const [x, y] = [data[a] as Float64Array, data[b] as Float64Array];
      let sum = 0;
      for (let row = 0; row < x.length; row++) sum += (x[row] as number) * (y[row] as number);
      covariance[a * size + b] = covariance[b * size + a] = sum / x.length;
    }
  }
  const { values, vectors } = principalAxes(covariance, size);
  const total = values.reduce((sum, value) => sum + value, 0);
  const components: number[][] = [];
  for (let kept = 0, k = 0; k < size && kept < explained * total; k++) {
    components.push(Array.from(vectors.subarray(k * size, (k + 1) * size)));
    kept += values[k] as number;
  }
  return { features: described, components, reference: errorOf(data, components) };
}

/** How well the reference's components rebuild these customers, against how well they rebuild the reference's. */
export function structureDrift(structure: FeatureStructure, features: Frame): StructureDrift {
  const rows = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  const data = structure.features.map((each) => standardised(each, getColumn(features, each.name), rows));
  const error = errorOf(data, structure.components);
  const { reference } = structure;
  const spread = Math.sqrt(
    (error.deviation * error.deviation) / error.rowCount +
      (reference.deviation * reference.deviation) / reference.rowCount,
  );
  return { ...error, z: spread > 0 ? (error.mean - reference.mean) / spread : 0 };
}

function describe(column: Column, rows: ArrayLike<number>): StructureFeature {
  const { name } = column;
  if (column.kind === 'category') {
    const counts = new Array<number>(column.levels.length).fill(0);
    for (let i = 0; i < rows.length; i++) {
      const code = column.codes[rows[i] as number] as number;
      if (code >= 0) counts[code] = (counts[code] as number) + 1;
    }
    // Missing customers count as of the commonest level before shares are taken.
    const missing = rows.length - counts.reduce((sum, count) => sum + count, 0);
    const commonest = counts.indexOf(Math.max(...counts));
    if (commonest >= 0) counts[commonest] = (counts[commonest] as number) + missing;
    const had = column.levels.filter((_, code) => counts[code]);
    const shares = counts.filter((count) => count > 0).map((count) => count / rows.length);
    const filler = (counts[commonest] ?? 0) / rows.length;
    return withMoments({ name, levels: had, shares, filler, mean: 0, deviation: 1 }, column, rows);
  }
  const values = column.kind === 'number' ? column.values : new Float64Array(0);
  const present = Float64Array.from(rows, (row) => values[row] as number).filter((value) => value === value);
  return withMoments({ name, filler: present.length ? mean(present) : 0, mean: 0, deviation: 1 }, column, rows);
}

function withMoments(feature: StructureFeature, column: Column, rows: ArrayLike<number>): StructureFeature {
  const values = standardised(feature, column, rows);
  const deviation = standardDeviation(values);
  return { ...feature, mean: mean(values), deviation: deviation > 0 ? deviation : 1 };
}

function standardised(feature: StructureFeature, column: Column, rows: ArrayLike<number>): Float64Array {
  const { filler, levels = [], shares = [], mean: centre, deviation } = feature;
  const shareOf = new Map(levels.map((level, i) => [level, shares[i] as number]));
  const values = new Float64Array(rows.length);
  const ofCode =
    column.kind === 'category' ? column.levels.map((level) => shareOf.get(level) ?? 0) : ([] as readonly number[]);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    let value = filler;
    if (column.kind === 'category' && (column.codes[row] as number) >= 0) {
      value = ofCode[column.codes[row] as number] as number;
    } else if (column.kind === 'number' && column.values[row] === column.values[row]) {
      value = column.values[row] as number;
    }
    values[i] = (value - centre) / deviation;
  }
  return values;
}

/** Euclidean distance of each customer from their projection on the components. */
function errorOf(data: readonly Float64Array[], components: readonly (readonly number[])[]): ReconstructionError {
  const rowCount = data[0]?.length ?? 0;
  const distances = new Float64Array(rowCount);
  const residual = new Float64Array(data.length);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < data.length; i++) residual[i] = (data[i] as Float64Array)[row] as number;
    for (const component of components) {
      let along = 0;
      for (let i = 0; i < data.length; i++)
        along += (component[i] as number) * ((data[i] as Float64Array)[row] as number);
      for (let i = 0; i < data.length; i++) residual[i] = (residual[i] as number) - along * (component[i] as number);
    }
    let square = 0;
    for (let i = 0; i < residual.length; i++) square += (residual[i] as number) * (residual[i] as number);
    distances[row] = Math.sqrt(square);
  }
  return {
    mean: rowCount ? mean(distances) : 0,
    deviation: rowCount > 1 ? standardDeviation(distances, 1) : 0,
    rowCount,
  };
}
