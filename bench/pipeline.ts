import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Page } from 'playwright';
import { chooseSample, openStudio, runEverything } from '../scripts/demo/drive.ts';
import { watchRendererMemory } from '../scripts/demo/memory.ts';
import { readOptions } from '../scripts/demo/options.ts';
import { findBrowser } from '../scripts/setup/browser.ts';
import { startPreview } from '../scripts/setup/preview-server.ts';
import { modelEntry } from '../src/core/models/catalogue.ts';
import { modelKinds } from '../src/core/models/model.ts';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchFlags, type BenchRow, compare } from './harness/row.ts';

const stages = ['customers', 'features', 'logistic', 'boosting', 'neural', 'evaluate', 'save'] as const;
type Stage = (typeof stages)[number];

interface Run {
  readonly seconds: Readonly<Record<Stage, number>>;
  /** What Python does not do: the decision and the refits. */
  readonly extraSeconds: number;
  readonly peakMemoryMb: number | null;
  readonly auc: Readonly<Record<string, number>>;
}

export const flags: BenchFlags = { customers: { type: 'string', default: '50000' } };

/** The page's main job in a fresh headless browser, stage by stage, against the same job in Python. */
export const bench: Bench = async ({ runs, flags: { customers } }) => {
  const options = readOptions(['--customers', String(customers)]);
  const python = pythonWith('pipeline', [...tabularPeers, 'torch==2.15.0']);
  const executable = findBrowser();
  const out = 'artifacts/bench/pipeline';
  mkdirSync(out, { recursive: true });
  const leaves = modelEntry('boosting').parameters.find(({ name }) => name === 'num_leaves')?.default;
  const threads = Math.min(8, availableParallelism());
  const { url, server } = await startPreview();
  const ours: Run[] = [];
  const peers: Run[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      ours.push(await runPage(executable, url, options));
      peers.push(
        readPeer(
          runJson<PeerAnswer>(python, [
            'bench/peers/pipeline.py',
            out,
            ...[options.customers, threads, leaves].map(String),
          ]),
        ),
      );
      console.log(
        `run ${run + 1} of ${runs}: ours ${describe(ours.at(-1))}\n${' '.repeat(12)}peer ${describe(peers.at(-1))}`,
      );
    }
  } finally {
    await server.close();
    rmSync(out, { recursive: true, force: true });
  }
  return [...stageRows(ours, peers), ...wholeRows(ours, peers)];
};

async function runPage(executable: string, url: string, options: ReturnType<typeof readOptions>): Promise<Run> {
  const { browser, page, errors } = await openStudio(executable, url);
  try {
    const peakMemoryMb = await watchRendererMemory(browser);
    await chooseSample(page, options);
    await runEverything(page, () => {});
    const save = await saveFiles(page);
    const { timings, auc } = await page.evaluate((kinds) => {
      const { timings: told, store } = window.studio.study;
      const models = store.getState().evaluation?.models ?? [];
      return {
        timings: told,
        auc: Object.fromEntries(
          kinds.map((kind) => [kind, models.find((each) => each.kind === kind)?.metrics.auc.value ?? Number.NaN]),
        ),
      };
    }, modelKinds);
    if (errors.length > 0) throw new Error(`The page reported an error: ${errors[0]}`);
    const stage = (name: string) => timings.stages.find((each) => each.name === name)?.seconds ?? Number.NaN;
    const [logistic, boosting, neural] = modelKinds.map((kind) => timings.models[kind] ?? Number.NaN) as [
      number,
      number,
      number,
    ];
    // Scoring every customer and calibrating come with accepting a model; where models train one after another, that is
    // what the training stage takes beyond the three.
    const accepted = Math.max(0, stage('train') - logistic - boosting - neural);
    return {
      seconds: {
        customers: stage('customers'),
        features: stage('features'),
        logistic,
        boosting,
        neural,
        evaluate: stage('evaluate') + accepted,
        save,
      },
      extraSeconds: stage('decide') + stage('confidence'),
      peakMemoryMb: peakMemoryMb(),
      auc,
    };
  } finally {
    await browser.close();
  }
}

/** Seconds to make the files that Python writes: both tables as Parquet and the trees as text. */
function saveFiles(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { study } = window.studio.host;
    const started = performance.now();
    for (const what of ['customers', 'features'] as const) await study.exportTable({ what, format: 'parquet' });
    await study.exportModelText({});
    return (performance.now() - started) / 1000;
  });
}

interface PeerAnswer {
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
  readonly peakMemoryMb: number;
  readonly auc: Readonly<Record<string, number>>;
}

function readPeer({ stages: told, peakMemoryMb, auc }: PeerAnswer): Run {
  const seconds = Object.fromEntries(told.map((stage) => [stage.name, stage.seconds])) as Record<Stage, number>;
  return { seconds, extraSeconds: 0, peakMemoryMb, auc };
}

const notAlike: Readonly<Record<Stage, string>> = {
  customers:
    'ours draws correlated customers with dates, messy cells and a known true chance, and profiles every column; numpy draws simpler ones',
  features: 'ours learns and applies a recipe, then profiles each feature and measures its power alone',
  logistic: 'ours chooses C on validation along a path and converges to 1e-6; scikit-learn fits C = 1',
  boosting: 'the same parameters and early stopping on different customers, so different numbers of trees',
  neural: 'the same layers, each with its own batch size, learning rate and patience, so different numbers of epochs',
  evaluate:
    'ours also scores every customer, calibrates three ways cross-fitted, bands 14 measures and tests the models pairwise',
  save: 'both write both tables as Parquet and model.txt; ours to memory, Python to disk',
};

function stageRows(ours: readonly Run[], peers: readonly Run[]): BenchRow[] {
  return stages.map((stage) =>
    compare({
      name: stage,
      unit: 's',
      ours: ours.map(({ seconds }) => seconds[stage]),
      peer: peers.map(({ seconds }) => seconds[stage]),
      why: notAlike[stage],
    }),
  );
}

function wholeRows(ours: readonly Run[], peers: readonly Run[]): BenchRow[] {
  const sum = ({ seconds }: Run) => stages.reduce((total, stage) => total + seconds[stage], 0);
  const memory = (runs: readonly Run[]) => runs.flatMap(({ peakMemoryMb }) => peakMemoryMb ?? []);
  const auc = (run: Run | undefined) =>
    Object.entries(run?.auc ?? {})
      .map(([kind, value]) => `${kind} ${value.toFixed(3)}`)
      .join(', ');
  const total = {
    unit: 's',
    ours: ours.map(sum),
    peer: peers.map(sum),
  };
  return [
    compare({
      ...total,
      name: 'total of these stages',
      why: `starting Chromium and importing the libraries are not counted; AUC ours ${auc(ours[0])}; peer ${auc(peers[0])}`,
    }),
    compare({
      ...total,
      name: 'total with refits and decision',
      ours: ours.map((run) => sum(run) + run.extraSeconds),
      why: 'the page also refits the best model on resampled customers (how sure the bands are) and works out profit; Python does neither',
    }),
    compare({
      name: 'peak memory',
      unit: 'MB',
      ours: memory(ours),
      peer: memory(peers),
      why: 'resident: the renderer process of the page, which holds its workers, against the Python process',
    }),
  ];
}

function describe(run: Run | undefined): string {
  return run ? stages.map((stage) => `${stage} ${run.seconds[stage].toFixed(2)}`).join(', ') : '';
}
