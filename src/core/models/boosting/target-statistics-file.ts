import type { BoostingFeature, TargetStatistic } from './boosting-model.ts';

/** The features as LightGBM's text can tell them: a category read by its statistic is that number, named as such. */
export function asNumbers(features: readonly BoostingFeature[]): readonly BoostingFeature[] {
  return features.map((feature) =>
    feature.statistic ? { name: `conversion rate of ${feature.name}`, kind: 'number', info: feature.info } : feature,
  );
}

/** As JSON holds it: numbers in the shortest digits that read back to the same double. */
export function statisticJson({ missing, levels, unseen }: TargetStatistic) {
  return { missing, levels: [...levels], unseen };
}

/** A stranger's statistic; undefined where it is not a rate for missing, for unseen and for each of the levels. */
export function readStatistic(value: unknown, levelCount: number): TargetStatistic | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { missing, levels, unseen } = value as { missing?: unknown; levels?: unknown; unseen?: unknown };
  if (!isRate(missing) || !isRate(unseen)) return undefined;
  if (!Array.isArray(levels) || levels.length !== levelCount || !levels.every(isRate)) return undefined;
  return { missing, levels: Float64Array.from(levels), unseen };
}

function isRate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
