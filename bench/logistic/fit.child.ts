// One logistic regression to full convergence in a fresh Node process: FOLDER THREADS. Prints one JSON object.
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { createEncoder } from '../../src/core/models/encoding.ts';
import { logisticEntry } from '../../src/core/models/logistic/logistic.ts';
import { checkParameters } from '../../src/core/models/parameter-check.ts';
import { noCheckpoint } from '../../src/core/shared/checkpoint.ts';
import { sigmoid } from '../../src/core/shared/exact-math.ts';
import { readTable } from '../boosting/table.ts';
import type { LogisticFigures } from './figures.ts';

const [folder = '', threads] = process.argv.slice(2);
const { features, labels, train: rowCount } = readTable(folder);
const train = Uint32Array.from({ length: rowCount }, (_, row) => row);
const values = { penalty: 'l2', C: 1, class_weight: 'none', choose_C: false, tol: 1e-10 };
const parameters = checkParameters('logistic', logisticEntry.parameters, values);
const context = { kernels: createNodeKernels({ threads: Number(threads) }), checkpoint: noCheckpoint };
const fit = (rows: Uint32Array) =>
  logisticEntry.train({ features, labels, train: rows, validation: new Uint32Array(0), seed: 0 }, parameters, context);
// Compilers are warm, as the peer's imports and allocators are.
await fit(train.subarray(0, 500));
const started = performance.now();
const { model, rounds } = await fit(train);
const seconds = (performance.now() - started) / 1000;

// The gradient again from the scores, by other code than the fit's.
const scores = logisticEntry.rawScores(model, features);
const gradient = new Float64Array(1 + model.encoding.width);
const row = new Float64Array(model.encoding.width);
const encoder = createEncoder(model.encoding, features);
for (let i = 0; i < rowCount; i++) {
  const residual = (sigmoid(scores[i] as number) - (labels[i] as number)) / rowCount;
  encoder.encode(train, i, i + 1, row);
  gradient[0] = (gradient[0] as number) + residual;
  for (let j = 0; j < row.length; j++) gradient[j + 1] = (gradient[j + 1] as number) + residual * (row[j] as number);
}
model.coefficients.forEach((value, j) => {
  gradient[j + 1] = (gradient[j + 1] as number) + value / rowCount;
});
const figures: LogisticFigures = {
  seconds,
  slope: gradient.reduce((most, each) => Math.max(most, Math.abs(each)), 0),
  steps: rounds.length,
};
console.log(JSON.stringify(figures));
