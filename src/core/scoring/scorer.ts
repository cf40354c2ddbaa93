import type { DataFinding } from '../data/findings.ts';
import { type Frame, sliceRows } from '../data/frame.ts';
import type { BandName } from '../evaluation/bands.ts';
import { calibrate } from '../evaluation/calibration/calibrator.ts';
import { applyRecipe } from '../features/apply.ts';
import { columnsRead } from '../features/expression.ts';
import { type Kernels, referenceKernels } from '../kernels/kernels.ts';
import { scoreRows } from '../models/score-rows.ts';
import { type Checkpoint, noCheckpoint, partOf } from '../shared/checkpoint.ts';
import type { Bundle } from './bundle.ts';
import { confidenceOf } from './confidence.ts';
import { bandOf } from './cutoffs.ts';
import { matchTable } from './match-table.ts';
import { propensityOf } from './propensity.ts';
import type { ScoredCustomers } from './reasons-for.ts';
import type { RecordFinding } from './record-finding.ts';
import { createIdReader } from './record-reader.ts';
import { createRecordScorer } from './score-records.ts';

/** What the model says of each row. */
export interface Scores {
  /** Log-odds under class balancing. */
  readonly raw: Float64Array;
  /** The balanced score, 0 to 1: for ranking and for the bands. */
  readonly propensity: Float64Array;
  /** The calibrated chance of converting, 0 to 1. */
  readonly probability: Float64Array;
  /** 0 Low, 1 Medium, 2 High. */
  readonly band: Uint8Array;
  /** How sure the band is, 0 to 1; never the chance of buying. */
  readonly confidence: Float64Array;
}

/** One customer's answer, in the words of the HTTP API. */
export interface CustomerScore {
  readonly customer_id: string | null;
  readonly propensity_score: number;
  readonly risk_category: BandName;
  readonly confidence: number;
  readonly conversion_probability: number;
  /** 90 % interval of the conversion rate of customers scored like this one; null where it is not known. */
  readonly conversion_probability_low: number | null;
  readonly conversion_probability_high: number | null;
  /** 1 (most likely) to 10, by the study's customers; null where it is not known. */
  readonly decile: number | null;
  readonly model_version: string;
  /** The snapshot day the customer was scored at; null where the study has none. */
  readonly as_of: string | null;
}

export interface Scorer {
  readonly bundle: Bundle;
  /** The raw columns that the recipe reads. */
  readonly needed: ReadonlySet<string>;
  /** The customer's id as sent: the study's own id field, or `customer_id`; null where there is none. */
  idOf(record: unknown): string | null;
  /** A table of raw customers, matched to the study's schema first. `asOf`: the study's snapshot day unless given. */
  scoreFrame(
    frame: Frame,
    asOf?: number | Float64Array,
    checkpoint?: Checkpoint,
  ): Promise<Scores & { readonly findings: readonly DataFinding[] }>;
  /** Customers as sent; a refused one has no result. Unless a customer brings `as_of`, it is `asOf` or the study's day. */
  scoreCustomers(records: readonly unknown[], options?: CustomerOptions): CustomerScores;
}

export interface CustomerOptions {
  readonly asOf?: number;
  /** Given what was scored, with which reasons are found; valid until the next call. Refused rows hold missing values. */
  readonly use?: (customers: ScoredCustomers) => void;
}

export interface CustomerScores {
  readonly results: readonly (CustomerScore | undefined)[];
  readonly findings: readonly RecordFinding[];
}

/** Rows scored at a time: bounds the memory that features take. */
const chunkRows = 65_536;

/** A scorer of this bundle: the same bits in page, worker and server, with the host's kernels or without. */
export function createScorer(bundle: Bundle, kernels: Kernels | Promise<Kernels> = referenceKernels): Scorer {
  const { schema, recipe } = bundle;
  const needed = new Set(recipe.features.flatMap((feature) => columnsRead(feature.expression)).map((use) => use.name));
  let scoreRecords: Scorer['scoreCustomers'] | undefined;

  return {
    bundle,
    needed,
    idOf: createIdReader(schema),
    async scoreFrame(frame, asOf = bundle.asOf, checkpoint = noCheckpoint) {
      const matched = matchTable(frame, schema, needed);
      const { rowCount } = frame;
      const scores = emptyScores(rowCount);
      const report: Checkpoint = (progress) => checkpoint({ ...progress, stage: 'Scoring customers' });
      await report({ fraction: 0, stage: '' });
      for (let from = 0; from < rowCount; from += chunkRows) {
        const to = Math.min(from + chunkRows, rowCount);
        const input = withDay(
          sliceRows(matched.frame, from, to),
          typeof asOf === 'object' ? asOf.subarray(from, to) : asOf,
        );
        const part = partOf(report, from / rowCount, to / rowCount);
        const features = await applyRecipe(recipe, input, { checkpoint: partOf(part, 0, 0.5) });
        const raw = await scoreRows(bundle.model, features, {
          kernels: await kernels,
          checkpoint: partOf(part, 0.5, 1),
        });
        fillScores(bundle, raw, from, scores);
      }
      return { ...scores, findings: matched.findings };
    },
    // Made with the first customer who comes: tables alone need none of it.
    scoreCustomers: (records, options) => (scoreRecords ??= createRecordScorer(bundle, needed))(records, options),
  };
}

function emptyScores(rowCount: number): Scores {
  return {
    raw: new Float64Array(rowCount),
    propensity: new Float64Array(rowCount),
    probability: new Float64Array(rowCount),
    band: new Uint8Array(rowCount),
    confidence: new Float64Array(rowCount),
  };
}

function fillScores(bundle: Bundle, raw: Float64Array, from: number, scores: Scores): void {
  scores.raw.set(raw, from);
  scores.probability.set(calibrate(bundle.calibrator, raw), from);
  propensityOf(raw, bundle.centre).forEach((propensity, i) => {
    scores.propensity[from + i] = propensity;
    scores.band[from + i] = bandOf(propensity, bundle.cutoffs);
    scores.confidence[from + i] = confidenceOf(bundle.confidence, propensity);
  });
}

function withDay(frame: Frame, asOf: number | Float64Array | undefined) {
  return asOf === undefined ? { frame } : { frame, asOf };
}
