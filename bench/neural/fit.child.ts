// One training until early stopping in a fresh Node process: FOLDER THREADS. Prints one JSON object.
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { neuralEntry } from '../../src/core/models/neural/neural.ts';
import { readTable } from '../boosting/table.ts';
import type { FitFigures } from './figures.ts';

const [folder = '', threads] = process.argv.slice(2);
const { features, labels, rows, train } = readTable(folder);
const rowsFrom = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const started = performance.now();
const { rounds, bestRound } = await neuralEntry.train(
  { features, labels, train: rowsFrom(0, train), validation: rowsFrom(train, rows), seed: 1 },
  {},
  { kernels: createNodeKernels({ threads: Number(threads) }), checkpoint: () => Promise.resolve() },
);
const figures: FitFigures = {
  seconds: (performance.now() - started) / 1000,
  auc: rounds[bestRound - 1]?.validation.auc ?? Number.NaN,
  epochs: rounds.length,
};
console.log(JSON.stringify(figures));
