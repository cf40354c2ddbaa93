import type { Figure } from '../reports/figure.ts';
import type { PointCloud } from '../reports/point-cloud.ts';
import type { JobRun } from './job.ts';
import type { ModelId } from './model-id.ts';
import type { CustomerHit, FileResult } from './study-contract.ts';

/** What the views of the Explain page ask for: pictures of all customers, of groups and columns, of some, and of one changed. */
export interface ExplanationViewJobs {
  /** Mean |SHAP| with its band beside gain, splits and permutation importance. */
  importances(input: { readonly model?: ModelId }, run: JobRun): Promise<Importances>;
  /** Every customer's attributions to the features that matter most. */
  beeswarm(input: { readonly model?: ModelId }, run: JobRun): Promise<Beeswarm>;
  /** A feature's values against its attributions, coloured by the feature that it goes with most. */
  dependence(input: { readonly model?: ModelId; readonly feature: string }, run: JobRun): Promise<Dependence>;
  /** What the model answers as one raw column or feature changes: partial dependence, single customers, accumulated effects. */
  columnEffect(input: { readonly model?: ModelId; readonly column: string }, run: JobRun): Promise<ColumnEffect>;
  /** Of trees: mean |SHAP interaction| by pair of features. */
  interactionHeatmap(input: { readonly model?: ModelId }, run: JobRun): Promise<Figure>;
  /** Groups of customers by a raw column or a segment among the features. */
  cohorts(input: { readonly model?: ModelId; readonly column: string }, run: JobRun): Promise<CohortTable>;
  /** What the selected customers have in common; who is selected is kept for `customers`. */
  select(
    input: { readonly model?: ModelId; readonly conditions: readonly Condition[] },
    run: JobRun,
  ): Promise<Selection>;
  /** Scored customers in order of their score, or of the table. */
  customers(input: CustomerQuery, run: JobRun): Promise<CustomerPage>;
  /** The raw columns that a customer can be changed in, with the values they have. */
  customerColumns(input: { readonly row: number }, run: JobRun): Promise<readonly CustomerColumn[]>;
  whatIf(
    input: { readonly model?: ModelId; readonly row: number; readonly changes: Changes },
    run: JobRun,
  ): Promise<WhatIf>;
  /** The smallest changes over changeable columns that carry a customer across the cut. */
  counterfactuals(
    input: { readonly model?: ModelId; readonly row: number; readonly cut: number },
    run: JobRun,
  ): Promise<Counterfactuals>;
  neighbours(input: { readonly model?: ModelId; readonly row: number }, run: JobRun): Promise<Neighbours>;
  /** Several customers side by side: decision plot, heatmap and, of two, their difference. */
  several(input: { readonly model?: ModelId; readonly rows: readonly number[] }, run: JobRun): Promise<Several>;
  /** A few rules that imitate the model. */
  surrogate(input: { readonly model?: ModelId }, run: JobRun): Promise<Surrogate>;
  /** "Explain this model": one self-contained HTML file. Customers are named only where `rows` asks for them. */
  explanationReport(
    input: { readonly model?: ModelId; readonly rows: readonly number[] },
    run: JobRun,
  ): Promise<FileResult>;
}

export interface Importances {
  /** By feature, largest mean |SHAP| first; NaN where a measure does not apply. */
  readonly rows: readonly {
    readonly feature: string;
    readonly description: string;
    /** Log-odds. */
    readonly shap: number;
    readonly low: number;
    readonly high: number;
    readonly gain: number;
    readonly splits: number;
    /** AUC lost on test customers when the feature is shuffled, with its spread over repeats. */
    readonly permutation: number;
    readonly permutationSpread: number;
  }[];
  readonly figure: Figure;
  /** AUC lost when shuffled, with the spread over repeats. */
  readonly shuffled: Figure;
  readonly verdict: string;
}

export interface Beeswarm {
  /** Axes, medians and words; the cloud is drawn under it. */
  readonly figure: Figure;
  readonly cloud: PointCloud;
  /** Row of the table of each row of the cloud; all rows in order where it is left out. */
  readonly rows?: Uint32Array;
}

