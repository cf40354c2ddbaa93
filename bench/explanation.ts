import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributionFigures, backgroundRows, type InterventionalFigures } from './explanation/figures.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchRow, compare, within } from './harness/row.ts';

interface Job {
  readonly name: string;
  readonly table: 'numbers' | 'categories';
  readonly trees: number;
  readonly leaves: number;
  readonly threads: number;
  readonly must: number;
  readonly aim: number;
  /** Rows the peer explains: it takes milliseconds for each. */
  readonly peerRows: number;
}

const plain = { table: 'numbers', trees: 200, leaves: 31, threads: 1, must: 40, aim: 100, peerRows: 2000 } as const;
const jobs: readonly Job[] = [
  { ...plain, name: '200 trees × 31 leaves, 1 thread' },
  { ...plain, name: '200 trees × 31 leaves, 2 threads', threads: 2 },
  { ...plain, name: '500 trees × 63 leaves, 1 thread', trees: 500, leaves: 63, must: 20, aim: 60, peerRows: 300 },
  { ...plain, name: '200 trees × 31 leaves, 10 of 30 columns categories', table: 'categories', must: 20, aim: 60 },
];

const memoryLimitMb = 60;

/** TreeSHAP of 50,000 rows against LightGBM's pred_contrib with the same model, interleaved, fresh processes. */
export const bench: Bench = async ({ runs }) => {
  const python = pythonWith('tabular', tabularPeers);
  const work = 'artifacts/bench/explanation';
  mkdirSync(work, { recursive: true });
  try {
    return [
      ...jobs.flatMap((job) => measure(job, python, join(work, 'table'), runs)),
      interventional(python, join(work, 'table'), runs),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

function measure(job: Job, python: string, folder: string, runs: number): BenchRow[] {
  const { name, table, trees, leaves, threads, must, aim, peerRows } = job;
  runJson(python, ['bench/peers/boosting.py', 'make', table, folder, '50000']);
  runJson(python, ['bench/peers/boosting_predict.py', 'train', folder, String(leaves), String(trees)]);
  const ours: AttributionFigures[] = [];
  const peer: number[] = [];
  for (let run = 0; run < runs; run++) {
    const asked = ['bench/peers/explanation.py', 'contributions', folder, String(peerRows), String(threads)];
    peer.push(runJson<{ rowsPerSecond: number }>(python, asked).rowsPerSecond);
    const args = ['--import', 'tsx', 'bench/explanation/attribute.child.ts', folder, String(threads)];
    ours.push(runJson<AttributionFigures>(process.execPath, args));
  }
  const farthest = Math.max(...ours.map((each) => each.farthest));
  const residual = Math.max(...ours.map((each) => each.residual));
  return [
    compare({
      name: `TreeSHAP, ${name}`,
      unit: 'rows/s',
      ours: ours.map(({ rowsPerSecond }) => rowsPerSecond),
      peer,
      must,
      aim,
      biggerIsBetter: true,
      why: `float64, first run in its process; farthest from LightGBM ${farthest.toExponential(1)}, residual at most ${residual.toExponential(1)}`,
    }),
    within(
      `TreeSHAP memory, ${name}`,
      'MB',
      memoryLimitMb,
      ours.map(({ grownMb }) => grownMb),
      'what it adds to the resident set, 24 MB of answers included',
    ),
  ];
}

/** Rows that the shap package explains: it takes ten milliseconds for each. */
const shapRows = 300;

/** Against 100 background rows, 1 thread: 200 trees of 31 leaves. */
function interventional(python: string, folder: string, runs: number): BenchRow {
  const shap = pythonWith('explanation', [...tabularPeers, 'shap==0.51.0']);
  runJson(python, ['bench/peers/boosting.py', 'make', 'numbers', folder, '50000']);
  runJson(python, ['bench/peers/boosting_predict.py', 'train', folder, '31', '200']);
  const ours: InterventionalFigures[] = [];
  const peer: number[] = [];
  for (let run = 0; run < runs; run++) {
    const asked = ['bench/peers/explanation.py', 'interventional', folder, String(shapRows), String(backgroundRows)];
    peer.push(runJson<{ rowsPerSecond: number }>(shap, asked).rowsPerSecond);
    const child = ['--import', 'tsx', 'bench/explanation/interventional.child.ts', folder];
    ours.push(runJson<InterventionalFigures>(process.execPath, child));
  }
  return compare({
    name: `interventional TreeSHAP, ${backgroundRows} background rows, 1 thread`,
    unit: 'rows/s',
    ours: ours.map(({ rowsPerSecond }) => rowsPerSecond),
    peer,
    must: 10,
    aim: 50,
    biggerIsBetter: true,
    why: `float64, TypeScript; farthest from shap ${Math.max(...ours.map(({ farthest }) => farthest)).toExponential(1)}`,
  });
}
