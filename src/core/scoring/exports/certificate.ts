import type { Frame } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import { bandOf } from '../cutoffs.ts';
import { makeRecords } from '../golden-rows.ts';
import type { Scorer } from '../scorer.ts';

/** Made-up customers that an export is tried on, and what the studio says of them. */
export interface SampleRows {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Raw columns as the schema has them. */
  readonly customers: Frame;
  /** What the recipe makes of them. */
  readonly features: Frame;
  readonly propensity: Float64Array;
  readonly probability: Float64Array;
}

export const sampleRowCount = 1000;
const mostEdges = 400;

/** Rows at the edges of the schema and rows drawn within it: never customers. */
export function makeSampleRows(scorer: Scorer, rowCount = sampleRowCount): SampleRows {
  const edges = makeRecords(scorer, Math.min(mostEdges, rowCount - 1), 0);
  const records = [...edges, ...makeRecords(scorer, 0, rowCount - edges.length).slice(1)];
  let made: { readonly frame: Frame; readonly features: Frame } | undefined;
  const { results } = scorer.scoreCustomers(records, {
    use: ({ frame, features }) => {
      made = { frame, features };
    },
  });
  if (!made) throw new StudioError('internal', 'The sample rows gave no features.');
  return {
    records,
    customers: made.frame,
    features: made.features,
    propensity: Float64Array.from(results, (result) => result?.propensity_score ?? Number.NaN),
    probability: Float64Array.from(results, (result) => result?.conversion_probability ?? Number.NaN),
  };
}

/** How far an export's own scores lie from the studio's. */
export interface Certificate {
  readonly modelVersion: string;
  /** What ran the export: "onnxruntime 1.30.0". */
  readonly engine: string;
  readonly rows: number;
  readonly worstPropensityDifference: number;
  readonly worstProbabilityDifference: number;
  /** Rows that are contacted by one and not by the other. */
  readonly rowsChangingSideAtTheCut: number;
  readonly rowsChangingBand: number;
}

/** Compares; a score that is not there differs by everything. */
export function certify(
  { bundle }: Scorer,
  engine: string,
  studio: { readonly propensity: Float64Array; readonly probability: Float64Array },
  exported: { readonly propensity: ArrayLike<number>; readonly probability: ArrayLike<number> },
): Certificate {
  const { cutoffs, manifest } = bundle;
  let worstPropensity = 0;
  let worstProbability = 0;
  let sides = 0;
  let bands = 0;
  for (let row = 0; row < studio.propensity.length; row++) {
    const [ours, theirs] = [studio.propensity[row] as number, exported.propensity[row] ?? Number.NaN];
    const chances = [studio.probability[row] as number, exported.probability[row] ?? Number.NaN] as const;
    worstPropensity = Math.max(worstPropensity, differenceOf(ours, theirs));
    worstProbability = Math.max(worstProbability, differenceOf(...chances));
    if (ours >= cutoffs.cut !== theirs >= cutoffs.cut) sides++;
    if (bandOf(ours, cutoffs) !== bandOf(theirs, cutoffs)) bands++;
  }
  return {
    modelVersion: manifest.modelVersion,
    engine,
    rows: studio.propensity.length,
    worstPropensityDifference: worstPropensity,
    worstProbabilityDifference: worstProbability,
    rowsChangingSideAtTheCut: sides,
    rowsChangingBand: bands,
  };
}

function differenceOf(ours: number, theirs: number): number {
  const difference = Math.abs(ours - theirs);
  return Number.isNaN(difference) ? 1 : difference;
}
