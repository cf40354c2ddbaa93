import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../scripts/setup/browser.ts';
import { startPreview } from '../scripts/setup/preview-server.ts';
import { bench as prediction } from './boosting-predict.ts';
import { trainInPage } from './boosting/in-page.ts';
import type { TableFacts, TrainingFigures } from './boosting/job.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchFlags, type BenchRow, compare, median } from './harness/row.ts';

export const flags: BenchFlags = { bank: { type: 'string' } };

const peer = 'bench/peers/boosting.py';
const rounds = 200;

interface Job {
  readonly name: string;
  readonly folder: string;
  readonly facts: TableFacts;
  readonly leaves: number;
  readonly runs: number;
  /** Whether issue figures are asked of it; the others are told only. */
  readonly isAsked: boolean;
}

/** Training against LightGBM from PyPI: the same tables and parameters, fresh processes, interleaved. */
export const bench: Bench = async ({ full, runs, flags: { bank } }) => {
  const python = pythonWith('tabular', tabularPeers);
  const work = 'artifacts/bench/boosting';
  mkdirSync(work, { recursive: true });
  const executable = findBrowser();
  const { url, server } = await startPreview();
  try {
    const make = (folder: string, ...args: (string | number)[]) =>
      runJson<TableFacts>(python, [peer, ...args.map(String).toSpliced(2, 0, join(work, folder))]);
    const table = (name: string, kind: string, rows: number) => ({
      name,
      folder: join(work, name),
      facts: make(name, 'make', kind, rows),
    });
    const jobs: Job[] = [
      { ...table('50k×60', 'numbers', 62_500), leaves: 31, runs, isAsked: true },
      { ...table('500k×60', 'numbers', 625_000), leaves: 31, runs: Math.min(2, runs), isAsked: true },
    ];
    if (full) {
      jobs.push({ ...(jobs[0] as Job), name: '50k×60, 255 leaves', leaves: 255, isAsked: false });
      jobs.push({ ...table('1M×30', 'categories', 1_250_000), leaves: 31, runs: 1, isAsked: false });
    }
    if (bank) {
      const facts = make('bank', 'bank', String(bank));
      jobs.push({ name: 'bank', folder: join(work, 'bank'), facts, leaves: 31, runs, isAsked: false });
    }
    const rows: BenchRow[] = [];
    for (const job of jobs) rows.push(...(await trainingRows(job, python, { executable, url })));
    rows.push(...(await prediction({ full, runs, flags: {} })));
    return rows;
  } finally {
    await server.close();
    rmSync(work, { recursive: true, force: true });
  }
};

interface Sides {
  readonly node: TrainingFigures[];
  readonly page: number[];
  readonly lightgbm: TrainingFigures[];
  readonly quantised: TrainingFigures[];
}

async function trainingRows(
  { name, folder, facts, leaves, runs, isAsked }: Job,
  python: string,
  { executable, url }: { readonly executable: string; readonly url: string },
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const threads of [1, 2]) {
    const sides: Sides = { node: [], page: [], lightgbm: [], quantised: [] };
    const args = [folder, threads, leaves, rounds].map(String);
    for (let run = 0; run < runs; run++) {
      sides.node.push(
        runJson<TrainingFigures>(process.execPath, ['--import', 'tsx', 'bench/boosting/train.child.ts', ...args]),
      );
      sides.lightgbm.push(runJson<TrainingFigures>(python, [peer, 'train', ...args]));
      sides.page.push(await trainInPage(executable, url, folder, facts, { threads, leaves, rounds }));
      sides.quantised.push(runJson<TrainingFigures>(python, [peer, 'train', ...args, 'quantised']));
    }
    console.log(`${name}, ${threads} thread(s): ${describe(sides)}`);
    rows.push(...rowsOf(`${name}, ${threads} thread${threads > 1 ? 's' : ''}`, threads, sides, isAsked));
  }
  return rows;
}

function rowsOf(name: string, threads: number, sides: Sides, isAsked: boolean): BenchRow[] {
  const { node, page, lightgbm, quantised } = sides;
  const totals = (figures: readonly TrainingFigures[]) => figures.map(({ total }) => total);
  const aucOf = (figures: readonly TrainingFigures[]) => (figures[0]?.auc ?? Number.NaN).toFixed(5);
  const asked = (must: number, aim: number) => (isAsked ? { must, aim } : {});
  const trained = asked(threads === 1 ? 1.9 : 1.8, 3);
  const auc = `AUC ours ${aucOf(node)}, peer ${aucOf(lightgbm)}`;
  const memory = (key: 'peakMb' | 'grownMb') => ({
    unit: 'MB',
    ours: node.map((each) => each[key]),
    peer: lightgbm.map((each) => each[key]),
  });
  return [
    compare({
      name: `train ${name}, Node`,
      unit: 's',
      ours: totals(node),
      peer: totals(lightgbm),
      ...trained,
      why: `first training of a fresh process, binning included; ${auc}`,
    }),
    compare({
      name: `train ${name}, Chromium`,
      unit: 's',
      ours: page,
      peer: totals(lightgbm),
      ...trained,
      why: 'the page’s first training, which its own warm-up precedes; binning included',
    }),
    compare({
      name: `train ${name}, against quantised`,
      unit: 's',
      ours: totals(node),
      peer: totals(quantised),
      ...asked(1.2, 2),
      why: `LightGBM with use_quantized_grad, AUC ${aucOf(quantised)}; ours in Node, AUC ${aucOf(node)}`,
    }),
    compare({
      name: `binning ${name}`,
      unit: 's',
      ours: node.map(({ binning }) => binning),
      peer: lightgbm.map(({ binning }) => binning),
      ...asked(1, 2),
      why: 'float64 columns to bins in place; LightGBM’s Dataset construction',
    }),
    compare({
      name: `peak memory ${name}`,
      ...memory('peakMb'),
      ...(name.startsWith('500k') ? asked(1, 2) : {}),
      why: 'resident, of the whole process, the float64 table included on both sides',
    }),
    compare({
      name: `memory added ${name}`,
      ...memory('grownMb'),
      why: 'the peak less what was resident before training, when the table was read',
    }),
  ];
}

function describe({ node, page, lightgbm, quantised }: Sides): string {
  const seconds = (values: readonly number[]) => median(values).toFixed(2);
  const total = (figures: readonly TrainingFigures[]) => seconds(figures.map((each) => each.total));
  return `Node ${total(node)} s, Chromium ${seconds(page)} s, LightGBM ${total(lightgbm)} s, quantised ${total(quantised)} s`;
}
