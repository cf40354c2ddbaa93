// Some epochs on the dense kernels in a fresh Node process: FOLDER THREADS BATCH EPOCHS. Prints one JSON object.
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { sliceRows } from '../../src/core/data/frame.ts';
import { fitEncoding } from '../../src/core/models/encoding.ts';
import { initialLayers } from '../../src/core/models/neural/initial-layers.ts';
import { openKernelSession } from '../../src/core/models/neural/kernel-session.ts';
import { classWeights, encodedRows, examplesOf } from '../../src/core/models/neural/network-examples.ts';
import { scoreNeural } from '../../src/core/models/neural/score-neural.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { readTable } from '../boosting/table.ts';
import type { OurEpochFigures } from './figures.ts';

const [folder = '', threads, batchSize, epochs] = process.argv.slice(2);
const { features, labels, train } = readTable(folder);
const rows = Uint32Array.from({ length: train }, (_, row) => row);
const input = { features, labels, train: rows, validation: new Uint32Array(0), seed: 1 };
const encoding = fitEncoding(features, rows);
const hidden = [128, 64, 32];
const layers = initialLayers(encoding.width, hidden, true, 1);
const encoded = encodedRows(encoding, features, rows, 5);
const session = await openKernelSession(createNodeKernels({ threads: Number(threads) }), {
  settings: { hidden, batchNorm: true, dropout: 0.2, batchSize: Number(batchSize), weightDecay: 0, seed: 1 },
  layers,
  train: examplesOf(input, rows, encoded, classWeights(input, true)),
  validation: encodedRows(encoding, features, new Uint32Array(0), 5),
});
const random = createRandom(1);
const order = rows.slice();
const epochSeconds: number[] = [];
for (let epoch = 0; epoch < Number(epochs); epoch++) {
  const started = performance.now();
  random.shuffle(order);
  await session.trainEpoch({ epoch, order, learningRate: 0.001, breathe: () => Promise.resolve() });
  epochSeconds.push((performance.now() - started) / 1000);
}
const learned = await session.layers();
session.close();
const model = {
  kind: 'neural',
  encoding,
  clip: 5,
  sensitivity: new Float32Array(encoding.width),
  activation: 'relu',
  layers: learned,
  parameters: {},
} as const;
const frame = sliceRows(features, 0, train);
const rateOf = (run: () => void) => {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const started = performance.now();
    run();
    best = Math.min(best, performance.now() - started);
  }
  return (1000 * train) / best;
};
const framePerSecond = rateOf(() => scoreNeural(model, frame));
const figures: OurEpochFigures = { epochSeconds, scoredPerSecond: framePerSecond, framePerSecond };
console.log(JSON.stringify(figures));
