import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { goesLeft } from '../models/boosting/decision.ts';
import { readLightgbmText } from '../models/formats/lightgbm-text-reader.ts';
import { createTreeShap } from './tree-shap.ts';

interface Golden {
  readonly rows: readonly (readonly (number | string | null)[])[];
  readonly cases: readonly {
    readonly name: string;
    readonly model: string;
    readonly raw: readonly number[];
    readonly contributions: readonly (readonly number[])[];
    readonly expected: number;
  }[];
}

const golden = JSON.parse(readFileSync(new URL('../../testing/golden/shap.json', import.meta.url), 'utf8')) as Golden;
const rows = golden.rows.map((row) =>
  Float64Array.from(row, (value) =>
    value === null
      ? Number.NaN
      : value === 'inf'
        ? Number.POSITIVE_INFINITY
        : value === '-inf'
          ? Number.NEGATIVE_INFINITY
          : Number(value),
  ),
);

test.each(golden.cases)("LightGBM's own contributions: $name", ({ model: text, raw, contributions, expected }) => {
  const model = readLightgbmText(text);
  const shap = createTreeShap(model);
  expect(Math.abs(shap.expectedValue - expected)).toBeLessThan(1e-9);
  rows.forEach((row, i) => {
    const phi = new Float64Array(row.length);
    shap.addAttributions(row, phi);
    let sum = shap.expectedValue;
    phi.forEach((value, feature) => {
      sum += value;
      expect(Math.abs(value - contributions[i]![feature]!)).toBeLessThan(1e-9);
    });
    expect(Math.abs(sum - raw[i]!)).toBeLessThan(1e-9);
  });
});

test('the Shapley values by their definition, over all subsets of features', () => {
  for (const { model: text } of golden.cases.slice(0, 2)) {
    const full = readLightgbmText(text);
    const model: BoostingModel = { ...full, trees: full.trees.slice(0, 3) };
    const shap = createTreeShap(model);
    for (const row of rows.slice(0, 8)) {
      const phi = new Float64Array(row.length);
      shap.addAttributions(row, phi);
      const exact = shapleyByDefinition(model, row);
      phi.forEach((value, feature) => expect(Math.abs(value - exact[feature]!)).toBeLessThan(1e-12));
    }
  }
});

/** The game's value: walk the tree, both ways where the feature is absent. */
function valueOf(tree: Tree, row: Float64Array, present: number): number {
  if (tree.leafCount === 1) return tree.leafValue[0]!;
  const count = (child: number): number => (child < 0 ? tree.leafCountRows[~child]! : tree.internalCount[child]!);
  const walk = (node: number): number => {
    if (node < 0) return tree.leafValue[~node]!;
    const [left, right] = [tree.leftChild[node]!, tree.rightChild[node]!];
    const split = tree.splitFeature[node]!;
    if ((present >> split) & 1) return walk(goesLeft(tree, node, row[split]!) ? left : right);
    return (count(left) * walk(left) + count(right) * walk(right)) / (count(left) + count(right));
  };
  return walk(0);
}

function shapleyByDefinition(model: BoostingModel, row: Float64Array): number[] {
  const n = row.length;
  const values = Array.from({ length: 2 ** n }, (_, subset) =>
    model.trees.reduce((sum, tree) => sum + valueOf(tree, row, subset), 0),
  );
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: n }, (_, feature) => {
    let sum = 0;
    for (let subset = 0; subset < values.length; subset++) {
      if ((subset >> feature) & 1) continue;
      const size = subset.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      sum += weight * (values[subset | (1 << feature)]! - values[subset]!);
    }
    return sum;
  });
}

test('a model without row counts is refused rather than explained with NaN', () => {
  const model = readLightgbmText(golden.cases[0]!.model);
  const bare = {
    ...model,
    trees: model.trees.map((tree) => ({ ...tree, internalCount: tree.internalCount.map(() => 0) })),
  };
  expect(() => createTreeShap(bare)).toThrow(expect.objectContaining({ code: 'model.format' }));
});
