import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { applyRoles, guessSchema, type RoleAssignment } from '../src/core/data/roles.ts';
import { dealFolds } from '../src/core/jobs/study/cross-validate.ts';
import { createNodeStudy, quiet } from '../src/testing/node-study.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { findRealTables, type RealTable, rolesOf, whyNotThere } from './harness/real-tables.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';

const folds = 3;
const seeds = 3;
const kinds = ['boosting', 'logistic'] as const;
const tolerance = 0.01;
const work = 'artifacts/bench/real-data';

export const flags: BenchFlags = { 'data-folder': { type: 'string' } };

/** Cross-validated AUC of boosting and logistic regression on public tables, beside LightGBM and scikit-learn. */
export const bench: Bench = async ({ flags: { 'data-folder': folder } }) => {
  if (typeof folder !== 'string' || !existsSync(folder)) {
    throw new Error(
      'Where are the tables? npm run bench -- real-data --data-folder DIR (docs/benchmarks.md names them).',
    );
  }
  mkdirSync(work, { recursive: true });
  const python = pythonWith('tabular', tabularPeers);
  const rows: BenchRow[] = [];
  for (const [table, path] of await findRealTables(folder, work)) {
    rows.push(...(path ? await compareOn(table, path, python) : kinds.map((kind) => notThere(kind, table))));
  }
  return rows;
};

async function compareOn(table: RealTable, path: string, python: string): Promise<BenchRow[]> {
  console.log(`${table.name}: ours …`);
  const threads = Math.min(2, availableParallelism());
  const file = new Blob([readFileSync(path)]);
  const roles = rolesOf(table);
  const { study } = createNodeStudy({ threads });
  await study.openTable({ file, name: basename(path) }, quiet);
  await study.assignRoles(roles as Parameters<typeof study.assignRoles>[0], quiet);
  const ours = await study.crossValidate(
    { folds, seeds, kinds, parameters: { logistic: {}, boosting: {}, neural: {} } },
    quiet,
  );

  console.log(`${table.name}: LightGBM and scikit-learn …`);
  const job = join(work, `${table.file}.json`);
  const { separator = ',', label, positive, exclude = [], numeric = [] } = table;
  const dealt = await foldParts(file, basename(path), roles);
  writeFileSync(
    job,
    JSON.stringify({ file: path, separator, label, positive, exclude, numeric, threads, folds: dealt }),
  );
  const peer = runJson<PeerAnswer>(python, ['bench/peers/real_data.py', job]);

  return kinds.map((kind) => {
    const mine = ours.models.find((model) => model.kind === kind);
    if (!mine) throw new Error(`No figure for ${kind}.`);
    const variants = Object.entries(peer.auc[kind]);
    const theirs = Math.max(...variants.map(([, auc]) => auc));
    return {
      name: `${kind} AUC on ${table.name}`,
      ours: mine.auc,
      peer: theirs,
      unit: 'AUC',
      ratio: mine.auc / (theirs - tolerance),
      must: 1,
      aim: null,
      why:
        `${peer.rows} rows, ${peer.positives} positive, ${peer.columns} raw columns; mean of ${folds} folds × ${seeds} seeds; ` +
        `ratio = ours / (peer − ${tolerance}); peer is the best of ${variants.map(([how, auc]) => `${how} ${auc.toFixed(4)}`).join(' | ')}; ` +
        `ours ± ${mine.aucStandardDeviation.toFixed(4)} over folds`,
    };
  });
}

interface PeerAnswer {
  readonly rows: number;
  readonly positives: number;
  readonly columns: number;
  /** Mean AUC of each way the peer was fitted. */
  readonly auc: Readonly<Record<(typeof kinds)[number], Readonly<Record<string, number>>>>;
}

/** One character per row and fold: t train, v validation, e test, - none of them. The folds that the study deals. */
async function foldParts(file: Blob, name: string, roles: RoleAssignment): Promise<{ seed: number; parts: string }[]> {
  const { frame } = await openTableFile(file, name);
  const table = applyRoles(frame, guessSchema(frame, name).schema, roles);
  return [...dealFolds(table, folds, seeds)].map(({ seed, train, validation, test }) => {
    const parts = new Array<string>(frame.rowCount).fill('-');
    for (const row of train) parts[row] = 't';
    for (const row of validation) parts[row] = 'v';
    for (const row of test) parts[row] = 'e';
    return { seed, parts: parts.join('') };
  });
}

function notThere(kind: string, table: RealTable): BenchRow {
  const why = whyNotThere(table);
  return {
    name: `${kind} AUC on ${table.name}`,
    ours: null,
    peer: null,
    unit: 'AUC',
    ratio: null,
    must: 1,
    aim: null,
    why,
  };
}
