import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { createNodeKernels } from '../src/adapters/node/kernels.ts';
import { makeCustomers } from '../src/core/data/customers/make-customers.ts';
import { createFrame, type Frame, takeRows } from '../src/core/data/frame.ts';
import { applyRoles, guessSchema } from '../src/core/data/roles.ts';
import { type Split, splitRows } from '../src/core/data/split.ts';
import type { Table } from '../src/core/data/table.ts';
import { scoreMeasures } from '../src/core/evaluation/measures/catalogue.ts';
import { groupByScore } from '../src/core/evaluation/score-groups.ts';
import { boostingEntry } from '../src/core/models/boosting/boosting.ts';
import type { Parameters } from '../src/core/models/parameters.ts';
import { noCheckpoint } from '../src/core/shared/checkpoint.ts';
import { pythonWith, startJson, tabularPeers } from './harness/python.ts';
import { findRealTables, rolesOf, whyNotThere } from './harness/real-tables.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';

const growers = { xgboost: 'depthwise', catboost: 'oblivious' } as const;
type Peer = keyof typeof growers;
const peers: readonly Peer[] = ['xgboost', 'catboost'];

/** One split of a small table tells its AUC to within 0.02 only: it gets more of them. */
const seedsFor = (rows: number) => (rows < 10_000 ? 20 : 5);
const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
const common = { trees: 1000, learning_rate: 0.1, patience: 50 };
const tolerance = 0.003;
const work = 'artifacts/bench/growers';

export const flags: BenchFlags = { 'data-folder': { type: 'string' } };

/** AUC of depth-wise trees beside xgboost and of oblivious trees beside catboost: same columns, same splits, 5 seeds or more. */
export const bench: Bench = async ({ flags: { 'data-folder': folder } }) => {
  if (typeof folder !== 'string' || !existsSync(folder)) {
    throw new Error(
      'Where are the tables? npm run bench -- growers --data-folder DIR (docs/benchmarks.md names them).',
    );
  }
  mkdirSync(work, { recursive: true });
  const python = pythonWith('growers', [...tabularPeers, 'xgboost==3.2.0', 'catboost==1.2.10']);
  const rows: BenchRow[] = [];
  for (const [table, path] of await findRealTables(folder, work)) {
    if (!path) {
      rows.push(...peers.map((peer) => notThere(peer, table.name, whyNotThere(table))));
      continue;
    }
    const { frame } = await openTableFile(new Blob([readFileSync(path)]), basename(path));
    const opened = applyRoles(frame, guessSchema(frame, basename(path)).schema, rolesOf(table));
    rows.push(...(await compareOn(table.name, opened, python)));
  }
  const customers = await makeCustomers({ scenario: 'ecommerce', customers: 20_000, seed: 1 });
  rows.push(...(await compareOn('generated customers', customers, python)));
  return rows;
};

interface Run {
  readonly auc: number;
  readonly trees: number;
  readonly seconds: number;
}

async function compareOn(name: string, table: Table, python: string): Promise<BenchRow[]> {
  const labels = table.labels as Int8Array;
  const features = rawFeatures(table);
  const splits = Array.from({ length: seedsFor(labels.length) }, (_, seed) => ({
    seed,
    ...splitRows({ labels, seed, fractions }),
  }));
  // The peers first, one thread and one process each: they take longest.
  console.log(`${name}: xgboost and catboost …`);
  const job = writeJob(basename(name).replaceAll(/\W+/g, '-'), features, labels, splits);
  const running = peers.map((peer) => startJson<Run[]>(python, ['bench/peers/growers.py', job, peer]));
  const answers = await Promise.all(running);
  const theirs = { xgboost: answers[0] as Run[], catboost: answers[1] as Run[] };
  console.log(`${name}: ours …`);
  const ours: Record<Peer, Run[]> = { xgboost: [], catboost: [] };
  for (const split of splits) {
    for (const peer of peers) ours[peer].push(await learn(growers[peer], features, labels, split));
  }
  return peers.map((peer) => {
    const mine = mean(ours[peer], 'auc');
    const other = mean(theirs[peer], 'auc');
    const differences = ours[peer].map(({ auc }, seed) => auc - (theirs[peer][seed] as Run).auc);
    const said = (runs: readonly Run[]) =>
      `${mean(runs, 'trees').toFixed(0)} trees, ${mean(runs, 'seconds').toFixed(1)} s`;
    return {
      name: `${growers[peer]} AUC on ${name}`,
      ours: mine,
      peer: other,
      unit: 'AUC',
      ratio: mine / (other - tolerance),
      must: 1,
      aim: null,
      why:
        `mean of ${splits.length} seeds; ratio = ours / (${peer} − ${tolerance}); difference ${(mine - other).toFixed(4)} ` +
        `(by seed ${differences.map((each) => each.toFixed(4)).join(' ')}); ours ${said(ours[peer])}; ${peer} ${said(theirs[peer])}`,
    };
  });
}

