import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { createFrame } from '../../data/frame.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { createRandom } from '../../shared/random.ts';
import { boostingEntry } from './boosting.ts';

const rows = 20_000;
const width = 256;

test('4,096 leaves grow from fewer histograms than leaves, and every row is in the leaf that its values lead to', async () => {
  const random = createRandom(5);
  const columns = Array.from({ length: width }, (_, f) => ({
    kind: 'number' as const,
    name: `x${f}`,
    values: Float64Array.from({ length: rows }, () => random.normal()),
  }));
  const labels = Int8Array.from({ length: rows }, () => random.integer(2));
  const input = {
    features: createFrame(columns),
    labels,
    train: Uint32Array.from({ length: rows }, (_, row) => row),
    validation: new Uint32Array(0),
    seed: 1,
  };
  const parameters = {
    num_leaves: 4096,
    n_estimators: 1,
    min_data_in_leaf: 1,
    learning_rate: 1,
    is_unbalance: false,
    feature_fraction_bynode: 0.01,
    max_bin: 15,
  };
  const { model } = await boostingEntry.train(input, parameters, {
    kernels: createNodeKernels({ threads: 1 }),
    checkpoint: noCheckpoint,
  });
  const [tree] = model.trees;
  // 256 MiB of histograms, 2 KiB a column.
  expect(tree?.leafCount).toBe(4096);
  expect((256 * 1024 * 1024) / (2048 * width)).toBeLessThan(4096);
  const reached = new Map<number, number>();
  for (const score of boostingEntry.rawScores(model, input.features)) reached.set(score, (reached.get(score) ?? 0) + 1);
  const grown = new Map<number, number>();
  tree?.leafValue.forEach((value, leaf) => {
    grown.set(value, (grown.get(value) ?? 0) + (tree.leafCountRows[leaf] as number));
  });
  expect(new Map([...reached].toSorted())).toEqual(new Map([...grown].toSorted()));
});
