import type { ModelKind } from '../models/model.ts';

/** Ways to attribute a score to features. The first that a kind of model has is the one that reasons are told by. */
export const explanationMethods = [
  {
    id: 'tree-paths',
    label: 'Tree SHAP, along the paths',
    kinds: ['boosting'],
    words:
      'Exact. A feature left out sends the customer down both branches, as training customers went: the model with what it saw together.',
  },
  {
    id: 'tree-customers',
    label: 'Tree SHAP, against customers',
    kinds: ['boosting'],
    words:
      'Exact. A feature left out is taken from a sample of training customers in turn, each comparison in the very unit shown.',
  },
  {
    id: 'linear',
    label: 'Linear SHAP, features apart',
    kinds: ['logistic'],
    words: 'Exact. Coefficient times distance from the average customer, feature by feature, whatever goes together.',
  },
  {
    id: 'linear-correlated',
    label: 'Linear SHAP, with correlations',
    kinds: ['logistic'],
    words:
      'A feature left out is expected to be what the others suggest: features that say the same share what they say. Drawn orders of the features; the error is told.',
  },
  {
    id: 'deep',
    label: 'DeepSHAP',
    kinds: ['neural'],
    words:
      'Passed back through the layers against 32 typical customers, each the average of many. Adds up exactly; near the Shapley values, not the same.',
  },
  {
    id: 'gradients',
    label: 'Expected gradients',
    kinds: ['neural'],
    words: 'Slopes at random points between this customer and the typical ones. Sampled; the error is told.',
  },
  {
    id: 'permutation',
    label: 'Permutation SHAP',
    kinds: ['boosting', 'logistic', 'neural'],
    words: 'Works for any model: features join in random orders. The check on all others, sampled; the error is told.',
  },
] as const satisfies readonly {
  readonly id: string;
  readonly label: string;
  readonly kinds: readonly ModelKind[];
  readonly words: string;
}[];

export type ExplanationMethod = (typeof explanationMethods)[number]['id'];

/** The methods that a kind of model has, its default first. */
export function methodsOf(kind: ModelKind): readonly (typeof explanationMethods)[number][] {
  return explanationMethods.filter(({ kinds }) => (kinds as readonly ModelKind[]).includes(kind));
}
