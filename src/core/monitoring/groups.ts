import type { CategoryColumn } from '../data/frame.ts';
import { rateBand } from '../evaluation/bands.ts';

/** One group of the window: what was predicted and, where outcomes are known, what happened. */
export interface GroupBias {
  readonly group: string;
  readonly customers: number;
  /** Of all, and of those whose outcome is known: mean conversion probability. */
  readonly predicted: number;
  readonly labelled: number;
  readonly conversions: number;
  readonly predictedOfLabelled: number;
  /** Observed rate with its 95 % band (Jeffreys); NaN of nobody. */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
  /** The band excludes what was predicted. */
  readonly biased: boolean;
}

const mostGroups = 12;

/** Prediction against outcome by group, the largest first; rarer groups than the twelve largest are taken together. */
export function groupBias(column: CategoryColumn, probability: Float64Array, labels?: Int8Array): GroupBias[] {
  const totals = [...column.levels, 'missing'].map((group) => ({
    group,
    customers: 0,
    sum: 0,
    labelled: 0,
    sumLabelled: 0,
    conversions: 0,
  }));
  for (let row = 0; row < probability.length; row++) {
    const code = column.codes[row] as number;
    const total = totals[code < 0 ? column.levels.length : code];
    if (!total) continue;
    const chance = probability[row] as number;
    total.customers++;
    total.sum += chance;
    const label = labels?.[row] ?? -1;
    if (label < 0) continue;
    total.labelled++;
    total.sumLabelled += chance;
    total.conversions += label;
  }
  const ordered = totals.filter(({ customers }) => customers > 0).sort((a, b) => b.customers - a.customers);
  const rest = ordered.slice(mostGroups - 1);
  const shown =
    ordered.length <= mostGroups
      ? ordered
      : [
          ...ordered.slice(0, mostGroups - 1),
          rest.reduce((all, each) => ({
            group: `${rest.length} others`,
            customers: all.customers + each.customers,
            sum: all.sum + each.sum,
            labelled: all.labelled + each.labelled,
            sumLabelled: all.sumLabelled + each.sumLabelled,
            conversions: all.conversions + each.conversions,
          })),
        ];
  return shown.map(({ group, customers, sum, labelled, sumLabelled, conversions }) => {
    const predictedOfLabelled = sumLabelled / labelled;
    const { low, high } = rateBand(conversions, labelled);
    return {
      group,
      customers,
      predicted: sum / customers,
      labelled,
      conversions,
      predictedOfLabelled,
      observed: conversions / labelled,
      low,
      high,
      biased: labelled > 0 && (predictedOfLabelled < low || predictedOfLabelled > high),
    };
  });
}
