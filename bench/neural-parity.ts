import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createNodeKernels } from '../src/adapters/node/kernels.ts';
import { takeRows } from '../src/core/data/frame.ts';
import type { Split } from '../src/core/data/split.ts';
import { neuralEntry } from '../src/core/models/neural/neural.ts';
import { encodedRows } from '../src/core/models/neural/network-examples.ts';
import type { NeuralModel } from '../src/core/models/neural/neural-model.ts';
import { readNeuralSettings } from '../src/core/models/neural/neural-parameters.ts';
import { noCheckpoint } from '../src/core/shared/checkpoint.ts';
import { rankingQuality } from '../src/core/shared/statistics.ts';
import { type LearningTable, learningTables, splitBySeed } from './harness/learning-tables.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';

const seeds = 5;
const tolerance = 0.003;
const work = 'artifacts/bench/neural-parity';
const settings = readNeuralSettings({});

export const flags: BenchFlags = { 'data-folder': { type: 'string' } };

interface Figures {
  readonly auc: number;
  readonly epochs: number;
}

/** The network beside PyTorch trained to the same recipe (the defaults) on the same inputs and splits: mean AUC on test. */
export const bench: Bench = async ({ flags: { 'data-folder': folder } }) => {
  mkdirSync(work, { recursive: true });
  const python = pythonWith('pipeline', [...tabularPeers, 'torch==2.15.0']);
  const rows: BenchRow[] = [];
  try {
    for await (const table of learningTables(20_000, folder, work)) {
      rows.push('missing' in table ? rowOf(table.name, [], [], table.missing) : await compareOn(table, python));
    }
    return rows;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

async function compareOn({ name, features, labels }: LearningTable, python: string): Promise<BenchRow> {
  console.log(`${name} …`);
  const figures: Figures[] = [];
  const splits: object[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const split = splitBySeed(labels, seed);
    const { train, validation, test } = split;
    const { model, rounds } = await neuralEntry.train(
      { features, labels, train, validation, seed },
      {},
      { kernels: createNodeKernels({ threads: Math.min(2, availableParallelism()) }), checkpoint: noCheckpoint },
    );
    const scores = neuralEntry.rawScores(model, takeRows(features, test));
    const { auc } = rankingQuality(
      scores,
      Float32Array.from(test, (row) => labels[row] as number),
    );
    figures.push({ auc, epochs: rounds.length });
    splits.push(writeSplit(seed, model, { name, features, labels }, split));
  }
  const job = join(work, 'job.json');
  const {
    hidden: layers,
    dropout,
    weightDecay,
    learningRate,
    learningRateDecay,
    epochs,
    batchSize,
    patience,
  } = settings;
  const recipe = { layers, dropout, weightDecay, learningRate, learningRateDecay, epochs, batchSize, patience };
  writeFileSync(job, JSON.stringify({ ...recipe, splits }));
  const peers = runJson<{ splits: Figures[] }>(python, ['bench/peers/neural_parity.py', job]).splits;
  return rowOf(name, figures, peers, '');
}

/** The network's own inputs, rows in the order train, validation, test. */
function writeSplit(
  seed: number,
  { encoding, clip }: NeuralModel,
  { features, labels }: LearningTable,
  { train, validation, test }: Split,
): object {
  const rows = Uint32Array.of(...train, ...validation, ...test);
  const values = new Float32Array(rows.length * encoding.width);
  encodedRows(encoding, features, rows, clip).read(0, rows.length, values, encoding.width);
  const [inputs, answers] = ['f32', 'i8'].map((kind) => join(work, `split-${seed}.${kind}`)) as [string, string];
  writeFileSync(inputs, values);
  writeFileSync(
    answers,
    Int8Array.from(rows, (row) => labels[row] as number),
  );
  const { width } = encoding;
  return { inputs, labels: answers, width, train: train.length, validation: validation.length, seed };
}

function rowOf(name: string, ours: readonly Figures[], peers: readonly Figures[], missing: string): BenchRow {
  const mean = (side: readonly Figures[]) => side.reduce((sum, { auc }) => sum + auc, 0) / side.length;
  const [mine, theirs] = [ours, peers].map((side) => (side.length > 0 ? mean(side) : null)) as [number, number] | [];
  const told = (side: readonly Figures[]) => side.map(({ auc }) => auc.toFixed(4)).join(' ');
  const why = `mean of ${seeds} splits; ratio = (ours + ${tolerance}) / peer; ${told(ours)} | ${told(peers)}`;
  const ratio = mine && theirs ? (mine + tolerance) / theirs : null;
  return {
    name: `test AUC of the network, ${name}`,
    ours: mine ?? null,
    peer: theirs ?? null,
    unit: 'AUC',
    ratio,
    must: 1,
    aim: null,
    why: missing || why,
  };
}
