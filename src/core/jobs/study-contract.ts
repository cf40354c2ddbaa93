import type { Role } from '../data/schema.ts';
import type { CutChoice } from '../decisions/cut.ts';
import type { Exclusion } from '../decisions/exclusions.ts';
import type { Banded } from '../evaluation/banded.ts';
import type { BandRow } from '../evaluation/bands.ts';
import type { ModelComparison as Comparison } from '../evaluation/compare-models.ts';
import type { Confusion } from '../evaluation/confusion.ts';
import type { DecileRow } from '../evaluation/deciles.ts';
import type { HeadlineMetrics } from '../evaluation/evaluate.ts';
import type { Interaction } from '../explanation/explain-trees.ts';
import type { Lime } from '../explanation/lime.ts';
import type { ExplanationMethod } from '../explanation/methods.ts';
import type { Reason } from '../explanation/reasons.ts';
import type { ExplanationUnit } from '../explanation/units.ts';
import type { TreeView } from '../models/boosting/tree-view.ts';
import type { Collinearity } from '../models/logistic/collinearity.ts';
import type { Scorecard } from '../models/logistic/scorecard.ts';
import type { ModelKind, Round, Trained, TrainingInput } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import type { AlertRule } from '../monitoring/alerts/rules.ts';
import type { AlertEvent, AlertState } from '../monitoring/alerts/step.ts';
import type { Challenge } from '../monitoring/challenge.ts';
import type { WindowRecord } from '../monitoring/history.ts';
import type { DriftCourse, DriftKind } from '../monitoring/simulate.ts';
import type { Health } from '../monitoring/verdict.ts';
import type { Figure } from '../reports/figure.ts';
import type { ReportSection } from '../reports/html-report.ts';
import type { ExplanationViewJobs } from './explanation-contract.ts';
import type { JobRun } from './job.ts';
import type { ModelId } from './model-id.ts';
import type { Refit, RefitRequest } from './training-contract.ts';

// What a caller reads in the answers; each stands where it is worked out.
export type { ExplanationMethod, ExplanationUnit, Interaction, Lime, Reason, TreeView };
export type { Banded, BandRow, Confusion, CutChoice, DecileRow, Exclusion, HeadlineMetrics };

/**
 * What the page may ask of the worker that owns the study. Rows stay there: answers are summaries, figures and files.
 * A job that fails leaves the study as it was.
 */
