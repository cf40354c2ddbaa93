import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { StudioError } from '../../shared/errors.ts';
import { exp } from '../../shared/exact-math.ts';
import type { TrainingContext, TrainingInput } from '../model.ts';
import type { Parameters } from '../parameters.ts';
import { type CholeskyFactor, factorise, inverseOf } from './cholesky.ts';
import { type InferenceDesign, inferenceDesign } from './inference-design.ts';
import { logisticSettings } from './logistic-parameters.ts';
import { openLoss } from './loss.ts';
import { newton, type SearchResult } from './newton.ts';
import { oddsInWords } from './odds-in-words.ts';
import { rowWeights } from './row-weights.ts';
import { startPoint } from './start-point.ts';

/** What an unpenalised refit says about each coefficient, and how far it can be believed. */
export interface LogisticInference {
  /** `likelihood`: the inverse information, of an unweighted fit. `robust`: the HC0 sandwich (White 1980), of a weighted one. */
  readonly covariance: 'likelihood' | 'robust';
  /** The intercept first. */
  readonly coefficients: readonly CoefficientEstimate[];
  /** Inputs that others determine exactly: they have no estimate. */
  readonly dropped: readonly string[];
  readonly converged: boolean;
  /** Largest component of the mean loss's gradient where the search ended. */
  readonly slope: number;
  readonly rowCount: number;
  /** Log-likelihood at the estimate (weighted in a weighted fit). */
  readonly logLikelihood: number;
  /** How these figures were come by, and what to beware of. Plain sentences. */
  readonly notes: readonly string[];
}

export interface CoefficientEstimate {
  /** "intercept", or an input: "age", "age is missing", "region = north". */
  readonly name: string;
  /** Change of the log-odds per unit of the input: per standard deviation of a number, for a level against the reference. */
  readonly coefficient: number;
  readonly standardError: number;
  readonly z: number;
  /** Two-sided, by the normal distribution. */
  readonly pValue: number;
  /** 95 % interval of the coefficient. */
  readonly low: number;
  readonly high: number;
  readonly oddsRatio: number;
  readonly oddsLow: number;
  readonly oddsHigh: number;
  /** The standard deviation of a number, in its own unit. */
  readonly unit?: number;
  /** The level that this one is compared with. */
  readonly reference?: string;
  readonly words: string;
}

export interface InferenceOptions {
  /** Refit under the row weights and class weights of training, with robust errors, where there are any. */
  readonly weighted: boolean;
}

/** The normal distribution's 97.5 % quantile. */
const reach = 1.959963984540054;
const tolerance = 1e-12;
/** Rounding may keep the gradient of many rows above the tolerance; below this the estimates are exact to nine digits. */
const converged = 1e-9;
const mostInputs = 1000;

/**
 * Standard errors, p-values and intervals of a logistic regression. A penalty biases coefficients and class weights
 * change what they mean, so neither yields valid ones: the training rows are fitted again without a penalty and, unless
 * asked otherwise, without weights, one level of each category left out. Equal to statsmodels' Logit, or to its GLM with
 * variance weights and HC0.
 */
