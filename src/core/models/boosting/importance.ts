import type { BoostingModel } from './boosting-model.ts';

export interface FeatureImportance {
  readonly feature: string;
  readonly importance: number;
}

/** Sum of the gains of a feature's splits, LightGBM's `importance_type="gain"`; most important first. */
export function gainImportance(model: BoostingModel): readonly FeatureImportance[] {
  return importanceBy(model, (gain) => gain);
}

/** Number of a feature's splits with a gain, LightGBM's `importance_type="split"`; most used first. */
export function splitImportance(model: BoostingModel): readonly FeatureImportance[] {
  return importanceBy(model, () => 1);
}

function importanceBy(model: BoostingModel, worth: (gain: number) => number): readonly FeatureImportance[] {
  const sums = new Float64Array(model.features.length);
  for (const tree of model.trees) {
    tree.splitFeature.forEach((feature, node) => {
      const gain = tree.splitGain[node] as number;
      if (gain > 0) sums[feature] = (sums[feature] as number) + worth(gain);
    });
  }
  return model.features
    .map(({ name }, index) => ({ feature: name, importance: sums[index] as number }))
    .sort((a, b) => b.importance - a.importance);
}
