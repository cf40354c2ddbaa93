/** One column of a surrogate: numbers, NaN where missing. */
export interface SurrogateColumn {
  readonly name: string;
  readonly values: Float64Array;
}

export interface RuleCondition {
  readonly column: string;
  /** `atMost`: value ≤ threshold; `above`: value > threshold or missing. */
  readonly side: 'atMost' | 'above';
  readonly threshold: number;
}

/** A leaf of the surrogate: whom it holds and what it answers for all of them. */
export interface SurrogateRule {
  readonly conditions: readonly RuleCondition[];
  readonly rows: Uint32Array;
  /** The mean target of these rows. */
  readonly answer: number;
}

/** Splits that are tried: values at this many quantiles of a column at most, taken over all rows once. */
const mostBins = 64;

/**
 * A small regression tree that imitates a model (a global surrogate; Molnar, Interpretable Machine Learning, 8.6): grown
 * depth-first by CART's squared error on `target`, the model's own answers. Missing values go with the large ones.
 */
export function surrogateRules(
  columns: readonly SurrogateColumn[],
  target: Float64Array,
  { depth = 3, leastRows = 20 }: { readonly depth?: number; readonly leastRows?: number } = {},
): SurrogateRule[] {
  const binned = columns.map(({ values }) => binColumn(values));
  const grow = (rows: Uint32Array, conditions: readonly RuleCondition[]): SurrogateRule[] => {
    const split = conditions.length < depth ? bestSplit(binned, target, rows, leastRows) : undefined;
    if (!split) return [{ conditions, rows, answer: meanOf(target, rows) }];
    const { codes, edges } = binned[split.column]!;
    const { name } = columns[split.column]!;
    const threshold = edges[split.bin]!;
    return [
      ...grow(
        rows.filter((row) => codes[row]! <= split.bin),
        [...conditions, { column: name, side: 'atMost', threshold }],
      ),
      ...grow(
        rows.filter((row) => codes[row]! > split.bin),
        [...conditions, { column: name, side: 'above', threshold }],
      ),
    ];
  };
  return grow(
    Uint32Array.from(target, (_, row) => row),
    [],
  );
}

/** Share of the variance of `target` that the rules answer: 1 imitates perfectly. */
export function fidelityOf(rules: readonly SurrogateRule[], target: Float64Array): number {
  const mean = target.reduce((sum, each) => sum + each, 0) / target.length;
  let left = 0;
  let total = 0;
  for (const { rows, answer } of rules) {
    for (const row of rows) {
      left += squared(target[row]! - answer);
      total += squared(target[row]! - mean);
    }
  }
  return total === 0 ? 1 : 1 - left / total;
}

interface BinnedColumn {
  /** Index into `edges` of the first edge at or above the value; edges.length where above all, or missing. */
  readonly codes: Uint8Array;
  /** Midpoints between neighbouring values, as CART splits. */
  readonly edges: Float64Array;
}

function binColumn(values: Float64Array): BinnedColumn {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = known.filter((value, i) => i === 0 || value !== known[i - 1]);
  const edges: number[] = [];
  if (distinct.length <= mostBins) {
    for (let i = 1; i < distinct.length; i++) edges.push((distinct[i - 1]! + distinct[i]!) / 2);
  } else {
    for (let i = 1; i < mostBins; i++) edges.push(known[Math.floor((i * known.length) / mostBins)]!);
  }
  const kept = Float64Array.from(edges).filter((edge, i) => i === 0 || edge !== edges[i - 1]);
  const codes = Uint8Array.from(values, (value) => {
    if (Number.isNaN(value)) return kept.length;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (kept[middle]! >= value) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  return { codes, edges: kept };
}

function bestSplit(
  columns: readonly BinnedColumn[],
  target: Float64Array,
  rows: Uint32Array,
  leastRows: number,
): { readonly column: number; readonly bin: number } | undefined {
  let total = 0;
  for (const row of rows) total += target[row]!;
  // A split gains Σ² / n of its halves less that of the whole.
  const whole = (total * total) / rows.length;
  let best: { column: number; bin: number } | undefined;
  let bestGain = 1e-12 * (1 + Math.abs(whole));
  const sums = new Float64Array(mostBins + 1);
  const counts = new Uint32Array(mostBins + 1);
  columns.forEach(({ codes, edges }, column) => {
    sums.fill(0);
    counts.fill(0);
    for (const row of rows) {
      sums[codes[row]!]! += target[row]!;
      counts[codes[row]!]!++;
    }
    let sum = 0;
    let count = 0;
    for (let bin = 0; bin < edges.length; bin++) {
      sum += sums[bin]!;
      count += counts[bin]!;
      const others = rows.length - count;
      if (count < leastRows || others < leastRows) continue;
      const gain = (sum * sum) / count + ((total - sum) * (total - sum)) / others - whole;
      if (gain > bestGain) {
        bestGain = gain;
        best = { column, bin };
      }
    }
  });
  return best;
}

function meanOf(target: Float64Array, rows: Uint32Array): number {
  let sum = 0;
  for (const row of rows) sum += target[row]!;
  return sum / rows.length;
}

const squared = (value: number): number => value * value;
