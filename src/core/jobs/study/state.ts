import type { DataFinding } from '../../data/findings.ts';
import { type Allocate, type Frame, takeRows } from '../../data/frame.ts';
import type { Labels, TableSchema } from '../../data/schema.ts';
import type { Split } from '../../data/split.ts';
import type { Table } from '../../data/table.ts';
import type { Calibrator } from '../../evaluation/calibration/calibrator.ts';
import type { ScoreEvaluation } from '../../evaluation/evaluate.ts';
import type { ReasonStability } from '../../explanation/reason-stability.ts';
import type { FittedRecipe } from '../../features/fitted-recipe.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Trained } from '../../models/model.ts';
import type { Parameters } from '../../models/parameters.ts';
import type { Bundle } from '../../scoring/bundle.ts';
import type { ConfidenceTable } from '../../scoring/confidence.ts';
import type { ProbabilityIntervals } from '../../scoring/probability-interval.ts';
import type { Scorer } from '../../scoring/scorer.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import { isTrainedHere, type ModelId } from '../model-id.ts';
import type { ReadRequest, ReadTable } from '../reader-contract.ts';
import type { DecisionSettings, ScoringModel, SplitChoice } from '../study-contract.ts';

/** What the study needs from where it runs. */
export interface StudyHost {
  /** Memory of columns: shared where workers can read it without a copy. */
  readonly allocate: Allocate;
  /** Parses a foreign file, in a worker that can be ended where there are workers. */
  readonly readTable: (request: ReadRequest, run: Pick<JobRun, 'checkpoint'>) => Promise<ReadTable>;
  readonly toParquet: (frame: Frame) => Promise<Uint8Array<ArrayBuffer>>;
  readonly zip: (files: Readonly<Record<string, Uint8Array>>) => Uint8Array<ArrayBuffer>;
  readonly unzip: (bytes: Uint8Array) => Record<string, Uint8Array>;
  /** For what the study trains itself (cross-validation). */
  readonly kernels: Promise<Kernels>;
  readonly now: () => number;
}

/** The open table, as read and as the person's roles have it. */
export interface OpenDataset {
  readonly name: string;
  readonly source: 'sample' | 'file';
  readonly scenario?: string;
  readonly seed?: number;
  /** All columns as read, with guessed roles. */
  readonly frame: Frame;
  readonly guessed: TableSchema;
  readonly labelCandidates: readonly {
    readonly column: string;
    readonly values: readonly string[];
    readonly positive: string;
  }[];
  /** The same with the chosen roles, label and snapshot day. */
  readonly table: Table;
  /** The chance that the sample's own label was drawn from. */
  readonly trueProbability?: Float64Array;
  readonly asOfText?: string;
  readonly findings: readonly DataFinding[];
}

/** Features of every row, and which rows learn, choose and report. */
export interface Prepared {
  readonly splits: Split;
  readonly choice: SplitChoice;
  readonly recipe: FittedRecipe;
  readonly features: Frame;
  readonly labels: Labels;
}

/** A trained model with its scores of every row. */
export interface ScoredModel {
  readonly id: ModelId;
  /** "Gradient boosting"; an imported model goes by its file's name. */
  readonly label: string;
  readonly trained: Trained;
  readonly seconds: number;
  readonly parameters: Parameters;
  readonly raw: Float64Array;
  /** Added to `raw` before it becomes the propensity score; 0 for models trained here. */
  readonly centre: number;
  readonly propensity: Float64Array;
  readonly probability: Float64Array;
  readonly calibrator: Calibrator;
  readonly validationAuc: number;
  /** On test customers; costly, so made once. */
  evaluation?: ScoreEvaluation;
  /** Mean |SHAP| over test customers; costly, so made once. */
  shap?: readonly { readonly feature: string; readonly importance: number }[];
  /** How sure its bands are, once refits have run. */
  confidence?: ConfidenceTable;
  /** How sure its conversion probabilities are, worked out with the confidence; undefined with too few conversions. */
  intervals?: ProbabilityIntervals | undefined;
  /** How often its refits name a reason again. */
  stability?: ReasonStability;
}

/** Everything the study holds. One object, changed only by finished jobs: a failed job leaves it as it was. */
export interface StudyState {
  dataset?: OpenDataset;
  prepared?: Prepared;
  readonly models: Map<ModelId, ScoredModel>;
  decision?: DecisionSettings;
  cut: number;
  /** The last bundle made of each model, with the parts of the study it was made of. */
  readonly bundles: Map<ModelId, { readonly madeOf: readonly unknown[]; readonly bundle: Bundle }>;
  /** A bundle opened from a file. */
  opened?: Scorer;
  /** What scores a table of customers where the caller does not say: what came last. */
  scoring: ScoringModel;
}

export const emptyStudy = (): StudyState => ({ models: new Map(), cut: 0.7, bundles: new Map(), scoring: 'best' });

/** New customers or new features: what was learned from the old ones is gone. */
export function forgetModels(state: StudyState): void {
  state.models.clear();
  state.bundles.clear();
}

export function getDataset(state: StudyState): OpenDataset {
  if (state.dataset) return state.dataset;
  throw new StudioError('study.not-ready', 'There are no customers yet.', {
    fix: 'Make sample customers, or drop a CSV or Parquet file.',
  });
}

export function getPrepared(state: StudyState): Prepared {
  if (state.prepared) return state.prepared;
  throw new StudioError('study.not-ready', 'The features are not built yet.', { fix: 'Build the features first.' });
}

export function getModel(state: StudyState, id: ModelId): ScoredModel {
  const model = state.models.get(id);
  if (model) return model;
  throw isTrainedHere(id)
    ? new StudioError('model.not-trained', `The ${id} model is not trained yet.`, { fix: 'Train it first.' })
    : new StudioError('model.not-trained', 'No model file is open.', { fix: 'Drop a LightGBM model.txt.' });
}

/**
 * The model that ranks validation customers best: saved, explained and served. One from a file may have learned from
 * these very customers: it is chosen only where there is no other.
 */
export function bestModel(state: StudyState): ModelId {
  let best: ModelId | undefined;
  for (const [id, { validationAuc }] of state.models) {
    if (isTrainedHere(id) && (best === undefined || validationAuc > getModel(state, best).validationAuc)) best = id;
  }
  if (best) return best;
  if (state.models.has('imported')) return 'imported';
  throw new StudioError('model.not-trained', 'No model is trained yet.', { fix: 'Train the models first.' });
}

/** Training customers that stand for everybody where a model is explained against a sample. */
const backgroundRows = 100;

export function background(state: StudyState): Frame {
  const { features, splits } = getPrepared(state);
  return takeRows(features, everyNth(splits.train, backgroundRows));
}

/** At most this many rows, evenly spaced. */
export function everyNth(rows: Uint32Array, most: number): Uint32Array {
  const count = Math.min(rows.length, most);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] as number);
}

/** Values of these rows, in their order. */
export function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}

export function pickLabels(labels: Labels, rows: Uint32Array): Labels {
  return Int8Array.from(rows, (row) => labels[row] as number);
}
