import { mkdirSync, rmSync } from 'node:fs';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchRow, compare, median } from './harness/row.ts';
import type { EpochFigures, FitFigures, OurEpochFigures } from './neural/figures.ts';

const peer = 'bench/peers/neural.py';
const child = (name: string) => ['--import', 'tsx', `bench/neural/${name}.child.ts`];
const batch = 512;
const epochs = 4;

/** The network against PyTorch on the CPU: the same table, layers, batches and threads, fresh processes, interleaved. */
export const bench: Bench = async ({ runs }) => {
  const python = pythonWith('pipeline', [...tabularPeers, 'torch==2.15.0']);
  const folder = 'artifacts/bench/neural';
  mkdirSync(folder, { recursive: true });
  try {
    runJson(python, ['bench/peers/boosting.py', 'make', 'numbers', folder, '62500']);
    const rows: BenchRow[] = [];
    for (const threads of [1, 2]) {
      rows.push(...epochRows(python, folder, threads, runs), fitRow(python, folder, threads, runs));
    }
    return [...rows, ...unmeasured()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function epochRows(python: string, folder: string, threads: number, runs: number): BenchRow[] {
  const ours: OurEpochFigures[] = [];
  const theirs: EpochFigures[] = [];
  const args = [folder, threads, batch, epochs].map(String);
  for (let run = 0; run < runs; run++) {
    ours.push(runJson<OurEpochFigures>(process.execPath, [...child('epochs'), ...args]));
    theirs.push(runJson<EpochFigures>(python, [peer, 'epochs', ...args]));
  }
  // The first epoch of a process warms it: compilers here, allocators there.
  const later = (figures: readonly EpochFigures[]) => figures.map((each) => median(each.epochSeconds.slice(1)));
  const first = (figures: readonly EpochFigures[]) => figures.map((each) => each.epochSeconds[0] as number);
  const named = `50k×60, batch ${batch}, ${threads} thread${threads > 1 ? 's' : ''}`;
  const rows = [
    compare({ name: `epoch ${named}`, unit: 's', ours: later(ours), peer: later(theirs), must: 1, aim: 2 }),
    compare({
      name: `first epoch ${named}`,
      unit: 's',
      ours: first(ours),
      peer: first(theirs),
      why: 'of a fresh process',
    }),
  ];
  if (threads > 1) return rows;
  const peerRates = theirs.map((each) => each.scoredPerSecond);
  const rate = { unit: 'rows/s', peer: peerRates, biggerIsBetter: true };
  return [
    ...rows,
    compare({
      ...rate,
      name: 'score encoded rows, 1 thread',
      ours: ours.map((each) => each.scoredPerSecond),
      must: 0.5,
      aim: 1,
      why: 'our exact kernel and PyTorch in eval mode by 4096, both on float32 rows standardised before',
    }),
    compare({
      ...rate,
      name: 'score a frame, 1 thread',
      ours: ours.map((each) => each.framePerSecond),
      why: 'ours also reads float64 columns, standardises and cuts; PyTorch as above',
    }),
  ];
}

function fitRow(python: string, folder: string, threads: number, runs: number): BenchRow {
  const ours: FitFigures[] = [];
  const theirs: FitFigures[] = [];
  const args = [folder, threads].map(String);
  for (let run = 0; run < runs; run++) {
    ours.push(runJson<FitFigures>(process.execPath, [...child('fit'), ...args]));
    theirs.push(runJson<FitFigures>(python, [peer, 'fit', ...args]));
  }
  const aucOf = (figures: readonly FitFigures[]) => median(figures.map((each) => each.auc));
  const told = (figures: readonly FitFigures[]) =>
    `AUC ${aucOf(figures).toFixed(4)} after ${median(figures.map((each) => each.epochs))} epochs`;
  // A worse network sooner is no measurement.
  const isEqual = aucOf(ours) >= aucOf(theirs) - 0.001;
  return compare({
    name: `fit until early stopping, ${threads} thread${threads > 1 ? 's' : ''}`,
    unit: 's',
    ours: isEqual ? ours.map(({ seconds }) => seconds) : [],
    peer: theirs.map(({ seconds }) => seconds),
    ...(threads === 2 ? { must: 1.2, aim: 3 } : {}),
    why: `50k×60 raw columns to the best weights, the studio's defaults on both sides; ours ${told(ours)}, PyTorch ${told(theirs)}`,
  });
}

function unmeasured(): BenchRow[] {
  const none = (name: string, unit: string, must: number, aim: number | null, why: string): BenchRow => ({
    name,
    ours: null,
    peer: null,
    unit,
    ratio: null,
    must,
    aim,
    why,
  });
  return [
    none(
      'epoch against tfjs-wasm',
      's',
      5,
      10,
      '@tensorflow/tfjs-backend-wasm is not among the dependencies; tfjs on plain JavaScript is no peer',
    ),
    none('epoch 500k×60, batch 4096, WebGPU against our WASM', 's', 3, null, 'needs a hardware GPU in the browser'),
  ];
}