export interface StudyJobs extends ExplanationViewJobs {
  makeCustomers(input: SampleOptions, run: JobRun): Promise<DatasetSummary>;
  /** Reads .csv, .csv.gz, .parquet (by content, not by name). */
  openTable(input: { readonly file: Blob; readonly name: string }, run: JobRun): Promise<DatasetSummary>;
  assignRoles(input: RoleChoice, run: JobRun): Promise<DatasetSummary>;
  /** Rows in their order; where a filter is given, of those it lets through, and how many they are. */
  previewRows(
    input: { readonly from: number; readonly to: number; readonly filter?: RowFilter },
    run: JobRun,
  ): Promise<RowPage>;
  buildFeatures(input: SplitChoice, run: JobRun): Promise<FeatureSummary>;
  previewFeatures(input: { readonly from: number; readonly to: number }, run: JobRun): Promise<RowPage>;
  /** What a training worker needs; shared memory where the host has it, otherwise a copy that the caller now owns. */
  trainingInput(input: { readonly exclude?: readonly string[] }, run: JobRun): Promise<TrainingInput>;
  acceptModel(
    input: { readonly trained: Trained; readonly seconds: number; readonly parameters: Parameters },
    run: JobRun,
  ): Promise<ModelSummary>;
  /** Takes a LightGBM model.txt in beside the study's own; its features are found by name. A second one replaces the first. */
  importModel(input: { readonly file: Blob; readonly name: string }, run: JobRun): Promise<ModelSummary>;
  evaluate(input: { readonly cut: number }, run: JobRun): Promise<EvaluationSummary>;
  /** What a model leans on: mean |SHAP| over test customers, or for trees the gain or the number of their splits. */
  importance(input: { readonly model?: ModelId; readonly by: ImportanceMeasure }, run: JobRun): Promise<Figure>;
  /** What a training worker needs to refit a model, the best one unless told, on resampled customers (see TrainingJobs.refit). */
  refitRequest(input: { readonly kind?: ModelKind }, run: JobRun): Promise<RefitRequest>;
  /** Takes what the refits say: from now on bands carry their confidence, reasons their stability, and bundles can be saved. */
  acceptRefits(
    input: { readonly kind: ModelKind; readonly refits: readonly Refit[] },
    run: JobRun,
  ): Promise<ConfidenceSummary>;
  decide(input: DecisionSettings, run: JobRun): Promise<DecisionSummary>;
  contactList(input: DecisionSettings, run: JobRun): Promise<FileResult>;
  findCustomers(
    input: { readonly query: string; readonly limit: number; readonly model?: ModelId },
    run: JobRun,
  ): Promise<readonly CustomerHit[]>;
  explainCustomer(input: ExplainRequest, run: JobRun): Promise<CustomerExplanation>;
  /** Of trees: the pairs of features that give one customer most together, in log-odds. */
  interactionsOf(
    input: { readonly row: number; readonly model?: ModelId },
    run: JobRun,
  ): Promise<readonly Interaction[]>;
  /** A line through made-up customers near one, of the conversion probability, with whether its story is stable. */
  limeOf(input: { readonly row: number; readonly model?: ModelId }, run: JobRun): Promise<Lime>;
  /** One tree of a model, by its number from 0, and the way that a customer takes through it. */
  tree(
    input: { readonly model?: ModelId; readonly index: number; readonly row?: number },
    run: JobRun,
  ): Promise<TreeAnswer>;
  /** What each input of the logistic regression does to the odds, and how sure that is: by a refit, or by a bootstrap. */
  coefficients(input: { readonly by: CoefficientBasis }, run: JobRun): Promise<CoefficientSummary>;
  /** How much the inputs of the logistic regression say the same thing. */
  collinearity(input: Record<string, never>, run: JobRun): Promise<CollinearitySummary>;
  /** A score to be added up by hand, fitted on the same training customers. */
  scorecard(input: Record<string, never>, run: JobRun): Promise<ScorecardSummary>;
  /** What the trained network is made of. */
  network(input: Record<string, never>, run: JobRun): Promise<NetworkSummary>;
  saveBundle(input: { readonly kind?: ModelKind }, run: JobRun): Promise<FileResult>;
  openBundle(input: { readonly file: Blob }, run: JobRun): Promise<BundleSummary>;
  /** The bundle that `scoreTable` would score with, for workers that score a file too large for it. */
  scoringBundle(input: { readonly using?: ScoringModel }, run: JobRun): Promise<FileResult>;
  /** Scores a table of customers; with what came last (a training, a bundle, a model file) unless told. */
  scoreTable(
    input: { readonly file: Blob; readonly name: string; readonly asOf?: number; readonly using?: ScoringModel },
    run: JobRun,
  ): Promise<ScoreSummary>;
  /** Compares a second table of customers with the reference window; of what came last unless told. */
  compareTable(
    input: {
      readonly file: Blob;
      readonly name: string;
      readonly asOf?: number;
      readonly using?: ScoringModel;
      /** Outcomes by customer id, in the study's own label column; without it outcomes in the table itself are read. */
      readonly labels?: { readonly file: Blob; readonly name: string };
    } & MonitoringMemory,
    run: JobRun,
  ): Promise<DriftSummary>;
  /** The study's best model against a saved bundle, on labelled customers whom neither has learned from. */
  challenge(
    input: { readonly champion: Blob; readonly file: Blob; readonly name: string },
    run: JobRun,
  ): Promise<ChallengeSummary>;
  /** Weeks of customers drawn from the study's test customers, with drift put in: to see charts and alerts at work. */
  simulateWeeks(input: SimulationRequest, run: JobRun): Promise<DriftSummary>;
  exportTable(
    input: { readonly what: 'customers' | 'features'; readonly format: 'parquet' | 'csv' },
    run: JobRun,
  ): Promise<FileResult>;
  exportModelText(input: Record<string, never>, run: JobRun): Promise<FileResult>;
  /** The network as a zip of tfjs' model.json and weights.bin. */
  exportTfjsModel(input: Record<string, never>, run: JobRun): Promise<FileResult>;
  /** The whole study as one self-contained HTML file. */
  report(input: Record<string, never>, run: JobRun): Promise<FileResult>;
  /** Mean stratified cross-validated figures on the open table; of all kinds where none are named. */
  crossValidate(input: CrossValidationRequest, run: JobRun): Promise<CrossValidation>;
}

/** What scores customers: the study's best model, the model file taken in, or the open bundle. */
export type ScoringModel = 'best' | 'imported' | 'bundle';

export type ImportanceMeasure = 'shap' | 'gain' | 'split';

export interface SampleOptions {
  /** Id of a scenario in the catalogue: "ecommerce", "saas-upgrade", "bank-loan", "campaign-response". */
  readonly scenario: string;
  readonly customers: number;
  readonly seed: number;
  /** 0.05 unless told. */
  readonly conversionRate?: number;
}

