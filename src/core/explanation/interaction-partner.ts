import { argsort } from '../shared/statistics.ts';

/**
 * How strongly each column goes with what is left unexplained of a feature's attributions once its own value is known:
 * shap's `approximate_interactions` (correlations within runs of customers with nearby values, added up). Of the column
 * itself 0. For choosing what to colour a dependence plot by.
 * @param values the feature's value of each row
 * @param attributions its attribution of each row
 * @param others every column, NaN where missing
 */
export function interactionStrengths(
  values: Float64Array,
  attributions: Float64Array,
  others: readonly Float64Array[],
): Float64Array {
  const order = argsort(values);
  const length = Math.max(Math.min(Math.floor(values.length / 10), 50), 1);
  const inOrder = (from: Float64Array) => Float64Array.from(order, (row) => from[row]!);
  const sorted = inOrder(attributions);
  const strengthOf = (column: Float64Array): number => {
    let sum = 0;
    for (let from = 0; from < column.length; from += length) {
      sum += Math.abs(correlation(sorted.subarray(from, from + length), column.subarray(from, from + length)));
    }
    return sum;
  };
  return Float64Array.from(others, (other) => {
    if (other === values) return 0;
    const column = inOrder(other);
    const missing = column.map((value) => (Number.isNaN(value) ? 1 : 0));
    return Math.max(strengthOf(column), strengthOf(missing));
  });
}

/** Pearson's; 0 where one of them is constant or has missing values. */
function correlation(a: Float64Array, b: Float64Array): number {
  let meanA = 0;
  let meanB = 0;
  for (let i = 0; i < a.length; i++) {
    meanA += a[i]! / a.length;
    meanB += b[i]! / a.length;
  }
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  // A constant has a spread of rounding alone.
  const flat = 1e-24 * a.length;
  return aa > flat * meanA * meanA && bb > flat * meanB * meanB && aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
