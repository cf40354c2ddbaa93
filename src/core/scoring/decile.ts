import { quantiles } from '../shared/statistics.ts';

/** The propensity scores at which the deciles of these customers begin, falling: nine edges. */
export function decileEdgesOf(propensity: Float64Array): number[] {
  return quantiles(
    propensity,
    Array.from({ length: 9 }, (_, i) => (9 - i) / 10),
  );
}

/** 1 for the tenth with the highest scores, to 10; null without edges. */
export function decileOf(edges: readonly number[] | undefined, propensity: number): number | null {
  if (!edges) return null;
  let decile = 1;
  while (decile <= edges.length && propensity < (edges[decile - 1] as number)) decile++;
  return decile;
}
