import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import golden from '../../../testing/golden/first-tree.json' with { type: 'json' };
import type { Column } from '../../data/frame.ts';
import { createFrame } from '../../data/frame.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { readLightgbmText } from '../formats/lightgbm-text-reader.ts';
import { boostingEntry } from './boosting.ts';
import type { Tree } from './boosting-model.ts';

/** The table as LightGBM was given it: a category's number is its code + 1. */
function table() {
  const columns = golden.columns.map((values, index): Column => {
    const name = `column ${index}`;
    const numbers = Float64Array.from(values, (value) => value ?? Number.NaN);
    if (golden.kinds[index] === 'number') return { kind: 'number', name, values: numbers };
    const codes = Int32Array.from(numbers, (value) => value - 1);
    return { kind: 'category', name, codes, levels: Array.from({ length: 14 }, (_, code) => `level ${code}`) };
  });
  const features = createFrame(columns);
  const train = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  return { features, labels: Int8Array.from(golden.labels, Number), train, validation: new Uint32Array(0), seed: 1 };
}

/** What makes a tree the same tree: which rows go where, and why. The side of missing values is our own where none was seen. */
function structure({ splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, ...sets }: Tree) {
  const { catBoundaries, catThreshold } = sets;
  return { splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, catBoundaries, catThreshold };
}

test.each([
  ['without class balancing', 'plain', false],
  ['with class balancing', 'balanced', true],
] as const)(
  'the first tree is the one that LightGBM grows, split by split and row by row: %s',
  async (_, name, balanced) => {
    const parameters = {
      n_estimators: 1,
      learning_rate: 0.1,
      num_leaves: 31,
      boost_from_average: true,
      is_unbalance: balanced,
      early_stopping_round: 0,
    };
    const kernels = createNodeKernels({ threads: 1 });
    const { model } = await boostingEntry.train(table(), parameters, { kernels, checkpoint: noCheckpoint });
    const [expected] = readLightgbmText(golden.trees[name]).trees as [Tree];
    const [grown] = model.trees as [Tree];
    expect(grown.leafCount).toBe(31);
    expect(structure(grown)).toEqual(structure(expected));
    grown.splitGain.forEach((gain, node) => {
      expect(Math.abs(gain / (expected.splitGain[node] as number) - 1)).toBeLessThan(1e-4);
    });
    grown.leafValue.forEach((value, leaf) => {
      expect(value).toBeCloseTo(expected.leafValue[leaf] as number, 4);
    });
  },
);
