import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { mean, variance } from '../shared/statistics.ts';
import { groupByScore } from './score-groups.ts';

export interface AucDifference {
  /** AUC of the first ranking minus that of the second. */
  readonly difference: number;
  readonly standardError: number;
  /** Two-sided; 1 when the two rankings never differ. */
  readonly pValue: number;
}

/**
 * DeLong's test for two correlated AUCs on the same customers (DeLong 1988), with the structural components from ranks,
 * O(n log n) (Sun and Xu 2014). Ties count half. NaN when a class has fewer than two customers.
 */
export function delongTest(labels: Int8Array, first: Float64Array, second: Float64Array): AucDifference {
  const a = placements(labels, first);
  const b = placements(labels, second);
  const gap = a.map((value, row) => value - (b[row] as number));
  const ofBuyers = gap.filter((_, row) => labels[row] === 1);
  const ofOthers = gap.filter((_, row) => labels[row] === 0);
  const standardError = Math.sqrt(variance(ofBuyers, 1) / ofBuyers.length + variance(ofOthers, 1) / ofOthers.length);
  const difference = mean(ofBuyers);
  const pValue = standardError === 0 ? 1 : 2 * normalCdf(-Math.abs(difference) / standardError, 0, 1);
  return { difference, standardError, pValue };
}

/**
 * For a buyer the share of non-buyers ranked below, for a non-buyer the share of buyers ranked above; ties count half.
 * The mean over either class is the AUC.
 */
function placements(labels: Int8Array, ranking: Float64Array): Float64Array {
  const { groups, groupOf } = groupByScore(labels, ranking);
  const buyers = groups.positiveTotal;
  const others = labels.length - buyers;
  const ofBuyer = new Float64Array(groups.scores.length);
  const ofOther = new Float64Array(groups.scores.length);
  let buyersAbove = 0;
  let othersAbove = 0;
  for (let group = 0; group < groups.scores.length; group++) {
    const positive = groups.positives[group] as number;
    const negative = (groups.rows[group] as number) - positive;
    ofBuyer[group] = (others - othersAbove - negative / 2) / others;
    ofOther[group] = (buyersAbove + positive / 2) / buyers;
    buyersAbove += positive;
    othersAbove += negative;
  }
  return Float64Array.from(labels, (label, row) => (label === 1 ? ofBuyer : ofOther)[groupOf[row] as number] as number);
}

/** Holm's step-down correction of several p-values (Holm 1979), in the order given. */
export function holmCorrection(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => (pValues[i] as number) - (pValues[j] as number));
  const corrected = new Array<number>(pValues.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * (pValues[index] as number)));
    corrected[index] = highest;
  });
  return corrected;
}
