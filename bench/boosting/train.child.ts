// One training in a fresh Node process: FOLDER THREADS LEAVES ROUNDS. Prints one JSON object.
import { readFileSync } from 'node:fs';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { sliceRows } from '../../src/core/data/frame.ts';
import { measureAll } from '../../src/core/evaluation/bootstrap.ts';
import { groupByScore } from '../../src/core/evaluation/score-groups.ts';
import { boostingRawScores } from '../../src/core/models/boosting/raw-scores.ts';
import { trainBoosting } from '../../src/core/models/boosting/train-boosting.ts';
import { boostingParameters } from '../../src/core/models/boosting/boosting-parameters.ts';
import { checkParameters } from '../../src/core/models/parameter-check.ts';
import { boostingJob, type TrainingFigures } from './job.ts';
import { readTable } from './table.ts';

const [folder = '', threads, leaves, rounds] = process.argv.slice(2);
const { features, labels, rows, train } = readTable(folder);
const parameters = checkParameters('boosting', boostingParameters, boostingJob(Number(leaves), Number(rounds)));
const rowsFrom = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const input = { features, labels, train: rowsFrom(0, train), validation: new Uint32Array(0), seed: 1 };
// Of this process alone: what getrusage tells is at least what its parent held when it started.
const residentMb = () => Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
const before = residentMb();
const started = performance.now();
let binned = started;
const { model } = await trainBoosting(input, parameters, {
  kernels: createNodeKernels({ threads: Number(threads) }),
  checkpoint: async ({ stage }) => {
    if (!stage.startsWith('Growing')) binned = performance.now();
  },
});
const total = (performance.now() - started) / 1000;
const peakMb = residentMb();
const test = sliceRows(features, train, rows);
const scores = boostingRawScores(model, test);
const { groups } = groupByScore(labels.subarray(train), scores);
const figures: TrainingFigures = {
  binning: (binned - started) / 1000,
  total,
  peakMb,
  grownMb: peakMb - before,
  auc: measureAll({ ranking: groups, probability: groups }).auc,
  trees: model.trees.length,
};
console.log(JSON.stringify(figures));