/** The peers' own defaults hold: no class balancing, a start from the conversion rate. */
async function learn(
  growPolicy: string,
  features: Frame,
  labels: Int8Array,
  { seed, train, validation, test }: Split & { readonly seed: number },
): Promise<Run> {
  const parameters: Parameters = {
    grow_policy: growPolicy,
    n_estimators: common.trees,
    learning_rate: common.learning_rate,
    early_stopping_round: common.patience,
    is_unbalance: false,
    boost_from_average: true,
  };
  const started = performance.now();
  const { model, bestRound } = await boostingEntry.train({ features, labels, train, validation, seed }, parameters, {
    kernels: createNodeKernels({ threads: 1 }),
    checkpoint: noCheckpoint,
  });
  const raw = boostingEntry.rawScores(model, takeRows(features, test));
  const tested = groupByScore(
    Int8Array.from(test, (row) => labels[row] as number),
    raw,
  );
  return {
    auc: scoreMeasures.auc.of(tested.groups),
    trees: bestRound,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The table's own number and category columns: no engineered features, so that both sides read the same. */
function rawFeatures({ frame, schema }: Table): Frame {
  const isFeature = new Set(schema.columns.filter(({ role }) => role === 'feature').map(({ name }) => name));
  const columns = frame.columns.filter(
    ({ name, kind }) => isFeature.has(name) && (kind === 'number' || kind === 'category'),
  );
  return createFrame(columns, frame.rowCount);
}

function writeJob(
  name: string,
  features: Frame,
  labels: Int8Array,
  splits: readonly (Split & { readonly seed: number })[],
): string {
  const values = join(work, `${name}.f64`);
  const cells = new Float64Array(features.rowCount * features.columns.length);
  features.columns.forEach((column, index) => {
    if (column.kind === 'number') cells.set(column.values, index * features.rowCount);
    else if (column.kind === 'category') cells.set(column.codes, index * features.rowCount);
  });
  writeFileSync(values, new Uint8Array(cells.buffer));
  const job = join(work, `${name}.json`);
  const columns = features.columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    ...(column.kind === 'category' ? { levels: column.levels } : {}),
  }));
  const dealt = splits.map(({ seed, train, validation, test }) => {
    const parts = new Array<string>(features.rowCount).fill('-');
    for (const row of train) parts[row] = 't';
    for (const row of validation) parts[row] = 'v';
    for (const row of test) parts[row] = 'e';
    return { seed, parts: parts.join('') };
  });
  const rows = features.rowCount;
  writeFileSync(job, JSON.stringify({ values, rows, columns, labels: [...labels], splits: dealt, ...common }));
  return job;
}

function mean(runs: readonly Run[], of: keyof Run): number {
  return runs.reduce((sum, run) => sum + run[of], 0) / runs.length;
}

function notThere(peer: Peer, table: string, why: string): BenchRow {
  const name = `${growers[peer]} AUC on ${table}`;
  return { name, ours: null, peer: null, unit: 'AUC', ratio: null, must: 1, aim: null, why };
}
