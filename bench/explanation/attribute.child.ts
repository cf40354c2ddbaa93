// Attributes every row of a table by a LightGBM model in a fresh Node process: FOLDER THREADS. Prints one JSON object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { bulkTreeShap } from '../../src/core/explanation/bulk-tree-shap.ts';
import { boostingRawScores } from '../../src/core/models/boosting/raw-scores.ts';
import { readLightgbmText } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import { readTable, underModelNames } from '../boosting/table.ts';
import type { AttributionFigures } from './figures.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);
const { features: read, rows } = readTable(folder);
const model = readLightgbmText(readFileSync(join(folder, 'model.txt'), 'utf8'));
const features = underModelNames(read, model);
const kernels = createNodeKernels({ threads: Number(threads) });
const all = Uint32Array.from({ length: rows }, (_, row) => row);
const residentMb = () => process.memoryUsage().rss / 2 ** 20;
const before = residentMb();
let peak = before;
const watch = async () => {
  peak = Math.max(peak, residentMb());
};

const started = performance.now();
const { values, expectedValue } = await bulkTreeShap(model, features, all, kernels, watch);
const seconds = (performance.now() - started) / 1000;
await watch();

const width = model.features.length;
const theirs = new Float64Array(Uint8Array.from(readFileSync(join(folder, 'contributions.f64'))).buffer);
let farthest = 0;
for (let row = 0; row < theirs.length / (width + 1); row++) {
  for (let feature = 0; feature < width; feature++) {
    const difference = (values[feature * rows + row] as number) - (theirs[row * (width + 1) + feature] as number);
    farthest = Math.max(farthest, Math.abs(difference));
  }
}
const scores = boostingRawScores(model, features);
let residual = 0;
for (let row = 0; row < rows; row++) {
  let sum = expectedValue;
  for (let feature = 0; feature < width; feature++) sum += values[feature * rows + row] as number;
  residual = Math.max(residual, Math.abs(sum - (scores[row] as number)));
}
const figures: AttributionFigures = { rowsPerSecond: rows / seconds, grownMb: peak - before, farthest, residual };
console.log(JSON.stringify(figures));
process.exit(0);
