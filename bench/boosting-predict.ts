import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PredictFigures } from './boosting/job.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchRow, compare, within } from './harness/row.ts';

interface Job {
  readonly name: string;
  readonly table: 'numbers' | 'categories';
  readonly leaves: number;
  /** Of what the plain job must reach, and aims at. */
  readonly share: number;
}

const jobs: readonly Job[] = [
  { name: '60 numbers, 31 leaves', table: 'numbers', leaves: 31, share: 1 },
  { name: '20 numbers and 10 categories, 31 leaves', table: 'categories', leaves: 31, share: 1 / 2 },
  { name: '60 numbers, 255 leaves', table: 'numbers', leaves: 255, share: 1 / 4 },
];

interface PeerFigures {
  readonly rowsPerSecond: number;
  readonly rowMicroseconds: number;
}

/** Scoring the rows of a table with one and the same LightGBM model of 200 trees on both sides, one thread, interleaved. */
export const bench: Bench = async ({ runs }) => {
  const python = pythonWith('tabular', tabularPeers);
  const work = 'artifacts/bench/boosting-predict';
  mkdirSync(work, { recursive: true });
  try {
    return jobs.flatMap((job) => measure(job, python, join(work, `${job.table}-${job.leaves}`), runs));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

function measure({ name, table, leaves, share }: Job, python: string, folder: string, runs: number): BenchRow[] {
  runJson(python, ['bench/peers/boosting.py', 'make', table, folder, '62500']);
  runJson(python, ['bench/peers/boosting_predict.py', 'train', folder, String(leaves), '200']);
  const ours: PredictFigures[] = [];
  const peer: PeerFigures[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(
      runJson<PredictFigures>(process.execPath, ['--import', 'tsx', 'bench/boosting/predict.child.ts', folder]),
    );
    peer.push(runJson<PeerFigures>(python, ['bench/peers/boosting_predict.py', 'predict', folder]));
  }
  rmSync(folder, { recursive: true, force: true });
  if (!ours.every(({ isExact }) => isExact)) throw new Error(`${name}: scores are not LightGBM's, bit for bit.`);
  const rates = { unit: 'rows/s', peer: peer.map(({ rowsPerSecond }) => rowsPerSecond), biggerIsBetter: true };
  return [
    compare({
      ...rates,
      name: `predict raw float64 rows, ${name}`,
      ours: ours.map(({ rowsPerSecond }) => rowsPerSecond),
      must: 8 * share,
      aim: 20 * share,
      why: 'float64 columns in, log-odds out, every score LightGBM’s bit for bit; processor time',
    }),
    compare({
      ...rates,
      name: `predict binned rows, ${name}`,
      ours: ours.map(({ binnedRowsPerSecond }) => binnedRowsPerSecond),
      must: 12 * share,
      aim: 30 * share,
      why: 'ours from bins made before; LightGBM from float64 rows, as it has no such prediction',
    }),
    compare({
      ...rates,
      name: `predict without the kernel, ${name}`,
      ours: ours.map(({ twinRowsPerSecond }) => twinRowsPerSecond),
      why: 'the TypeScript twin, where there is no WebAssembly SIMD',
    }),
    within(
      `predict one row, ${name}`,
      'µs',
      50 / share,
      ours.map(({ rowMicroseconds }) => rowMicroseconds),
      `warm, within the process; LightGBM through Python ${Math.round(peer[0]?.rowMicroseconds ?? Number.NaN)} µs`,
    ),
  ];
}
