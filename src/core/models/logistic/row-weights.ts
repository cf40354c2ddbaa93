import { StudioError } from '../../shared/errors.ts';
import type { TrainingInput } from '../model.ts';
import type { LogisticSettings } from './logistic-parameters.ts';

export interface RowWeights {
  /** One per training row. */
  readonly train: Float64Array;
  /** One per validation row, under the training rows' class weights. */
  readonly validation: Float64Array;
}

/**
 * The rows' own weights (1 by default), times class weights: where balanced, total/(2 × the class's total), scikit-learn's
 * "balanced"; where given, `positiveWeight` for conversions. Refuses training rows of one class.
 */
export function rowWeights(
  { labels, train, validation, weights }: TrainingInput,
  { classWeight, positiveWeight }: Pick<LogisticSettings, 'classWeight' | 'positiveWeight'>,
): RowWeights {
  const totals: [number, number] = [0, 0];
  for (const row of train) totals[labels[row] as 0 | 1] += weights ? (weights[row] as number) : 1;
  if (!(totals[0] > 0 && totals[1] > 0)) {
    const found = totals[1] > 0 ? 'only conversions' : 'no conversion';
    throw new StudioError('data.label', `There is ${found} among the ${train.length} training rows.`, {
      fix: 'Train on rows that did and rows that did not convert.',
    });
  }
  const ofClass =
    classWeight === 'balanced'
      ? totals.map((total) => (totals[0] + totals[1]) / (2 * total))
      : [1, classWeight === 'given' ? positiveWeight : 1];
  function weigh(rows: Uint32Array): Float64Array {
    const out = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      out[i] = (ofClass[labels[row] as number] as number) * (weights ? (weights[row] as number) : 1);
    }
    return out;
  }
  return { train: weigh(train), validation: weigh(validation) };
}
