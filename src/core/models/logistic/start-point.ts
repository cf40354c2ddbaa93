import { logit } from '../../shared/exact-math.ts';
import type { LossRows, Loss } from './loss.ts';
import type { SearchPoint } from './newton.ts';

/** All coefficients 0, the intercept at the (weighted) share of conversions. */
export async function startPoint(
  loss: Loss,
  { labels, rows, weights }: Pick<LossRows, 'labels' | 'rows' | 'weights'>,
  withHessian: boolean,
): Promise<SearchPoint> {
  let positive = 0;
  let total = 0;
  rows.forEach((row, i) => {
    const weight = weights[i] as number;
    total += weight;
    if (labels[row] === 1) positive += weight;
  });
  const coefficients = new Float64Array(loss.size);
  coefficients[0] = logit(positive / total);
  const at = await loss.evaluate(coefficients, withHessian);
  return { coefficients, at, hessian: at.hessian ?? new Float64Array(0) };
}
