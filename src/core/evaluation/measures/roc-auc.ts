import { groupByScore } from '../score-groups.ts';
import type { ScoreMeasure } from './measure.ts';

/** Area under the ROC curve, ties counted half (Mann–Whitney U; scikit-learn's `roc_auc_score`). */
export const rocAuc: ScoreMeasure = {
  label: 'AUC',
  description: 'The chance that a random buyer is ranked above a random non-buyer.',
  reads: 'ranking',
  most: 1,
  better: 'higher',
  of({ rows, positives, rowTotal, positiveTotal }) {
    const negativeTotal = rowTotal - positiveTotal;
    let positivesAbove = 0;
    let wins = 0;
    for (let i = 0; i < rows.length; i++) {
      const positive = positives[i] as number;
      const negative = (rows[i] as number) - positive;
      wins += negative * (positivesAbove + positive / 2);
      positivesAbove += positive;
    }
    return wins / (positiveTotal * negativeTotal);
  },
};

/** AUC of one set of scores. NaN when a class is absent. */
export function rocAucOf(labels: Int8Array, ranking: Float64Array): number {
  return rocAuc.of(groupByScore(labels, ranking).groups);
}
