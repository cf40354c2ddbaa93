// Scores a table with a LightGBM model in a fresh Node process: FOLDER. Prints one JSON object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { type Frame, type NumberColumn, sliceRows, takeRows } from '../../src/core/data/frame.ts';
import { openTreeScoring } from '../../src/core/kernels/tree-scoring.ts';
import { binRows, scoreBinnedRows } from '../../src/core/models/boosting/binned-rows.ts';
import { boostingRawScores } from '../../src/core/models/boosting/raw-scores.ts';
import { readLightgbmText } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import { median } from '../harness/row.ts';
import type { PredictFigures } from './job.ts';
import { readTable, underModelNames } from './table.ts';

const [folder = ''] = process.argv.slice(2);
const { features: read, rows } = readTable(folder);
const model = readLightgbmText(readFileSync(join(folder, 'model.txt'), 'utf8'));
const features = underModelNames(read, model);
const expected = new Float64Array(Uint8Array.from(readFileSync(join(folder, 'scores.f64'))).buffer);
const scoring = await openTreeScoring(createNodeKernels({ threads: 1 }));
if (!scoring) throw new Error('This Node has no WebAssembly SIMD.');

const scores = boostingRawScores(model, features, scoring);
const binned = binRows(model, features);
const isSame = (all: Float64Array) => all.every((score, row) => score === expected[row]);

/** Processor seconds of one pass, the median of seven after warming. */
function secondsOf(pass: () => unknown): number {
  for (let i = 0; i < 3; i++) pass();
  const seconds = Array.from({ length: 7 }, () => {
    const from = process.cpuUsage();
    pass();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1e6;
  });
  return median(seconds);
}

// One customer after another, in the same one-row frame.
const one = takeRows(features, [0]);
const valuesOf = ({ columns }: Frame) => columns.map((column) => (column as NumberColumn).values);
const [all, single] = [valuesOf(features), valuesOf(one)];
const oneByOne = () => {
  for (let row = 0; row < 1000; row++) {
    single.forEach((values, index) => {
      values[0] = all[index]?.[row] ?? Number.NaN;
    });
    boostingRawScores(model, one, scoring);
  }
};
const figures: PredictFigures = {
  rowsPerSecond: rows / secondsOf(() => boostingRawScores(model, features, scoring)),
  binnedRowsPerSecond: rows / secondsOf(() => scoreBinnedRows(model, binned, scoring)),
  twinRowsPerSecond: 10_000 / secondsOf(() => boostingRawScores(model, sliceRows(features, 0, 10_000))),
  rowMicroseconds: secondsOf(oneByOne) * 1000,
  isExact: isSame(scores) && isSame(scoreBinnedRows(model, binned, scoring)),
};
console.log(JSON.stringify(figures));
