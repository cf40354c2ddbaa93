/** How many buyers and non-buyers hold each propensity score: 40 bins of 0.025, the last one closed. */
export interface ScoreDistribution {
  readonly edges: readonly number[];
  readonly buyers: readonly number[];
  readonly others: readonly number[];
}

const binCount = 40;

export function scoreDistribution(labels: Int8Array, propensity: Float64Array): ScoreDistribution {
  const buyers = new Array<number>(binCount).fill(0);
  const others = new Array<number>(binCount).fill(0);
  for (let row = 0; row < labels.length; row++) {
    const bin = Math.min(binCount - 1, Math.floor((propensity[row] as number) * binCount));
    const counts = labels[row] === 1 ? buyers : others;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges: Array.from({ length: binCount + 1 }, (_, bin) => bin / binCount), buyers, others };
}
