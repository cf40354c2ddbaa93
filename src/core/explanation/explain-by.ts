import type { Frame } from '../data/frame.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Model } from '../models/model.ts';
import { scoreRows } from '../models/score-rows.ts';
import { correlatedLinearShap } from './correlated-linear-shap.ts';
import { type Explanation, explainRow, explanationOf, featureNames, needBackground, scoreRow } from './explain.ts';
import type { ExplanationMethod } from './methods.ts';
import { createNetworkShap } from './network-shap.ts';
import { permutationShap } from './permutation-shap.ts';

/** What the methods other than a kind's default compare with. */
export interface Comparison {
  /** Typical customers for a network; else a sample of training customers. */
  readonly background: Frame;
  /** Thousands of training customers' features, for what goes together. */
  readonly sample: () => Frame;
  readonly kernels: Kernels;
}

const gradientSamples = 640;
const permutationWalks = 100;

/**
 * Explains one row in log-odds by a method of its kind of model. `tree-customers` is answered in log-odds only by
 * `explainAgainst`, which knows the unit, and here as `tree-paths`.
 */
export async function explainBy(
  method: ExplanationMethod,
  model: Model,
  features: Frame,
  row: number,
  { background, sample, kernels }: Comparison,
): Promise<Explanation> {
  const names = featureNames(model);
  const by = (attributions: Parameters<typeof explanationOf>[1]): Explanation =>
    explanationOf(names, attributions, scoreRow(model, features, row));
  if (method === 'linear-correlated' && model.kind === 'logistic') {
    return by(correlatedLinearShap(model, features, row, sample()));
  }
  if (method === 'gradients' && model.kind === 'neural') {
    return by(createNetworkShap(model, needBackground(background)).gradients(features, row, gradientSamples));
  }
  if (method === 'permutation') {
    const scores = (mixed: Frame) => scoreRows(model, mixed, { kernels });
    // Every background row as often as the others.
    const { rowCount } = needBackground(background);
    const walks = rowCount * Math.ceil(permutationWalks / rowCount);
    return by(await permutationShap(names, scores, features, row, background, { walks, seed: 0 }));
  }
  return explainRow(model, features, row, background);
}
