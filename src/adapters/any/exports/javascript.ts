import { thresholdInEffect } from '../../../core/models/boosting/decision.ts';
import { StudioError } from '../../../core/shared/errors.ts';
import type { Bundle } from '../../../core/scoring/bundle.ts';
import { categorySets, treeInputs } from '../../../core/scoring/exports/tree-inputs.ts';
import { linearTerms } from '../../../core/scoring/exports/linear-terms.ts';
import {
  createExportedScorer,
  type ExportedLinear,
  type ExportedScorer,
  type ExportedTrees,
} from './javascript-runtime.ts';

/** A bundle as data for the exported function: recipe, model, calibration and bands. Networks are `model.format`. */
export function exportedScorer(bundle: Bundle): ExportedScorer {
  const { manifest, recipe, schema, calibrator, cutoffs, centre = 0, asOf = null } = bundle;
  return {
    modelVersion: manifest.modelVersion,
    asOf,
    levels: Object.fromEntries(schema.columns.flatMap(({ name, levels }) => (levels ? [[name, levels]] : []))),
    features: recipe.features.map(({ name, kind, expression }) => ({ name, kind, expression })),
    model: exportedModel(bundle),
    centre,
    calibrator: { ...calibrator },
    cutoffs,
  };
}

/** The bundle as one JavaScript module without imports: `score(customer, asOf?)`. */
export function javascriptModule(bundle: Bundle): string {
  return [
    `// ${bundle.manifest.modelVersion}: ${bundle.manifest.name.replace(/\s+/g, ' ')}. Made by Propensity Studio.`,
    '// score(customer, asOf) takes one customer as an object of raw columns, dates as YYYY-MM-DD, missing as null.',
    // Compilers that keep the names of functions wrap them with this.
    'const __name = (target) => target;',
    `const data = ${JSON.stringify(exportedScorer(bundle))};`,
    `const create = ${String(createExportedScorer)};`,
    'export const score = create(data);',
    '',
  ].join('\n');
}

function exportedModel({ model, recipe }: Bundle): ExportedTrees | ExportedLinear {
  switch (model.kind) {
    case 'boosting':
      return {
        kind: 'trees',
        inputs: treeInputs(model, recipe).map(({ name, numbers }) => ({
          name,
          numbers: numbers ? [...numbers] : null,
        })),
        scale: model.objective?.sigmoid ?? 1,
        count: model.averageOutput ? model.trees.length : 1,
        trees: model.trees.map((tree) => ({
          feature: [...tree.splitFeature],
          // JSON has no infinity; Number reads it back.
          threshold: Array.from(tree.threshold, (each, node) => {
            const effective = (tree.decisionType[node] as number) & 1 ? each : thresholdInEffect(each);
            return Number.isFinite(effective) ? effective : String(effective);
          }),
          decision: [...tree.decisionType],
          left: [...tree.leftChild],
          right: [...tree.rightChild],
          leaf: [...tree.leafValue],
          sets: categorySets(tree),
        })),
      };
    case 'logistic':
      return { kind: 'linear', intercept: model.intercept, columns: linearTerms(model, recipe) };
    case 'neural':
      throw new StudioError('model.format', 'A neural network is not written as a JavaScript function.', {
        fix: 'Export it as ONNX, or export the boosting or logistic model.',
      });
  }
}
