import type { LogisticModel } from './logistic-model.ts';

/**
 * A feature's importance: the standard deviation of what it adds to the raw score over the training rows. For a number
 * without gaps that is its |standardised coefficient|; for a category, the spread of its levels' coefficients.
 */
export function logisticImportance({ encoding, coefficients, inputMeans, inputScales }: LogisticModel) {
  return encoding.columns.map((column) => {
    const { name: feature, slot } = column;
    if (column.kind === 'category') {
      let mean = 0;
      let square = 0;
      for (let j = slot; j < slot + column.levels.length; j++) {
        const share = inputMeans[j] as number;
        const effect = coefficients[j] as number;
        mean += share * effect;
        square += share * effect * effect;
      }
      return { feature, importance: Math.sqrt(Math.max(0, square - mean * mean)) };
    }
    const value = (coefficients[slot] as number) * (inputScales[slot] as number);
    if (!column.missingIndicator) return { feature, importance: Math.abs(value) };
    // Value and indicator are uncorrelated: a missing value stands at the mean.
    const missing = (coefficients[slot + 1] as number) * (inputScales[slot + 1] as number);
    return { feature, importance: Math.sqrt(value * value + missing * missing) };
  });
}
