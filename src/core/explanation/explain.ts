import { type Frame, takeRows } from '../data/frame.ts';
import { columnReaders, readRows } from '../models/boosting/model-columns.ts';
import { modelEntry } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import { StudioError } from '../shared/errors.ts';
import { createLinearShap } from './linear-shap.ts';
import { createNetworkShap } from './network-shap.ts';
import { createTreeShap } from './tree-shap.ts';

export interface Attribution {
  readonly feature: string;
  /** What the feature's value adds to the log-odds. */
  readonly attribution: number;
  /** Where attributions are sampled: the standard error of this one. */
  readonly standardError?: number;
}

/** Why one row has its raw score: base value plus attributions, in log-odds. */
export interface Explanation {
  readonly baseValue: number;
  /** One per feature of the model, in its order. */
  readonly attributions: readonly Attribution[];
  readonly rawScore: number;
  /** |base + Σ attributions − raw score|: rounding, at most about 1e-9. */
  readonly residual: number;
}

/** Explains rows of any features frame by one model. */
export type Explainer = (features: Frame, row: number) => Explanation;

/**
 * An explainer of the model's kind, made ready once: path-dependent TreeSHAP for boosting, linear SHAP for logistic
 * regression, DeepSHAP for the network, which is compared with the customers of `background` (see typicalCustomers).
 * `tree` makes the TreeSHAP: createRowTreeShap where thousands of rows come one by one.
 */
export function createExplainer(model: Model, background?: Frame, tree = createTreeShap): Explainer {
  const names = featureNames(model);
  const attributionsOf = createAttributions(model, background, tree);
  return (features, row) => {
    const { expectedValue, phi } = attributionsOf(features)(row);
    return explanationOf(names, { expectedValue, phi }, scoreRow(model, features, row));
  };
}

/** Explains one row by an explainer of its own. */
export function explainRow(model: Model, features: Frame, row: number, background?: Frame): Explanation {
  return createExplainer(model, background)(features, row);
}

/** Attributions of the features of these names, put beside the raw score that they should add up to. */
export function explanationOf(
  names: readonly string[],
  { expectedValue, phi, standardError }: RowAttributions,
  rawScore: number,
): Explanation {
  let sum = expectedValue;
  for (const attribution of phi) sum += attribution;
  return {
    baseValue: expectedValue,
    attributions: names.map((feature, i) => ({
      feature,
      attribution: phi[i]!,
      ...(standardError ? { standardError: standardError[i]! } : {}),
    })),
    rawScore,
    residual: Math.abs(sum - rawScore),
  };
}

/** The raw score of one row, in the bits that it is scored with. */
export function scoreRow(model: Model, features: Frame, row: number): number {
  return modelEntry(model.kind).rawScores(model, takeRows(features, [row]))[0]!;
}

/** The features a model reads, in its order. */
export function featureNames(model: Model): string[] {
  return (model.kind === 'boosting' ? model.features : model.encoding.columns).map((feature) => feature.name);
}

/** A row's attributions by feature, in log-odds, and the base that they start from. */
export interface RowAttributions {
  readonly expectedValue: number;
  readonly phi: Float64Array;
  readonly standardError?: Float64Array;
}

/** The attributions of `createExplainer`, of any rows of any frame, without the raw score beside them. */
export function createAttributions(
  model: Model,
  background: Frame | undefined,
  tree = createTreeShap,
): (features: Frame) => (row: number) => RowAttributions {
  switch (model.kind) {
    case 'boosting': {
      const shap = tree(model);
      return (features) => {
        const readers = columnReaders(model, features);
        const values = new Float64Array(readers.length);
        return (row) => {
          readRows(readers, row, row + 1, values);
          const phi = new Float64Array(readers.length);
          shap.addAttributions(values, phi);
          return { expectedValue: shap.expectedValue, phi };
        };
      };
    }
    case 'logistic':
      return (features) => {
        const shap = createLinearShap(model, features);
        return (row) => {
          const phi = new Float64Array(model.encoding.columns.length);
          shap.addAttributions(row, phi);
          return { expectedValue: shap.expectedValue, phi };
        };
      };
    case 'neural': {
      const shap = createNetworkShap(model, needBackground(background));
      return (features) => (row) => shap.deep(features, row);
    }
  }
}

/** The background, which must hold somebody. */
export function needBackground(background: Frame | undefined): Frame {
  if (background && background.rowCount > 0) return background;
  throw new StudioError(
    'study.not-ready',
    'There are no customers to compare with: this model is explained against a sample of them.',
    {
      fix: 'Explain with the study that trained the model, whose training customers serve as the sample.',
    },
  );
}
