import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, runJson, tabularPeers } from './harness/python.ts';
import { type Bench, type BenchFlags, compare, within } from './harness/row.ts';

/** Rows of the table: fewer to try the benchmark itself. */
export const flags: BenchFlags = { rows: { type: 'string', default: '1000000' } };

const script = 'bench/peers/batch.py';

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** A CSV of 60 columns scored to CSV by a LightGBM model: the terminal against pandas and pyarrow, whole processes, interleaved. */
export const bench: Bench = async ({ runs, flags: { rows = '1000000' } }) => {
  const python = pythonWith('tabular', tabularPeers);
  const work = 'artifacts/bench/batch';
  mkdirSync(work, { recursive: true });
  try {
    const { megabytes } = runJson<{ megabytes: number }>(python, [script, 'make', work, String(rows)]);
    const measure = (command: readonly string[]) => runJson<Measured>(python, [script, 'measure', ...command]);
    const out = join(work, 'ours');
    const score = ['--import', 'tsx', 'scripts/propensity.ts', 'score', '--quiet', '--output', out];
    const ours: Measured[] = [];
    const pandas: Measured[] = [];
    const pyarrow: Measured[] = [];
    for (let run = 0; run < runs; run++) {
      pandas.push(measure([python, script, 'pandas', work]));
      pyarrow.push(measure([python, script, 'pyarrow', work]));
      ours.push(
        measure([process.execPath, ...score, '--input', join(work, 'table.csv'), '--model', join(work, 'model.txt')]),
      );
    }
    const checked = runJson<{ worst: number; changed: number; rows: number }>(python, [
      script,
      'compare',
      work,
      join(out, 'scores.csv'),
    ]);
    const seconds = (of: readonly Measured[]) => of.map((each) => each.seconds);
    const memory = (of: readonly Measured[]) => of.map((each) => each.megabytes);
    const table = `${rows} rows × 60, ${Math.round(megabytes)} MB, 200 trees × 31 leaves, both with two threads`;
    const time = { unit: 's', ours: seconds(ours), why: table };
    return [
      compare({ ...time, name: 'CSV scored to CSV, pandas', peer: seconds(pandas), must: 5, aim: 10 }),
      compare({ ...time, name: 'CSV scored to CSV, pyarrow', peer: seconds(pyarrow), must: 1.5, aim: 3 }),
      compare({
        name: 'peak memory, pandas',
        unit: 'MB',
        ours: memory(ours),
        peer: memory(pandas),
        must: 3,
        aim: 6,
        why: `pyarrow takes ${Math.round(Math.min(...memory(pyarrow)))} MB`,
      }),
      within('farthest from LightGBM', 'score', 1e-12, [checked.worst + Number.MIN_VALUE], `${checked.rows} rows`),
      within('input cells that changed', 'cells', 0.5, [checked.changed + Number.MIN_VALUE], 'none may'),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