export interface Dependence extends Beeswarm {
  readonly feature: string;
  readonly partner: string | null;
}

export interface ColumnEffect {
  readonly column: string;
  readonly partialDependence: Figure;
  readonly individual: Figure;
  /** Not of categories, which have no order. */
  readonly accumulated?: Figure;
  readonly verdict: string;
}

export interface CohortRow {
  readonly label: string;
  readonly customers: number;
  readonly share: number;
  readonly meanPropensity: number;
  /** Of test customers: how many, how many of them converted, and the mean probability they were given. */
  readonly testCustomers: number;
  readonly testConversions: number;
  readonly conversion: number;
  readonly low: number;
  readonly high: number;
  readonly meanProbability: number;
  /** Customers at or above the cut. */
  readonly aboveCut: number;
  /** Test buyers at or above the cut. */
  readonly buyersAboveCut: number;
  /** Features whose mean attribution differs most from that of the rest, in log-odds. */
  readonly drivers: readonly { readonly feature: string; readonly difference: number }[];
}

export interface CohortTable {
  readonly column: string;
  readonly description: string;
  readonly cut: number;
  readonly rows: readonly CohortRow[];
  readonly total: CohortRow;
  readonly figure: Figure;
  readonly file: FileResult;
  readonly verdict: string;
}

/** Rows whose value lies in a range, or among levels. `column`: a raw column, a feature, or "propensity". */
export interface Condition {
  readonly column: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly values?: readonly string[];
}

export interface Selection {
  /** 1 for each row of the table that is selected; left out where all are. */
  readonly selected?: Uint8Array;
  readonly customers: number;
  readonly scores: Figure;
  readonly importance: Figure;
  readonly verdict: string;
}

export interface CustomerQuery {
  readonly model?: ModelId;
  readonly from: number;
  readonly to: number;
  readonly order: 'propensity' | 'probability' | 'row';
  readonly descending: boolean;
  /** A part of the id. */
  readonly query?: string;
  /** Customers whom no model has seen, everybody, or those of the last `select`. */
  readonly among: 'test' | 'all' | 'selected';
}

export interface CustomerPage {
  readonly rowCount: number;
  readonly hits: readonly CustomerHit[];
}

export interface CustomerColumn {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'number' | 'category' | 'date';
  /** Dates as YYYY-MM-DD. */
  readonly value: number | string | null;
  readonly levels?: readonly string[];
  /** Of numbers: between the smallest and the largest training customer. */
  readonly min?: number;
  readonly max?: number;
  readonly integer: boolean;
  /** Null where the schema does not say. */
  readonly changeable: boolean | null;
}

/** New values by raw column; null is missing. */
export type Changes = Readonly<Record<string, number | string | null>>;

export interface WhatIf {
  readonly before: { readonly propensity: number; readonly probability: number };
  readonly after: { readonly propensity: number; readonly probability: number; readonly band: string };
  readonly features: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  readonly waterfall: Figure;
  readonly sentence: string;
}

export interface Counterfactuals {
  readonly found: readonly {
    readonly changes: readonly {
      readonly column: string;
      readonly description: string;
      readonly from: string;
      readonly to: string;
      readonly value: number | string | null;
    }[];
    readonly propensity: number;
    /** Share of customers between the old and the new value, added up over columns. */
    readonly cost: number;
  }[];
  readonly sentence: string;
}

export interface Neighbours {
  readonly near: readonly (CustomerHit & {
    /** 1: the same in every column. */
    readonly similarity: number;
    /** Null where it is not known. */
    readonly converted: boolean | null;
    readonly differs: readonly string[];
  })[];
  readonly sentence: string;
}

export interface Several {
  readonly decision: Figure;
  readonly heatmap: Figure;
  readonly difference?: Figure;
}

export interface Surrogate {
  readonly rules: readonly {
    readonly words: string;
    readonly customers: number;
    readonly share: number;
    /** The mean propensity score of these customers. */
    readonly propensity: number;
    /** Of the test customers among them. */
    readonly conversion: number;
  }[];
  /** Share of the variance of the raw score that the rules answer, on test customers. */
  readonly fidelity: number;
  readonly verdict: string;
}
