import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeKernels } from '../src/adapters/node/kernels.ts';
import { type CategoryColumn, createFrame, type NumberColumn, takeRows } from '../src/core/data/frame.ts';
import type { Split } from '../src/core/data/split.ts';
import { boostingEntry } from '../src/core/models/boosting/boosting.ts';
import type { Tree } from '../src/core/models/boosting/boosting-model.ts';
import { readLightgbmText } from '../src/core/models/formats/lightgbm-text-reader.ts';
import { noCheckpoint } from '../src/core/shared/checkpoint.ts';
import { softplus } from '../src/core/shared/exact-math.ts';
import { rankingQuality } from '../src/core/shared/statistics.ts';
import { type LearningTable, learningTables, splitBySeed } from './harness/learning-tables.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';
import { compareTrees, type TreeLikeness } from './harness/same-tree.ts';

const seeds = 5;
const work = 'artifacts/bench/boosting-parity';
const shared = { learning_rate: 0.05, num_leaves: 31, boost_from_average: true };
const rounds = 1000;
const patience = 50;

export const flags: BenchFlags = { 'data-folder': { type: 'string' } };

/** Boosting beside LightGBM on the same columns, splits and parameters: mean AUC and log-loss on test, and the first tree. */
export const bench: Bench = async ({ flags: { 'data-folder': folder } }) => {
  mkdirSync(work, { recursive: true });
  const python = pythonWith('tabular', tabularPeers);
  const rows: BenchRow[] = [];
  for await (const table of learningTables(50_000, folder, work)) {
    rows.push(...('missing' in table ? [notThere(table.name, table.missing)] : await compareOn(table, python)));
  }
  return rows;
};

type Columns = Omit<LearningTable, 'name'>;

async function compareOn({ name, features, labels }: LearningTable, python: string): Promise<BenchRow[]> {
  const splits = Array.from({ length: seeds }, (_, seed) => splitBySeed(labels, seed));
  const rows: BenchRow[] = [];
  for (const balanced of [false, true]) {
    const how = balanced ? `${name}, is_unbalance` : name;
    console.log(`${how} …`);
    const peer = await askLightgbm(how, { features, labels }, splits, balanced, python);
    const figures: Figures[] = [];
    for (const [seed, split] of splits.entries()) figures.push(await ours({ features, labels }, split, seed, balanced));
    const mean = (of: (each: Figures) => number, side: readonly Figures[]) =>
      side.reduce((sum, each) => sum + of(each), 0) / side.length;
    const [auc, peerAuc] = [mean((each) => each.auc, figures), mean((each) => each.auc, peer)];
    const [loss, peerLoss] = [mean((each) => each.logLoss, figures), mean((each) => each.logLoss, peer)];
    const alike: (TreeLikeness & { readonly settled: readonly string[] })[] = [];
    for (const [seed, { first }] of figures.entries()) {
      const split = splits[seed] as Split;
      alike.push(await compareFirstTrees(first, (peer[seed] as Figures).first, { features, labels }, split, balanced));
    }
    const total = (of: 'sameRows' | 'identical' | 'of') => alike.reduce((sum, each) => sum + each[of], 0);
    const trees = `trees ${figures.map((each) => each.trees).join(' ')} | ${peer.map((each) => each.trees).join(' ')}`;
    rows.push(
      {
        name: `test AUC, ${how}`,
        ours: auc,
        peer: peerAuc,
        unit: 'AUC',
        ratio: (auc + 0.001) / peerAuc,
        must: 1,
        aim: null,
        why: `mean of ${seeds} splits; ratio = (ours + 0.001) / peer; ${trees}`,
      },
      {
        name: `test log-loss, ${how}`,
        ours: loss,
        peer: peerLoss,
        unit: 'nats',
        ratio: (1.005 * peerLoss) / loss,
        must: 1,
        aim: null,
        why: 'ratio = 1.005 × peer / ours',
      },
      {
        name: `first tree, ${how}`,
        ours: total('sameRows'),
        peer: total('of'),
        unit: 'splits',
        ratio: total('sameRows') / total('of'),
        must: 1,
        aim: null,
        why:
          `splits of ${seeds} first trees that part the same rows alike; ${total('identical')} name the same feature and ` +
          `threshold too, the rest gain exactly the same${alike
            .flatMap(({ difference, settled }, seed) => [
              ...settled.map((tie) => `; split ${seed} has a tie of gains, settled as LightGBM does: ${tie}`),
              ...(difference ? [`; split ${seed} parts at ${difference}`] : []),
            ])
            .join('')}`,
      },
    );
  }
  return rows;
}

/**
 * The first trees' likeness. Where two splits of a leaf tie, LightGBM's sums decide by their last bit and ours by the
 * order of the columns: ours is grown again with the column that LightGBM took standing first.
 */
