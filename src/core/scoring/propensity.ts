import { sigmoid } from '../shared/exact-math.ts';

/**
 * The balanced score, 0 to 1, of raw scores in log-odds. `centre` is added to them first: 0 for models trained here, which
 * balance the classes; what one trained elsewhere lacks of it (see fitCentre).
 */
export function propensityOf(rawScores: Float64Array, centre = 0): Float64Array {
  return rawScores.map((raw) => sigmoid(raw + centre));
}
