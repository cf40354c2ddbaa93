import { expect, test } from 'vitest';
import { tinyBundle } from '../../../testing/golden/bundle-fixture.ts';
import golden from '../../../testing/golden/boosting.json' with { type: 'json' };
import { createFrame } from '../../data/frame.ts';
import { boostingRawScores } from '../../models/boosting/raw-scores.ts';
import { readLightgbmText } from '../../models/formats/lightgbm-text-reader.ts';
import type { FittedFeature } from '../../features/fitted-recipe.ts';
import { onnxModel } from './onnx-model.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-graph.ts';

test('the ensemble, walked as ONNX says, gives the raw scores of a LightGBM model on thresholds, missing and odd categories', () => {
  const model = readLightgbmText(golden.model);
  const categories = new Set(
    model.trees.flatMap((tree) => [...tree.splitFeature].filter((_, node) => (tree.decisionType[node]! & 1) === 1)),
  );
  // ONNX compares codes as they are: LightGBM cuts fractions off, and no code of ours has any.
  const isCode = (x: number) => Number.isNaN(x) || (x >= 0 && Number.isInteger(x));
  const rows = golden.probe[0]!.map((_, row) =>
    golden.probe.map((values) => Number(String(values[row]).replace('inf', 'Infinity').replace('nan', 'NaN'))),
  ).filter((row) => [...categories].every((feature) => isCode(row[feature]!)));
  const features = model.features.map(
    ({ name }): FittedFeature => ({
      name,
      description: '',
      family: '',
      unit: '',
      kind: 'number',
      columns: [],
      expression: { op: 'column', name },
    }),
  );
  const trees = {
    ...model,
    features: model.features.map(({ name, info }) => ({ name, info, kind: 'number' as const })),
  };
  const graph = onnxModel({ ...tinyBundle('boosting'), model: trees, recipe: { version: 1, features } });
  const ensemble = graph.nodes.find(({ op }) => op === 'TreeEnsembleRegressor')!;
  const frame = createFrame(
    model.features.map(({ name }, i) => ({ kind: 'number', name, values: Float64Array.from(rows, (row) => row[i]!) })),
  );
  expect(rows.length).toBeGreaterThan(100);
  expect(Float64Array.from(rows, (row) => walk(ensemble, row))).toEqual(boostingRawScores(trees, frame));
});

test('numbers come in as doubles, categories as text, and both scores go out', () => {
  const graph = onnxModel(tinyBundle('boosting'));
  expect(graph.inputs).toContainEqual({ name: 'region', type: 'string' });
  expect(graph.inputs).toContainEqual({ name: 'age', type: 'double' });
  expect(graph.outputs.map(({ name }) => name)).toEqual(['propensity_score', 'conversion_probability']);
  expect(graph.metadata['model_version']).toBe(tinyBundle('boosting').manifest.modelVersion);
});

test.each(['boosting', 'logistic', 'neural'] as const)('%s: every value is made once and before it is read', (kind) => {
  const graph: OnnxGraph = onnxModel(tinyBundle(kind));
  const known = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name));
  for (const { inputs, output } of graph.nodes) {
    for (const input of inputs) expect(known).toContain(input);
    expect(known).not.toContain(output);
    known.add(output);
  }
});

/** TreeEnsembleRegressor of ai.onnx.ml 3, for one row: sums in doubles, tree by tree. */
function walk({ attributes }: OnnxNode, row: readonly number[]): number {
  const ints = (name: string) => attributes[name] as Int32Array;
  const [tree, node, yes, no] = ['nodes_treeids', 'nodes_nodeids', 'nodes_truenodeids', 'nodes_falsenodeids'].map(ints);
  const missing = ints('nodes_missing_value_tracks_true');
  const modes = attributes['nodes_modes'] as readonly string[];
  const { values } = attributes['nodes_values_as_tensor'] as OnnxTensor;
  const weights = (attributes['target_weights_as_tensor'] as OnnxTensor).values;
  const at = new Map(Array.from(tree!, (t, i) => [`${t} ${node![i]}`, i]));
  const leaf = new Map(Array.from(ints('target_treeids'), (t, i) => [`${t} ${ints('target_nodeids')[i]}`, i]));
  let sum = 0;
  for (let t = 0; at.has(`${t} 0`); t++) {
    let id = 0;
    for (;;) {
      const i = at.get(`${t} ${id}`)!;
      if (modes[i] === 'LEAF') break;
      const x = row[ints('nodes_featureids')[i]!]!;
      const holds = modes[i] === 'BRANCH_LEQ' ? x <= Number(values[i]) : x === Number(values[i]);
      id = holds || (Number.isNaN(x) && missing[i] === 1) ? yes![i]! : no![i]!;
    }
    sum += Number(weights[leaf.get(`${t} ${id}`)!]);
  }
  return sum;
}
