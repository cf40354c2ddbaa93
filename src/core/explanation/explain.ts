import { type Frame, takeRows } from '../data/frame.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { columnReaders, readRows } from '../models/boosting/model-columns.ts';
import { modelEntry } from '../models/catalogue.ts';
import type { Model } from '../models/model.ts';
import { type Checkpoint, noCheckpoint } from '../shared/checkpoint.ts';
import { StudioError } from '../shared/errors.ts';
import { bulkTreeShap } from './bulk-tree-shap.ts';
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
 */
export function createExplainer(model: Model, background?: Frame): Explainer {
  const names = featureNames(model);
  const attributionsOf = createAttributions(model, background);
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

/**
 * The mean size of each feature's attribution over rows, largest first: what the model leans on. The network, which takes
 * milliseconds a row, is read on at most 500 of the rows.
 */
export async function meanAbsoluteShap(
  model: Model,
  features: Frame,
  rows: Uint32Array,
  kernels: Kernels,
  checkpoint: Checkpoint = noCheckpoint,
  background?: Frame,
): Promise<{ readonly feature: string; readonly importance: number }[]> {
  const names = featureNames(model);
  const sums = new Float64Array(names.length);
  const count = model.kind === 'neural' ? Math.min(rows.length, 500) : rows.length;
  if (model.kind === 'boosting') {
    const { values } = await bulkTreeShap(model, features, rows, kernels, checkpoint);
    values.forEach((value, i) => {
      sums[Math.floor(i / count)]! += Math.abs(value);
    });
    return sorted(names, sums, count);
  }
  const attributionsOf = createAttributions(model, background)(features);
  for (let i = 0; i < count; i++) {
    const { phi } = attributionsOf(rows[Math.floor((i * rows.length) / count)]!);
    for (let feature = 0; feature < sums.length; feature++) sums[feature]! += Math.abs(phi[feature]!);
    await checkpoint({ fraction: (i + 1) / count, stage: 'Explaining customers' });
  }
  return sorted(names, sums, count);
}

function sorted(names: readonly string[], sums: Float64Array, count: number) {
  return names
    .map((feature, i) => ({ feature, importance: count ? sums[i]! / count : 0 }))
    .sort((a, b) => b.importance - a.importance);
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

function createAttributions(
  model: Model,
  background: Frame | undefined,
): (features: Frame) => (row: number) => RowAttributions {
  switch (model.kind) {
    case 'boosting': {
      const shap = createTreeShap(model);
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
