import type { Template } from './expression.ts';

/** One feature of a family, before anything is learned. It is made wherever the columns and features it reads exist. */
export interface FeatureEntry {
  readonly name: string;
  /** Plain words, sentence case. */
  readonly description: string;
  readonly family: string;
  readonly unit: string;
  /** Makes it a category: the expression yields the index of a level. */
  readonly levels?: readonly string[];
  readonly expression: Template;
}
