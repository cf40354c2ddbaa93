import { createRandom } from '../../shared/random.ts';
import { quantile } from '../../shared/statistics.ts';
import { inputNames } from '../encoding.ts';
import type { TrainingContext, TrainingInput } from '../model.ts';
import type { LogisticModel } from './logistic-model.ts';
import { logisticSettings } from './logistic-parameters.ts';
import { openLoss } from './loss.ts';
import { factorise } from './cholesky.ts';
import { lbfgs } from './lbfgs.ts';
import type { SearchResult } from './newton.ts';
import { newton } from './newton.ts';
import { penaltyOf } from './penalty.ts';
import { rowWeights } from './row-weights.ts';

/** How far a penalised coefficient moves when other customers are drawn. There is no p-value: a penalty biases towards 0. */
export interface CoefficientInterval {
  /** "intercept", or an input. */
  readonly name: string;
  /** The model's. */
  readonly coefficient: number;
  /** 2.5 % and 97.5 % quantiles over the draws. */
  readonly low: number;
  readonly high: number;
  /** Share of draws in which the coefficient is not 0: how surely an l1 penalty keeps the input. */
  readonly keptShare: number;
}

export interface BootstrapOptions {
  readonly draws: number;
  readonly seed: number;
}

/** Good enough for quantiles: their own spread is far larger. */
const tolerance = 1e-7;

/**
 * Percentile intervals (Efron 1979): the model's fit repeated, at its C, on training rows drawn with replacement. Inputs
 * keep their encoding and classes their weights. Draw by draw the same for the same seed, whatever their number.
 */
export async function bootstrapIntervals(
  input: TrainingInput,
  model: LogisticModel,
  context: TrainingContext,
  { draws, seed }: BootstrapOptions = { draws: 200, seed: 0 },
): Promise<CoefficientInterval[]> {
  const { features, labels, train } = input;
  const settings = logisticSettings(model.parameters);
  const { train: weights } = rowWeights(input, settings);
  const progress = { fraction: 0, stage: 'Fitting on drawn customers' };
  const breathe = () => context.checkpoint({ ...progress });
  const data = { features, encoding: model.encoding, rows: train, labels, weights };
  const loss = await openLoss(context.kernels, data, breathe);
  try {
    const coefficients = Float64Array.of(model.intercept, ...model.coefficients);
    // The penalty is that of the model: a draw's weights add up to about the same.
    const penalty = penaltyOf(settings, settings.c, loss.totalWeight);
    const options = { penalty, tolerance, maxSteps: 50, onStep: breathe };
    const { hessian } = await loss.evaluate(coefficients, penalty.l1 === 0);
    // Curvature is much the same in every draw, and to work it out costs as much as dozens of steps.
    const nearby = hessian && factorise(hessian, loss.size, penalty.l2, 1);
    const fit = async (): Promise<SearchResult> => {
      const at = await loss.evaluate(coefficients, !nearby);
      const start = { coefficients, at, hessian: at.hessian ?? new Float64Array(0) };
      return nearby ? lbfgs(loss, start, options, nearby) : newton(loss, start, options);
    };
    const drawn: Float64Array[] = [];
    for (let draw = 0; draw < draws; draw++) {
      progress.fraction = draw / draws;
      loss.reweigh(drawWeights(weights, train, labels, seed, draw));
      const { point } = await fit();
      drawn.push(point.coefficients);
    }
    return ['intercept', ...inputNames(model.encoding)].map((name, j) => {
      const values = Float64Array.from(drawn, (each) => each[j] as number);
      return {
        name,
        coefficient: coefficients[j] as number,
        low: quantile(values, 0.025),
        high: quantile(values, 0.975),
        keptShare: values.reduce((count, value) => count + Number(value !== 0), 0) / draws,
      };
    });
  } finally {
    loss.close();
  }
}

/** Each row's weight times how often it is drawn; drawn again until both classes are there. */
function drawWeights(
  weights: Float64Array,
  rows: Uint32Array,
  labels: Int8Array,
  seed: number,
  draw: number,
): Float64Array {
  const random = createRandom(seed, draw);
  for (;;) {
    const drawn = new Float64Array(weights.length);
    const found = [0, 0];
    for (let i = 0; i < weights.length; i++) {
      const place = random.integer(weights.length);
      drawn[place] = (drawn[place] as number) + (weights[place] as number);
      found[labels[rows[place] as number] as 0 | 1] = 1;
    }
    if (found[0] && found[1]) return drawn;
  }
}
