import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { buildRfmTable } from '../scripts/build-rfm-table.ts';
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { writeCsv } from '../src/core/data/csv/write-csv.ts';
import { parseDay } from '../src/core/data/dates.ts';
import { applyRoles, guessSchema, type RoleAssignment } from '../src/core/data/roles.ts';
import { dealFolds } from '../src/core/jobs/study/cross-validate.ts';
import { createNodeStudy, quiet } from '../src/testing/node-study.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import type { Bench, BenchFlags, BenchRow } from './harness/row.ts';

/** A public table given by its path, never part of the project. docs/benchmarks.md names sources and licences. */
interface RealTable {
  readonly name: string;
  /** What its file's name begins with; .csv or .csv.gz. */
  readonly file: string;
  readonly label: string;
  readonly positive: string;
  readonly separator?: string;
  /** Ids, and what is known only after the outcome. */
  readonly exclude?: readonly string[];
  /** Guessed sensitive and therefore no feature by default; a feature here, so that both sides read the same columns. */
  readonly include?: readonly string[];
  /** Numbers among which the file has blanks that pandas would read as text. */
  readonly numeric?: readonly string[];
}

const tables: readonly RealTable[] = [
  { name: 'bank', file: 'bank-additional-full', label: 'y', positive: 'yes', separator: ';', exclude: ['duration'] },
  {
    name: 'telco',
    file: 'telco-customer-churn',
    label: 'Churn',
    positive: 'Yes',
    exclude: ['customerID'],
    include: ['gender'],
    numeric: ['TotalCharges'],
  },
  { name: 'coupon', file: 'in-vehicle-coupon', label: 'Y', positive: '1', include: ['gender'] },
  { name: 'online retail (RFM)', file: 'rfm', label: 'buys_again', positive: '1', exclude: ['customer_id'] },
];

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
  const rfm = await buildRfm(folder);
  const rows: BenchRow[] = [];
  for (const table of tables) {
    const path = table.file === 'rfm' ? rfm : findTable(folder, table.file);
    rows.push(...(path ? await compareOn(table, path, python) : kinds.map((kind) => notThere(kind, table))));
  }
  return rows;
};

async function compareOn(table: RealTable, path: string, python: string): Promise<BenchRow[]> {
  console.log(`${table.name}: ours …`);
  const threads = Math.min(2, availableParallelism());
  const file = new Blob([readFileSync(path)]);
  const roles: RoleAssignment = {
    label: { column: table.label, positive: table.positive },
    roles: {
      ...Object.fromEntries((table.exclude ?? []).map((name) => [name, 'ignore' as const])),
      ...Object.fromEntries((table.include ?? []).map((name) => [name, 'feature' as const])),
    },
  };
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

async function buildRfm(folder: string): Promise<string | undefined> {
  const source = findTable(folder, 'online_retail');
  if (!source) return undefined;
  const { frame } = await openTableFile(new Blob([readFileSync(source)]), basename(source));
  const path = join(work, 'rfm.csv');
  writeFileSync(path, writeCsv(buildRfmTable(frame, parseDay('2011-09-09'), 90)));
  return path;
}

function findTable(folder: string, name: string): string | undefined {
  const file = readdirSync(folder).find((each) => each === `${name}.csv` || each === `${name}.csv.gz`);
  return file && join(folder, file);
}

function notThere(kind: string, { name, file }: RealTable): BenchRow {
  const why = `no ${file === 'rfm' ? 'online_retail' : file}.csv or .csv.gz in the folder given`;
  return { name: `${kind} AUC on ${name}`, ours: null, peer: null, unit: 'AUC', ratio: null, must: 1, aim: null, why };
}
