import type { Expression } from './expression.ts';

/** What is known about a feature before any row is read. */
export interface FeatureInfo {
  readonly name: string;
  /** Plain words, sentence case. */
  readonly description: string;
  /** "RFM", "Engagement", "Behaviour", "Interactions", "Bins", "Dates", "Raw" … */
  readonly family: string;
  readonly unit: string;
  readonly kind: 'number' | 'category';
  /** Levels of a category feature, in order of code. */
  readonly levels?: readonly string[];
  /** Raw columns it is made from. */
  readonly columns: readonly string[];
}

/** A feature whose expression has learned its numbers (edges, means, tables) on the training rows. Plain JSON. */
export interface FittedFeature extends FeatureInfo {
  readonly expression: Expression;
}

/** A recipe is data (decision 2): one interpreter runs it, one printer can turn it into SQL. Plain JSON. */
export interface FittedRecipe {
  readonly version: 1;
  readonly features: readonly FittedFeature[];
}
