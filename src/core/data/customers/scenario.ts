import type { Random } from '../../shared/random.ts';
import type { TableSchema } from '../schema.ts';

/** One customer's cells by column name: numbers, days, category codes; NaN is missing. Ids and labels are not in it. */
export type Cells = Readonly<Record<string, number>>;

/** One way to the conversion: how strongly a customer stands in it, 0 to 1, from the columns that everyone can see. */
export interface Driver<C = Cells> {
  readonly name: string;
  /** Plain words, a full sentence. */
  readonly description: string;
  /** Log-odds added when fully in it. */
  readonly strength: number;
  of(customer: C): number;
}

/** A business question with sample customers: its columns, how they are drawn, and what drives conversion. */
export interface Scenario {
  readonly id: ScenarioId;
  /** "E-commerce purchase". */
  readonly label: string;
  readonly description: string;
  readonly schema: TableSchema & { readonly label: { readonly column: string; readonly positive: string } };
  readonly vocabulary: Vocabulary;
  /** Snapshot day, in days since 1970-01-01 UTC. */
  readonly asOf: number;
  readonly idPrefix: string;
  /** Draws the columns of one customer. */
  draw(random: Random): Cells;
  readonly drivers: readonly Driver<never>[];
  /** Log-odds of converting, up to the intercept that sets the overall rate. */
  logOdds(customer: Cells): number;
}

export const scenarioIds = ['ecommerce', 'saas-upgrade', 'bank-loan', 'campaign-response'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** How people in this business speak. Lower case, for use inside sentences. */
export interface Vocabulary {
  /** "customer", "account", "client", "contact". */
  readonly customer: string;
  readonly customers: string;
  /** "buys within 30 days". */
  readonly conversion: string;
  /** "purchase", "upgrade", "application", "response". */
  readonly event: string;
  /** "buyers", "upgraders" … those who convert. */
  readonly converters: string;
}
