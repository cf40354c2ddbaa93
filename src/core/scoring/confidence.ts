import { type BandCutoffs, bandOf } from '../evaluation/bands.ts';
import { StudioError } from '../shared/errors.ts';

/**
 * How sure a band is: the share of refits on resampled training customers that put such a customer in the same band, by
 * the propensity score's distance to the nearest edge between bands. Never the chance of buying.
 */
export interface ConfidenceTable {
  /** Number of refits the shares come from; 0 where a model cannot be refitted, and nothing is known. */
  readonly refits: number;
  /** The propensity scores at which one band ends and the next begins. */
  readonly edges: readonly number[];
  /** Rising distances, with rising shares; straight lines between, flat outside. */
  readonly distances: readonly number[];
  readonly shares: readonly number[];
}

/** Customers per step of the table before neighbours are pooled. */
const stepCount = 20;

/**
 * Learns the table from the propensity scores that the original model and each refit give the same customers, who should
 * not have trained either. Pools adjacent violators so that the share never falls with the distance.
 */
export function fitConfidence(
  original: Float64Array,
  refits: readonly Float64Array[],
  cutoffs: BandCutoffs,
): ConfidenceTable {
  if (original.length === 0 || refits.length === 0 || refits.some((refit) => refit.length !== original.length)) {
    throw new StudioError(
      'internal',
      `Confidence needs one score per customer from every refit; found ${original.length} customers and refits of ${refits.map((refit) => refit.length).join(', ') || 'none'}.`,
    );
  }
  const edges = [cutoffs.medium, cutoffs.high];
  const distances = Float64Array.from(original, (propensity) => distanceToEdge(propensity, edges));
  const order = Uint32Array.from(distances, (_, row) => row).sort((a, b) => distances[a]! - distances[b]! || a - b);
  const pools: Pool[] = [];
  const steps = Math.min(stepCount, order.length);
  for (let step = 0; step < steps; step++) {
    const from = Math.floor((step * order.length) / steps);
    const to = Math.floor(((step + 1) * order.length) / steps);
    let distance = 0;
    let agreeing = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      distance += distances[row]!;
      const band = bandOf(original[row]!, cutoffs);
      for (const refit of refits) if (bandOf(refit[row]!, cutoffs) === band) agreeing++;
    }
    addPool(pools, { rows: to - from, distance, agreeing });
  }
  return {
    refits: refits.length,
    edges,
    distances: pools.map((pool) => pool.distance / pool.rows),
    shares: pools.map((pool) => pool.agreeing / (pool.rows * refits.length)),
  };
}

/** The share at a propensity score's distance to its band's edge, 0 to 1; NaN where nothing is known. */
export function confidenceOf(table: ConfidenceTable, propensity: number): number {
  if (table.refits === 0) return Number.NaN;
  const { distances, shares } = table;
  const distance = distanceToEdge(propensity, table.edges);
  let above = 0;
  while (above < distances.length && distances[above]! < distance) above++;
  if (above === 0) return shares[0]!;
  if (above === distances.length) return shares[above - 1]!;
  const from = distances[above - 1]!;
  const part = (distance - from) / (distances[above]! - from);
  return shares[above - 1]! + part * (shares[above]! - shares[above - 1]!);
}

function distanceToEdge(propensity: number, edges: readonly number[]): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const edge of edges) nearest = Math.min(nearest, Math.abs(propensity - edge));
  return nearest;
}

interface Pool {
  rows: number;
  distance: number;
  agreeing: number;
}

function addPool(pools: Pool[], next: Pool): void {
  let pool = next;
  let last = pools.at(-1);
  // Equal distances must not become two steps either: a table has one share per distance.
  while (
    last &&
    (last.agreeing * pool.rows >= pool.agreeing * last.rows || last.distance * pool.rows >= pool.distance * last.rows)
  ) {
    pools.pop();
    pool = {
      rows: last.rows + pool.rows,
      distance: last.distance + pool.distance,
      agreeing: last.agreeing + pool.agreeing,
    };
    last = pools.at(-1);
  }
  pools.push(pool);
}