export interface FileResult {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Rows whose cell of this column fits a text: a part of it, "> 5", "missing". */
export interface RowFilter {
  readonly column: string;
  readonly text: string;
}

export interface RowPage {
  /** Of all rows that the filter lets through, where there was one. */
  readonly rowCount?: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface ColumnProfile {
  readonly name: string;
  readonly description: string;
  readonly unit?: string;
  readonly kind: 'number' | 'category' | 'date' | 'text';
  readonly role: Role;
  readonly missingShare: number;
  readonly distinct: number;
  readonly constant: boolean;
  readonly idLike: boolean;
  readonly highCardinality: boolean;
  /** Numbers and dates: min, mean, max as shown to people. */
  readonly summary: string;
  /** At most 12 equal-width bins or most frequent levels. */
  readonly histogram: readonly { readonly label: string; readonly count: number }[];
}

/** A thing a person should know about the data, with what to do. */
export interface Finding {
  readonly level: 'info' | 'warning' | 'problem';
  readonly title: string;
  readonly detail: string;
  readonly columns: readonly string[];
}

export interface DatasetSummary {
  readonly name: string;
  readonly source: 'sample' | 'file';
  readonly scenario?: string;
  readonly seed?: number;
  readonly rowCount: number;
  readonly columns: readonly ColumnProfile[];
  readonly label?: {
    readonly column: string;
    readonly positive: string;
    readonly positives: number;
    readonly negatives: number;
    readonly unknown: number;
  };
  /** Columns that could be the label, most likely first, with their two or few values. */
  readonly labelCandidates: readonly {
    readonly column: string;
    readonly values: readonly string[];
    readonly positive: string;
  }[];
  readonly asOf?: string;
  /** True when date columns exist and nothing says which day the table was taken. */
  readonly needsAsOf: boolean;
  /** AUC that an oracle knowing the true chances would reach (sample customers only). */
  readonly oracleAuc?: number;
  readonly findings: readonly Finding[];
  readonly verdict: string;
}

export interface RoleChoice {
  readonly roles: Readonly<Record<string, Role>>;
  readonly label?: { readonly column: string; readonly positive: string };
  /** YYYY-MM-DD. */
  readonly asOf?: string;
}

export interface SplitChoice {
  readonly seed: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** "random" is stratified; "time" trains on the oldest and tests on the newest rows of the date column. */
  readonly by: 'random' | 'time';
}

export interface FeatureView {
  readonly name: string;
  readonly description: string;
  readonly family: string;
  readonly unit: string;
  readonly kind: 'number' | 'category';
  /** Raw columns it is made from. */
  readonly columns: readonly string[];
  readonly missingShare: number;
  readonly histogram: readonly { readonly label: string; readonly count: number }[];
  /** AUC of this feature alone on the training rows, 0.5 to 1. */
  readonly aloneAuc: number;
}

export interface FeatureSummary {
  readonly features: readonly FeatureView[];
  readonly rows: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    readonly unlabelled: number;
  };
  readonly findings: readonly Finding[];
  readonly verdict: string;
}

export interface ModelSummary {
  readonly kind: ModelId;
  readonly label: string;
  readonly backend: string;
  /** NaN where it was trained elsewhere. */
  readonly trainSeconds: number;
  readonly rounds: readonly Round[];
  readonly bestRound: number;
  readonly notes: readonly string[];
  readonly validationAuc: number;
  readonly calibrator: string;
  /** Feature names, most important first. */
  readonly importance: readonly {
    readonly feature: string;
    readonly columns: readonly string[];
    readonly importance: number;
  }[];
}

export interface EvaluatedModel extends ModelSummary {
  readonly metrics: HeadlineMetrics;
  readonly confusion: Confusion;
  readonly bands: readonly BandRow[];
}

export type ModelComparison = Comparison<ModelId>;

export interface EvaluationSummary {
  readonly cut: number;
  /** Chosen on validation: saved, explained and served. */
  readonly best: ModelId;
  readonly models: readonly EvaluatedModel[];
  readonly comparisons: readonly ModelComparison[];
  /** Of the best model. */
  readonly deciles: readonly DecileRow[];
  /** roc, precision-recall, calibration, gains, lift, score-distribution, importance: by id. */
  readonly figures: readonly Figure[];
  readonly testRows: number;
  readonly testConversions: number;
  readonly oracleAuc?: number;
  readonly verdict: string;
}

/** How often refits on resampled customers give a customer the same band. */
export interface ConfidenceSummary {
  readonly refits: number;
  /** Mean over test customers, 0 to 1. */
  readonly meanConfidence: number;
  readonly sentence: string;
}

export interface DecisionSettings {
  readonly valuePerConversion: number;
  readonly costPerContact: number;
  readonly currency: string;
  readonly cut: CutChoice;
  /** Leave out customers whose column has one of these values (categories) or lies in this range (numbers). */
  readonly exclusions: readonly Exclusion[];
  /** Share of the list marked `control` at random, 0 to 0.5. */
  readonly controlShare: number;
  readonly seed: number;
}

export interface DecisionSummary {
  /** The propensity score from which customers are contacted. */
  readonly cutScore: number;
  readonly suggestedCutScore: number;
  readonly customers: number;
  readonly excluded: number;
  readonly contacts: Banded;
  readonly conversions: Banded;
  readonly profit: Banded;
  /** Share of all buyers reached. */
  readonly reach: Banded;
  readonly profitCurve: Figure;
  readonly verdict: string;
}

export interface CustomerHit {
  readonly row: number;
  readonly id: string;
  readonly propensity: number;
  readonly probability: number;
  readonly band: 'High' | 'Medium' | 'Low';
  readonly split: 'train' | 'validation' | 'test' | 'unlabelled';
}

export interface ExplainRequest {
  readonly row: number;
  readonly model?: ModelId;
  /** The default of the model's kind unless told. */
  readonly method?: ExplanationMethod;
}

export interface CustomerExplanation extends CustomerHit {
  readonly model: ModelId;
  readonly method: ExplanationMethod;
  /** NaN where nothing is known. */
  readonly confidence: number;
  /** The first of `views`, drawn. */
  readonly waterfall: Figure;
  /** In each unit, by each kind of parts. */
  readonly views: readonly ExplanationView[];
  /** In points of the conversion probability, by raw column, the largest first. */
  readonly reasons: readonly Reason[];
  readonly logOdds: number;
  /** |base + Σ attributions − raw score|. */
  readonly residual: number;
  /** Where attributions are sampled: the largest of their standard errors, in log-odds. */
  readonly standardError?: number;
  readonly sentence: string;
}

/** What attributions are given to: features; raw columns, what is made of several split equally or as a group of its own. */
export const explanationParts = ['features', 'raw-columns', 'raw-groups'] as const;
export type ExplanationParts = (typeof explanationParts)[number];

/** Why a customer has the number that is shown: average, first bar to the base, attributions, all in one unit. */
export interface ExplanationView {
  readonly unit: ExplanationUnit;
  readonly parts: ExplanationParts;
  /** The average over training customers, from which the first bar leads to `base`. */
  readonly average: number;
  readonly base: number;
  readonly value: number;
  /** |base + Σ attributions − value|. */
  readonly residual: number;
  readonly waterfall: Figure;
  /** Largest first. */
  readonly rows: readonly {
    readonly name: string;
    readonly description: string;
    readonly value: string;
    readonly attribution: number;
  }[];
}

export interface TreeAnswer {
  readonly treeCount: number;
  readonly tree: TreeView;
  /** Positions in `tree.nodes` from the root to the leaf, each with the value that decided there. */
  readonly path?: readonly { readonly node: number; readonly value: string }[];
}

/**
 * Where coefficients and their intervals come from. `likelihood`: a refit without penalty and weights. `robust`: one without
 * penalty under the weights of training, with HC0 errors. `bootstrap`: the model's own, refitted on drawn customers.
 */
export type CoefficientBasis = 'likelihood' | 'robust' | 'bootstrap';

export interface CoefficientSummary {
  readonly by: CoefficientBasis;
  /** Those that mean something for this model. */
  readonly bases: readonly CoefficientBasis[];
  /** The intercept first. */
  readonly rows: readonly CoefficientRow[];
  /** Inputs that others determine exactly: they have no estimate. */
  readonly dropped: readonly string[];
  readonly notes: readonly string[];
  readonly figure: Figure;
  /** All rows, as CSV. */
  readonly file: FileResult;
  readonly verdict: string;
}

export interface CoefficientRow {
  readonly name: string;
  /** Change of the log-odds: per standard deviation of a number; of a level or an indicator, for having it. */
  readonly coefficient: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly oddsRatio: number;
  /** Of refits only: a penalised coefficient has no valid ones. */
  readonly standardError?: number;
  readonly z?: number;
  readonly pValue?: number;
  /** Of the bootstrap only: share of draws in which it is not 0. */
  readonly keptShare?: number;
  readonly words: string;
}

export interface CollinearitySummary extends Collinearity {
  readonly figure: Figure;
  readonly verdict: string;
}

export interface ScorecardSummary {
  readonly card: Scorecard;
  /** Information value by feature. */
  readonly figure: Figure;
  /** A row per bin, as CSV. */
  readonly file: FileResult;
  readonly verdict: string;
}

/** The network as it scores: embeddings of categories are part of the first layer. */
export interface NetworkSummary {
  readonly features: number;
  /** Numbers that the features become: a category has one for each level. */
  readonly inputs: number;
  /** After each hidden layer. */
  readonly activation: string;
  /** The output layer last. */
  readonly layers: readonly NetworkLayer[];
  /** Networks of this shape that are averaged. */
  readonly members: number;
  /** Of all members. */
  readonly parameterCount: number;
  readonly verdict: string;
}

export interface NetworkLayer {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly parameters: number;
  /** With batch normalisation. */
  readonly normalised: boolean;
  readonly weights: Figure;
}

export interface BundleSummary {
  readonly name: string;
  readonly modelVersion: string;
  readonly kind: ModelKind;
  readonly scenario: string;
  readonly columns: readonly {
    readonly name: string;
    readonly description: string;
    readonly kind: string;
    readonly optional: boolean;
  }[];
  readonly createdFrom: string;
}

export interface ScoreSummary {
  readonly name: string;
  readonly rowCount: number;
  readonly modelVersion: string;
  readonly bands: readonly {
    readonly name: 'High' | 'Medium' | 'Low';
    readonly customers: number;
    readonly share: number;
  }[];
  readonly expectedConversions: number;
  readonly findings: readonly Finding[];
  readonly preview: RowPage;
  readonly distribution: Figure;
  readonly file: FileResult;
  readonly verdict: string;
}

export interface DriftRow {
  readonly feature: string;
  readonly description: string;
  readonly psi: number;
  readonly band: 'stable' | 'moderate' | 'significant';
  /** PSI passed its band and exceeds chance, corrected over all features. */
  readonly alarm: boolean;
  /** Chance of such a PSI without drift, so corrected; NaN where the band is "stable". */
  readonly chance: number;
  /** By id of `DriftSummary.measures`; NaN where one does not apply. */
  readonly measures: Readonly<Record<string, number>>;
  readonly overlay: Figure;
}

export interface ChallengeSummary extends Challenge {
  readonly championVersion: string;
  readonly challengerVersion: string;
  readonly currency: string;
  readonly verdict: string;
}

/** What the page keeps between windows and gives back with the next. */
export interface MonitoringMemory {
  readonly rules?: readonly AlertRule[];
  readonly alerts?: readonly AlertState[];
  readonly history?: readonly WindowRecord[];
}

export interface SimulationRequest extends MonitoringMemory {
  readonly drift?: DriftKind;
  readonly course: DriftCourse;
  readonly weeks: number;
  readonly customersPerWeek: number;
  readonly seed: number;
}

export interface DriftSummary {
  readonly name: string;
  readonly rowCount: number;
  readonly referenceRowCount: number;
  readonly features: readonly DriftRow[];
  readonly score: DriftRow;
  /** Every measure, PSI first. */
  readonly measures: readonly { readonly id: string; readonly label: string; readonly help: string }[];
  /** False where KS and Wasserstein were taken from the quantiles that a bundle carries. */
  readonly exact: boolean;
  readonly figure: Figure;
  /** The table with every measure, as CSV. */
  readonly file: FileResult;
  readonly findings: readonly Finding[];
  readonly verdict: string;
  readonly health: Health;
  /** Verdict, drift, performance, predictions and money, as the report has them. */
  readonly sections: readonly ReportSection[];
  readonly report: FileResult;
  /** Everything, as JSON. */
  readonly json: FileResult;
  /** What began or ended with this window (of simulated weeks: with all of them). */
  readonly events: readonly AlertEvent[];
  readonly alerts: readonly AlertState[];
  readonly history: readonly WindowRecord[];
}

export interface CrossValidationRequest {
  readonly folds: number;
  readonly seeds: number;
  readonly parameters: Readonly<Record<ModelKind, Parameters>>;
  readonly kinds?: readonly ModelKind[];
}

export interface CrossValidation {
  readonly folds: number;
  readonly seeds: number;
  readonly models: readonly {
    readonly kind: ModelKind;
    readonly auc: number;
    readonly aucStandardDeviation: number;
    readonly prAuc: number;
    readonly logLoss: number;
    readonly seconds: number;
  }[];
}
