import type { Frame } from '../data/frame.ts';
import { createEncoder, inputCount } from '../models/encoding.ts';
import type { LogisticModel } from '../models/logistic/logistic-model.ts';

/**
 * Exact SHAP values of a linear model with independent features: coefficient × (input − its mean over the training
 * rows), the inputs of one feature added up (Lundberg and Lee 2017, corollary 1).
 */
export interface LinearShap {
  /** The mean raw score over the training rows. */
  readonly expectedValue: number;
  /** Adds each feature's attribution for one row (in log-odds, in the encoding's order of columns) to `phi`. */
  addAttributions(row: number, phi: Float64Array): void;
}

export function createLinearShap(model: LogisticModel, features: Frame): LinearShap {
  const { encoding, coefficients, inputMeans: means, intercept } = model;
  const encoder = createEncoder(encoding, features);
  const inputs = new Float64Array(encoding.width);
  let expectedValue = intercept;
  for (let slot = 0; slot < encoding.width; slot++) expectedValue += coefficients[slot]! * means[slot]!;
  return {
    expectedValue,
    addAttributions(row, phi) {
      encoder.encode([row], 0, 1, inputs);
      encoding.columns.forEach((column, feature) => {
        for (let slot = column.slot; slot < column.slot + inputCount(column); slot++) {
          phi[feature]! += coefficients[slot]! * (inputs[slot]! - means[slot]!);
        }
      });
    },
  };
}
