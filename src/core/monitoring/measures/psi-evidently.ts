import { log2 } from '../../shared/exact-math.ts';
import { countWhile } from '../binning.ts';
import type { DistributionPair, ValuePair } from '../distribution-pair.ts';
import { psi, sharesOf } from '../psi.ts';
import type { DriftMeasure } from './measure.ts';

/** With more distinct reference values than this Evidently cuts into bins; otherwise each value is one. */
const mostValues = 20;

/**
 * PSI as Evidently has it: equal-width bins over both windows by Sturges' rule (values apart where the reference has at
 * most 20), missing left out, an empty bin filled with 0.0001 or, where the side has a share as small, with its smallest
 * share / 10⁶. Needs the reference rows: NaN against a bundle's quantiles.
 */
export const psiEvidently: DriftMeasure = {
  id: 'psi_evidently',
  label: 'PSI, Evidently',
  help: "PSI over Evidently's equal-width bins, missing left out. Needs the reference customers at hand.",
  of: (pair) => {
    const counts = cut(pair);
    if (!counts || counts.reference.every((count) => count === 0) || counts.current.every((count) => count === 0)) {
      return Number.NaN;
    }
    return psi(filled(counts.reference), filled(counts.current));
  },
};

interface Counts {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

function cut({ kind, reference, current, unseen, values }: DistributionPair): Counts | undefined {
  if (kind === 'category') {
    return { reference: [...reference, ...unseen.map(() => 0)], current: [...current, ...unseen] };
  }
  if (!values?.exact) return undefined;
  const edges = isMany(values.reference) ? sturgesEdges(values) : undefined;
  if (edges) {
    return { reference: histogram(values.reference, edges), current: histogram(values.current, edges) };
  }
  const distinct = [...new Set([...values.reference, ...values.current])].sort((a, b) => a - b);
  return { reference: perValue(values.reference, distinct), current: perValue(values.current, distinct) };
}

function isMany(ascending: Float64Array): boolean {
  let distinct = 0;
  for (let i = 0; i < ascending.length && distinct <= mostValues; i++) {
    if (i === 0 || ascending[i] !== ascending[i - 1]) distinct++;
  }
  return distinct > mostValues;
}

/** As numpy's `histogram_bin_edges(…, bins="sturges")`, operation by operation. */
function sturgesEdges({ reference, current }: ValuePair): number[] {
  const low = Math.min(reference[0] as number, current[0] ?? Number.POSITIVE_INFINITY);
  const high = Math.max(reference.at(-1) as number, current.at(-1) ?? Number.NEGATIVE_INFINITY);
  const width = (high - low) / (log2(reference.length + current.length) + 1);
  const bins = Math.ceil((high - low) / width);
  const step = (high - low) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : i * step + low));
}

/** A bin holds its lower edge; the last holds both. */
function histogram(ascending: Float64Array, edges: readonly number[]): number[] {
  const last = edges.length - 1;
  const below = edges.map((edge, i) => (i === last ? ascending.length : countWhile(ascending, (each) => each < edge)));
  return below.slice(1).map((count, bin) => count - (below[bin] as number));
}

function perValue(ascending: Float64Array, distinct: readonly number[]): number[] {
  const counts = distinct.map(() => 0);
  let place = 0;
  for (const value of ascending) {
    while (distinct[place] !== value) place++;
    counts[place] = (counts[place] as number) + 1;
  }
  return counts;
}

function filled(counts: readonly number[]): readonly number[] {
  const shares = sharesOf(counts);
  const least = Math.min(...shares.filter((share) => share > 0));
  const fill = least <= 0.0001 ? least / 1e6 : 0.0001;
  return shares.map((share) => share || fill);
}
