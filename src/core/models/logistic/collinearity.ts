import type { TrainingContext, TrainingInput } from '../model.ts';
import { factorise, inverseOf } from './cholesky.ts';
import { inferenceDesign } from './inference-design.ts';
import { openLoss } from './loss.ts';

/** How much the inputs say the same thing. */
export interface Collinearity {
  /** The largest first. */
  readonly inflation: readonly VarianceInflation[];
  /** Pairs of inputs of different features correlated by more than 0.8 either way; the strongest first. */
  readonly correlated: readonly CorrelatedPair[];
  /** Inputs that others determine exactly. */
  readonly dropped: readonly string[];
  readonly notes: readonly string[];
}

export interface VarianceInflation {
  readonly name: string;
  /** 1/(1 − R²) of the input on all others: how many times its coefficient's variance is what it would be alone. */
  readonly factor: number;
}

export interface CorrelatedPair {
  readonly first: string;
  readonly second: string;
  /** Pearson's, over the training rows. */
  readonly correlation: number;
}

const strongCorrelation = 0.8;
/** Beyond this a coefficient is usually said to be badly determined (Marquardt 1970). */
const largeInflation = 10;
const quiet = 1e-12;

/**
 * Variance inflation factors and correlations of the inputs over the unweighted training rows, one level of each category
 * left out. At coefficients of zero every row's curvature is ¼, so that the Hessian is the matrix of products.
 */
export async function measureCollinearity(input: TrainingInput, context: TrainingContext): Promise<Collinearity> {
  const { labels, train, features } = input;
  const { encoding, names, features: filled } = inferenceDesign(features, train);
  const weights = new Float64Array(train.length).fill(1);
  const breathe = () => context.checkpoint({ fraction: 0.5, stage: 'Comparing inputs' });
  const loss = await openLoss(context.kernels, { features: filled, encoding, rows: train, labels, weights }, breathe);
  try {
    const { size } = loss;
    const products = ((await loss.evaluate(new Float64Array(size), true)).hessian as Float64Array).map((h) => 4 * h);
    const mean = (j: number) => products[j * size] as number;
    const covariance = (j: number, k: number) => (products[j * size + k] as number) - mean(j) * mean(k);
    const factor = factorise(products, size, 0, 0);
    const inverse = inverseOf(factor);
    const isFree = (j: number) => factor.dropped[j] === 0 && covariance(j, j) > quiet;
    const inflation: VarianceInflation[] = [];
    const correlated: CorrelatedPair[] = [];
    const owner = encoding.columns.flatMap((column, i) =>
      new Array<number>(column.kind === 'category' ? column.levels.length : column.missingIndicator ? 2 : 1).fill(i),
    );
    for (let j = 1; j < size; j++) {
      const name = names[j - 1] as string;
      if (isFree(j)) inflation.push({ name, factor: covariance(j, j) * (inverse[j * size + j] as number) });
      for (let k = 1; k < j; k++) {
        if (owner[j - 1] === owner[k - 1]) continue;
        const spread = Math.sqrt(covariance(j, j) * covariance(k, k));
        const correlation = spread > quiet ? covariance(j, k) / spread : 0;
        if (Math.abs(correlation) > strongCorrelation) {
          correlated.push({ first: names[k - 1] as string, second: name, correlation });
        }
      }
    }
    inflation.sort((a, b) => b.factor - a.factor);
    correlated.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
    const dropped = names.filter((_, j) => factor.dropped[j + 1] === 1);
    return { inflation, correlated, dropped, notes: notesOf(inflation, correlated, dropped) };
  } finally {
    loss.close();
  }
}

function notesOf(
  inflation: readonly VarianceInflation[],
  correlated: readonly CorrelatedPair[],
  dropped: readonly string[],
): string[] {
  const large = inflation.filter(({ factor }) => factor > largeInflation);
  return [
    ...dropped.map((name) => `${name} is determined by the other inputs: it has no coefficient of its own.`),
    ...large.map(
      ({ name, factor }) =>
        `Most of ${name} is told by the other inputs (variance inflation ${factor.toPrecision(3)}): its coefficient alone means little.`,
    ),
    ...correlated.map(
      ({ first, second, correlation }) =>
        `${first} and ${second} go together (correlation ${correlation.toFixed(2)}): read their coefficients as one.`,
    ),
  ];
}
