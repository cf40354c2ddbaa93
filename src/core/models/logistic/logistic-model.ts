import type { Encoding } from '../encoding.ts';
import type { Parameters } from '../parameters.ts';

/**
 * Logistic regression: the raw score is the intercept plus the sum of coefficient × input, in the encoding's order of
 * columns. Inputs are standardised numbers, missing indicators and one-hot levels (see encoding.ts).
 */
export interface LogisticModel {
  readonly kind: 'logistic';
  readonly encoding: Encoding;
  readonly intercept: number;
  /** One per input. */
  readonly coefficients: Float64Array;
  /** Mean of each input over the training rows: of a level or an indicator, its share. */
  readonly inputMeans: Float64Array;
  /** Standard deviation of each input over the training rows. */
  readonly inputScales: Float64Array;
  /** As given; with choose_C, `C` is the value that was chosen. */
  readonly parameters: Parameters;
}