async function compareFirstTrees(
  first: Tree,
  peer: Tree,
  { features, labels }: Columns,
  split: Split,
  balanced: boolean,
): Promise<TreeLikeness & { readonly settled: readonly string[] }> {
  const columns = features.columns.map((column) => numbersOf(column as NumberColumn | CategoryColumn));
  const order = [...features.columns.keys()];
  const settled: string[] = [];
  let likeness = compareTrees(first, peer, columns, split.train, labels);
  while (likeness.tie && likeness.tie.ours !== likeness.tie.peer && settled.length < 5) {
    const { tie } = likeness;
    settled.push(`feature ${tie.peer} for ${tie.ours}`);
    order.splice(order.indexOf(tie.peer), 1);
    order.splice(order.indexOf(tie.ours), 0, tie.peer);
    const inOrder = createFrame(order.map((at) => features.columns[at] as NumberColumn | CategoryColumn));
    const tree = (await learn({ features: inOrder, labels }, split, 0, balanced, 1)).trees[0] as Tree;
    const renamed = { ...tree, splitFeature: tree.splitFeature.map((at) => order[at] as number) };
    likeness = compareTrees(renamed, peer, columns, split.train, labels);
  }
  return { ...likeness, settled };
}

interface Figures {
  readonly auc: number;
  readonly logLoss: number;
  readonly trees: number;
  readonly first: Tree;
}

async function ours({ features, labels }: Columns, split: Split, seed: number, balanced: boolean): Promise<Figures> {
  const model = await learn({ features, labels }, split, seed, balanced, rounds);
  const scores = boostingEntry.rawScores(model, takeRows(features, split.test));
  return { ...measured(scores, labels, split.test), trees: model.trees.length, first: model.trees[0] as Tree };
}

async function learn(columns: Columns, { train, validation }: Split, seed: number, balanced: boolean, most: number) {
  const { model } = await boostingEntry.train(
    { ...columns, train, validation, seed },
    { ...shared, n_estimators: most, early_stopping_round: patience, metric: 'auc', is_unbalance: balanced },
    { kernels: createNodeKernels({ threads: 1 }), checkpoint: noCheckpoint },
  );
  return model;
}

/** The same two measures for both sides. */
function measured(scores: Float64Array, labels: Int8Array, rows: Uint32Array): { auc: number; logLoss: number } {
  const own = Int8Array.from(rows, (row) => labels[row] as number);
  const losses = scores.map((score, i) => softplus(own[i] === 1 ? -score : score));
  return { auc: rankingQuality(scores, own).auc, logLoss: losses.reduce((sum, each) => sum + each, 0) / rows.length };
}

async function askLightgbm(
  name: string,
  { features, labels }: Columns,
  splits: readonly Split[],
  balanced: boolean,
  python: string,
): Promise<Figures[]> {
  const stem = join(work, name.replaceAll(/[^a-z]+/g, '-'));
  const columns = [...features.columns.map((column) => numbersOf(column as NumberColumn | CategoryColumn)), labels];
  const data = new Float64Array(columns.length * features.rowCount);
  columns.forEach((values, at) => data.set(values, at * features.rowCount));
  writeFileSync(`${stem}.f64`, new Uint8Array(data.buffer));
  const job = {
    data: `${stem}.f64`,
    rows: features.rowCount,
    features: features.columns.map(({ name, kind }) => ({ name, kind })),
    parameters: {
      ...shared,
      objective: 'binary',
      metric: 'auc',
      is_unbalance: balanced,
      num_threads: 1,
      deterministic: true,
      verbose: -1,
    },
    rounds,
    patience,
    splits: splits.map(({ train, validation, test }) => {
      const parts = new Array<string>(features.rowCount).fill('-');
      for (const row of train) parts[row] = 't';
      for (const row of validation) parts[row] = 'v';
      for (const row of test) parts[row] = 'e';
      return parts.join('');
    }),
  };
  writeFileSync(`${stem}.json`, JSON.stringify(job));
  const answer = runJson<{ splits: { trees: number; first: string }[] }>(python, [
    'bench/peers/boosting_parity.py',
    `${stem}.json`,
    `${stem}.scores`,
  ]);
  const scores = new Float64Array(new Uint8Array(readFileSync(`${stem}.scores`)).buffer);
  let from = 0;
  return splits.map(({ test }, seed) => {
    const own = scores.slice(from, (from += test.length));
    const { trees, first } = answer.splits[seed] as { trees: number; first: string };
    return { ...measured(own, labels, test), trees, first: readLightgbmText(first).trees[0] as Tree };
  });
}

/** A column as LightGBM is given it: a category's code + 1, NaN for missing. */
function numbersOf(column: NumberColumn | CategoryColumn): Float64Array {
  if (column.kind === 'number') return column.values;
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code + 1));
}

function notThere(name: string, why: string): BenchRow {
  return { name: `test AUC, ${name}`, ours: null, peer: null, unit: 'AUC', ratio: null, must: 1, aim: null, why };
}
