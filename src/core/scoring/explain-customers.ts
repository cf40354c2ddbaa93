import { byRawColumn } from '../explanation/raw-columns.ts';
import { type ExplanationUnit, inUnit } from '../explanation/units.ts';
import { explainerOf, type ScoredCustomers } from './reasons-for.ts';
import type { CustomerScores, Scorer } from './scorer.ts';

/** Why one customer has the number shown: base plus contributions is the value. */
export interface CustomerExplanation {
  readonly unit: ExplanationUnit;
  /** The number an average customer of the training has. */
  readonly base: number;
  readonly value: number;
  /** By raw column, the largest first. */
  readonly columns: readonly { readonly columns: readonly string[]; readonly contribution: number }[];
  /** By feature of the model, the largest first. */
  readonly features: readonly { readonly feature: string; readonly contribution: number }[];
  /** |base + Σ contributions − value|: rounding, at most about 1e-9. */
  readonly residual: number;
}

/** Scores one customer and explains the number in this unit; no explanation where it is refused. */
export function explainCustomer(
  scorer: Scorer,
  record: unknown,
  unit: ExplanationUnit,
): CustomerScores & { readonly explanation?: CustomerExplanation; readonly customers?: ScoredCustomers } {
  let scored: ScoredCustomers | undefined;
  const scores = scorer.scoreCustomers([record], { use: (customers) => (scored = customers) });
  if (!scores.results[0] || !scored) return scores;
  const { bundle } = scorer;
  const explained = explainerOf(bundle)(scored.features, 0);
  const { base, attributions, value, residual } = inUnit(explained, unit, {
    centre: bundle.centre ?? 0,
    calibrator: bundle.calibrator,
  });
  const columnsOf = new Map(bundle.recipe.features.map((feature) => [feature.name, feature.columns]));
  const names = explained.attributions.map(({ feature }) => feature);
  const byColumn = byRawColumn(
    attributions,
    names.map((name) => columnsOf.get(name) ?? []),
    'split',
  );
  const largestFirst = <T extends { readonly contribution: number }>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    ...scores,
    customers: scored,
    explanation: {
      unit,
      base,
      value,
      columns: largestFirst(byColumn.map(({ columns, attribution }) => ({ columns, contribution: attribution }))),
      features: largestFirst(names.map((feature, i) => ({ feature, contribution: attributions[i] as number }))),
      residual,
    },
  };
}
