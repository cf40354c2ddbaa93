import { argsort } from '../shared/statistics.ts';

/** The customers in the middles of 400 equal shares, by rising propensity score: enough for segment shares and money. */
export interface ScoreSketch {
  readonly propensity: readonly number[];
  readonly probability: readonly number[];
}

const places = 400;

/** Any share read from it is within half a place, 0.125 %. */
export function sketchScores(scores: {
  readonly propensity: Float64Array;
  readonly probability: Float64Array;
}): ScoreSketch {
  const { propensity, probability } = scores;
  const order = argsort(propensity);
  const count = Math.min(places, order.length);
  const rows = Array.from({ length: count }, (_, i) => order[Math.floor(((i + 0.5) * order.length) / count)] as number);
  return {
    propensity: rows.map((row) => propensity[row] as number),
    probability: rows.map((row) => probability[row] as number),
  };
}
