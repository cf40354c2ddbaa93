// Some epochs on the dense kernels in a fresh Node process: FOLDER THREADS BATCH EPOCHS. Prints one JSON object.
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { sliceRows } from '../../src/core/data/frame.ts';
import { openDenseScoring } from '../../src/core/kernels/dense-inference.ts';
import { paddedWidth } from '../../src/core/kernels/dense-layout.ts';
import { fitEncoding } from '../../src/core/models/encoding.ts';
import { initialLayers } from '../../src/core/models/neural/initial-weights.ts';
import { openKernelSession } from '../../src/core/models/neural/kernel-session.ts';
import { classWeights, encodedRows, examplesOf } from '../../src/core/models/neural/network-examples.ts';
import { readNeuralSettings } from '../../src/core/models/neural/neural-parameters.ts';
import { foldedNetworks, scoreNeural } from '../../src/core/models/neural/score-neural.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { readTable } from '../boosting/table.ts';
import type { OurEpochFigures } from './figures.ts';

const [folder = '', threads, batchSize, epochs] = process.argv.slice(2);
const { features, labels, train } = readTable(folder);
const rows = Uint32Array.from({ length: train }, (_, row) => row);
const input = { features, labels, train: rows, validation: new Uint32Array(0), seed: 1 };
const encoding = fitEncoding(features, rows);
const settings = readNeuralSettings({ batch_size: Number(batchSize), weight_decay: 0 });
const encoded = encodedRows(encoding, features, rows, 5);
const kernels = createNodeKernels({ threads: Number(threads) });
const session = await openKernelSession(kernels, {
  settings: { ...settings, seed: 1 },
  weights: { layers: initialLayers(encoding.width, settings.hidden, true, 1), embeddings: [] },
  train: examplesOf(input, rows, encoded, classWeights(input, settings)),
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
const { layers } = await session.weights();
session.close();
const model = {
  kind: 'neural',
  encoding,
  clip: 5,
  sensitivity: new Float32Array(encoding.width),
  activation: 'relu',
  layers,
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
const scoring = await openDenseScoring(kernels);
const framePerSecond = rateOf(() => scoreNeural(model, frame, scoring));
const [network] = foldedNetworks(model);
const values = new Float32Array(train * paddedWidth(encoding.width));
encoded.read(0, train, values, paddedWidth(encoding.width));
const scoredPerSecond = rateOf(() => {
  if (!network || !scoring) throw new Error('This Node has no WebAssembly kernels.');
  const take = (from: number, to: number, out: Float32Array, stride: number) =>
    out.set(values.subarray(from * stride, to * stride));
  scoring.score(network, train, take, new Float64Array(train));
});
const figures: OurEpochFigures = { epochSeconds, scoredPerSecond, framePerSecond };
console.log(JSON.stringify(figures));
