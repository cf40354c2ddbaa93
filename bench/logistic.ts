import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchRow, compare } from './harness/row.ts';
import type { LogisticFigures, PeerLogisticFigures } from './logistic/figures.ts';

const peer = 'bench/peers/logistic.py';
const tables = [
  { name: '50k×60', rows: 62_500 },
  { name: '500k×60', rows: 625_000 },
] as const;
/** Largest component of the gradient of the mean objective that counts as converged. */
const limit = 1e-10;

/**
 * Logistic regression from raw columns to full convergence against scikit-learn: fresh processes, interleaved; both fit 500
 * rows first.
 */
export const bench: Bench = async ({ runs }) => {
  const python = pythonWith('tabular', tabularPeers);
  const work = 'artifacts/bench/logistic';
  mkdirSync(work, { recursive: true });
  try {
    return tables.flatMap(({ name, rows }) => {
      const folder = join(work, name);
      runJson(python, ['bench/peers/boosting.py', 'make', 'numbers', folder, String(rows)]);
      const figures = [1, 2].flatMap((threads) => measure(name, folder, threads, python, runs));
      rmSync(folder, { recursive: true });
      return figures;
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

function measure(name: string, folder: string, threads: number, python: string, runs: number): BenchRow[] {
  const ours: LogisticFigures[] = [];
  const theirs: PeerLogisticFigures[] = [];
  for (let run = 0; run < runs; run++) {
    const child = ['--import', 'tsx', 'bench/logistic/fit.child.ts', folder, String(threads)];
    ours.push(runJson<LogisticFigures>(process.execPath, child));
    theirs.push(runJson<PeerLogisticFigures>(python, [peer, folder, String(threads)]));
  }
  const slope = Math.max(...ours.map((each) => each.slope));
  const [first] = theirs as [PeerLogisticFigures];
  const size = `${name}, ${threads} thread${threads > 1 ? 's' : ''}`;
  const told = `gradient ${slope.toExponential(0)} after ${ours[0]?.steps} steps; ${describe(first)}`;
  const seconds = ours.map((each) => each.seconds);
  return [
    compare({
      name: `logistic to ${limit} with scaling, ${size}`,
      unit: 's',
      // A fit that stopped short is no measurement.
      ours: slope <= limit ? seconds : [],
      peer: theirs.map((each) => each.seconds),
      must: 1,
      aim: 3,
      why: told,
    }),
    compare({
      name: `the same beside lbfgs at its default, ${size}`,
      unit: 's',
      ours: seconds,
      peer: theirs.map(({ lbfgsDefault }) => lbfgsDefault.seconds),
      why: `lbfgs stops at a gradient of ${first.lbfgsDefault.slope.toExponential(0)}`,
    }),
  ];
}

function describe({ solver, slope, steps, scalingSeconds }: PeerLogisticFigures): string {
  return `${solver} ${slope.toExponential(0)} after ${steps}, scaling ${scalingSeconds.toFixed(2)} s of it`;
}
