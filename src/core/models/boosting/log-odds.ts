import type { BoostingModel } from './boosting-model.ts';

/**
 * From the sum of a row's leaf values to its log-odds: divided by the number of trees for random forests, times the
 * objective's sigmoid, rounded in LightGBM's order. Changes no bit of the sum where the model has neither.
 */
export function createLogOdds({ objective, averageOutput, trees }: BoostingModel): (sum: number) => number {
  const scale = objective?.sigmoid ?? 1;
  const count = averageOutput ? trees.length : 1;
  return (sum) => (sum / count) * scale;
}
