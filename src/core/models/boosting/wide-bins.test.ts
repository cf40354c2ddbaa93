import { expect, test } from 'vitest';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import golden from '../../../testing/golden/wide-bins.json' with { type: 'json' };
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
    return { kind: 'category', name, codes, levels: Array.from({ length: 600 }, (_, code) => `shop ${code}`) };
  });
  const features = createFrame(columns);
  const all = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  const [train, validation] = [all.slice(0, golden.train), all.slice(golden.train)];
  return { features, labels: Int8Array.from(golden.labels, Number), train, validation, seed: 1 };
}

function structure({ splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, ...sets }: Tree) {
  const { catBoundaries, catThreshold } = sets;
  return { splitFeature, threshold, leftChild, rightChild, internalCount, leafCountRows, catBoundaries, catThreshold };
}

test.each(Object.entries(golden.models))(
  'columns of more than 256 bins: the first tree is the one that LightGBM grows, and 40 have its AUC: %s',
  async (_, { parameters, tree, auc }) => {
    const chosen = { n_estimators: 40, num_leaves: 31, boost_from_average: true, is_unbalance: false, ...parameters };
    const { model, rounds } = await boostingEntry.train(
      table(),
      { ...chosen, learning_rate: 0.1, early_stopping_round: 0 },
      { kernels: createNodeKernels({ threads: 1 }), checkpoint: noCheckpoint },
    );
    const [expected] = readLightgbmText(tree).trees as [Tree];
    expect(structure(model.trees[0] as Tree)).toEqual(structure(expected));
    console.log((rounds.at(-1)?.validation['auc'] as number) - auc, auc);
    expect(Math.abs((rounds.at(-1)?.validation['auc'] as number) - auc)).toBeLessThan(0.002);
  },
);
