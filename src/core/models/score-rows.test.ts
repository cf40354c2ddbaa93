import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { createFrame } from '../data/frame.ts';
import { referenceKernels } from '../kernels/kernels.ts';
import { noCheckpoint, type Progress } from '../shared/checkpoint.ts';
import { createRandom } from '../shared/random.ts';
import { modelCatalogue, rawScores } from './catalogue.ts';
import { modelKinds } from './model.ts';
import { scoreRows } from './score-rows.ts';

const rowCount = 9000;
const random = createRandom(5);
const columns = Array.from({ length: 4 }, (_, i) => ({
  kind: 'number' as const,
  name: `x${i}`,
  values: Float64Array.from({ length: rowCount }, () => random.normal()),
}));
const features = createFrame(columns);
const labels = Int8Array.from(columns[0]?.values ?? [], (x) => Number(x + random.normal() > 0));
const rows = Uint32Array.from({ length: 1200 }, (_, i) => i);
const input = { features, labels, train: rows.slice(0, 1000), validation: rows.slice(1000), seed: 1 };
const few = { logistic: { choose_C: false }, boosting: { n_estimators: 12 }, neural: { epochs: 1 } };
const wasm = createNodeKernels({ threads: 1 });

test.each(modelKinds)('%s: chunks, kernels and all rows at once give the same bits', async (kind) => {
  const { model } = await modelCatalogue[kind].train(input, few[kind], { kernels: wasm, checkpoint: noCheckpoint });
  const all = rawScores(model, features);
  for (const kernels of [wasm, referenceKernels]) expect(await scoreRows(model, features, { kernels })).toEqual(all);
});

test('scoring says how far it is every few thousand rows, and stops where the checkpoint refuses', async () => {
  const { model } = await modelCatalogue.boosting.train(input, few.boosting, {
    kernels: wasm,
    checkpoint: noCheckpoint,
  });
  const seen: Progress[] = [];
  await scoreRows(model, features, { checkpoint: async (progress) => void seen.push(progress), stage: 'Scoring' });
  expect(seen.map(({ stage }) => stage)).toEqual(['Scoring', 'Scoring', 'Scoring']);
  expect(seen.at(-1)?.fraction).toBe(1);
  const stop = () => Promise.reject(new Error('stop'));
  await expect(scoreRows(model, features, { checkpoint: stop })).rejects.toThrow('stop');
});