export async function inferCoefficients(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
  { weighted }: InferenceOptions = { weighted: false },
): Promise<LogisticInference> {
  const { labels, train } = input;
  const settings = logisticSettings(parameters);
  const isWeighted = weighted && (input.weights !== undefined || settings.classWeight !== 'none');
  const weights = isWeighted ? rowWeights(input, settings).train : new Float64Array(train.length).fill(1);
  const design = inferenceDesign(input.features, train);
  refuseTooWide(design);
  const breathe = () => context.checkpoint({ fraction: 0.5, stage: 'Fitting without a penalty' });
  const data = { features: design.features, encoding: design.encoding, rows: train, labels, weights };
  const loss = await openLoss(context.kernels, data, breathe);
  try {
    const start = await startPoint(loss, data, true);
    const options = { penalty: { l1: 0, l2: 0 }, tolerance, maxSteps: settings.maxSteps, onStep: breathe };
    const result = await newton(loss, start, options);
    const { coefficients } = result.point;
    const at = await loss.evaluate(coefficients, true);
    const factor = factorise(at.hessian as Float64Array, loss.size, 0, 0);
    const bread = inverseOf(factor).map((element) => element / loss.totalWeight);
    const variances = isWeighted
      ? sandwichVariances(bread, await loss.scatter(coefficients), loss.size)
      : Float64Array.from({ length: loss.size }, (_, j) => bread[j * loss.size + j] as number);
    return {
      covariance: isWeighted ? 'robust' : 'likelihood',
      coefficients: estimates(design, coefficients, variances, factor),
      dropped: design.names.filter((_, j) => factor.dropped[j + 1] === 1),
      converged: result.slope <= converged,
      slope: result.slope,
      rowCount: train.length,
      logLikelihood: -at.value * loss.totalWeight,
      notes: notesOf(isWeighted, settings.penalised, result, at.worstError < 0.5),
    };
  } finally {
    loss.close();
  }
}

function refuseTooWide({ encoding }: InferenceDesign): void {
  if (encoding.width <= mostInputs) return;
  throw new StudioError('data.too-large', `Standard errors of ${encoding.width} inputs would take too long.`, {
    fix: `Leave out categories with very many levels: at most ${mostInputs} inputs.`,
  });
}

/** diag(B·M·B) with the bread B and the meat M, of which the lower triangle is filled. */
function sandwichVariances(bread: Float64Array, meat: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let variance = 0;
    for (let j = 0; j < size; j++) {
      const left = bread[i * size + j] as number;
      for (let k = 0; k < j; k++) {
        variance += 2 * left * (meat[j * size + k] as number) * (bread[i * size + k] as number);
      }
      variance += left * (meat[j * size + j] as number) * left;
    }
    return variance;
  });
}

function estimates(
  { names, references, encoding }: InferenceDesign,
  coefficients: Float64Array,
  variances: Float64Array,
  { dropped }: CholeskyFactor,
): CoefficientEstimate[] {
  const units = encoding.columns.flatMap((column): (number | undefined)[] => {
    if (column.kind === 'category') return column.levels.map(() => undefined);
    return column.missingIndicator ? [column.scale, undefined] : [column.scale];
  });
  return ['intercept', ...names].flatMap((name, j) => {
    if (dropped[j]) return [];
    const coefficient = coefficients[j] as number;
    const standardError = Math.sqrt(variances[j] as number);
    const z = coefficient / standardError;
    const low = coefficient - reach * standardError;
    const high = coefficient + reach * standardError;
    const unit = units[j - 1];
    const reference = references[j - 1];
    const estimate = {
      name,
      coefficient,
      standardError,
      z,
      pValue: 2 * normalCdf(-Math.abs(z), 0, 1),
      low,
      high,
      oddsRatio: exp(coefficient),
      oddsLow: exp(low),
      oddsHigh: exp(high),
      ...(unit === undefined ? {} : { unit }),
      ...(reference === undefined ? {} : { reference }),
    };
    return [{ ...estimate, words: oddsInWords(estimate) }];
  });
}

function notesOf(isWeighted: boolean, penalised: boolean, result: SearchResult, separated: boolean): string[] {
  const notes = [
    isWeighted
      ? 'Standard errors are robust (HC0): the rows were weighted, so that those of the likelihood do not hold.'
      : 'The figures come from a second fit without a penalty and without weights: those of a penalised or weighted fit do not hold.',
  ];
  if (penalised) {
    notes.push('The model that scores customers has a penalty: its coefficients are smaller than these.');
  }
  if (separated) {
    notes.push(
      'The inputs tell the classes of all training rows apart without error: the estimates have no limit, and their errors mean nothing.',
    );
  } else if (result.slope > converged) {
    notes.push(
      `The search did not converge (largest gradient ${result.slope.toExponential(1)}): believe none of these figures.`,
    );
  }
  return notes;
}
