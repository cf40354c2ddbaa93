import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { zipFiles } from '../../src/adapters/any/zip.ts';
import { writeCsv } from '../../src/core/data/csv/write-csv.ts';
import { type Column, createFrame, type Frame } from '../../src/core/data/frame.ts';
import { referenceKernels } from '../../src/core/kernels/kernels.ts';
import { scoreWindow } from '../../src/core/monitoring/score-window.ts';
import { makeReferenceWindow } from '../../src/core/monitoring/window.ts';
import { createBundle, writeBundle } from '../../src/core/scoring/bundle.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { tinyBundle, tinyCustomers } from '../../src/testing/golden/bundle-fixture.ts';
import { command } from './monitor.ts';

const rowCount = 1500;
const stay = new AbortController().signal;
let folder: string;
const path = (name: string): string => join(folder, name);

/** Outcomes drawn from the tiny bundle's own probabilities. */
async function withOutcomes(
  frame: Frame,
  seed: number,
): Promise<{ readonly frame: Frame; readonly labels: Int8Array }> {
  const random = createRandom(seed);
  const { scores } = await scoreWindow(tinyBundle('boosting'), frame, { kernels: referenceKernels });
  const labels = Int8Array.from(scores.probability, (chance) => (random.next() < chance ? 1 : 0));
  const bought: Column = { kind: 'category', name: 'bought', levels: ['no', 'yes'], codes: Int32Array.from(labels) };
  return { frame: createFrame([...frame.columns, bought]), labels };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitor-'));
  const { manifest, golden: _, ...parts } = tinyBundle('boosting');
  const reference = await withOutcomes(tinyCustomers(rowCount, 1), 1);
  const { features, scores } = await scoreWindow(tinyBundle('boosting'), reference.frame, {
    kernels: referenceKernels,
  });
  const referenceWindow = makeReferenceWindow({
    features,
    rows: Uint32Array.from(reference.labels.keys()),
    propensity: scores.propensity,
    outcomes: { labels: reference.labels, probability: scores.probability, cut: 0.55 },
  });
  await writeFile(path('bundle.zip'), zipFiles(writeBundle(createBundle(manifest, { ...parts, referenceWindow }))));
  const later = await withOutcomes(tinyCustomers(rowCount, 2), 2);
  await writeFile(path('later.csv'), writeCsv(later.frame));
  const aged = later.frame.columns.map((column) =>
    column.kind === 'number' && column.name === 'age'
      ? { ...column, values: column.values.map((age) => Math.min(95, age + 15)) }
      : column,
  );
  await writeFile(path('aged.csv'), writeCsv(createFrame(aged)));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
});

const run = (current: string, ...more: readonly string[]) =>
  command.run(
    ['--reference', path('bundle.zip'), '--current', path(current), '--out', path('out'), '--quiet', ...more],
    stay,
  );

test('customers like those of the reference raise no alert, and every file is written', async () => {
  await run('later.csv', '--labels', path('later.csv'), '--group', 'region');
  expect(process.exitCode).toBeUndefined();
  expect((await readdir(path('out'))).sort()).toEqual([
    'alert-rules.yml',
    'assessment.json',
    'drift.csv',
    'metrics.prom',
    'report.html',
    'state.json',
  ]);
  const assessment = JSON.parse(await readFile(path('out/assessment.json'), 'utf8'));
  expect(assessment.performance.all.rows).toBe(rowCount);
  expect(assessment.groups[0].groups.length).toBe(4);
  expect(assessment.verdict.significant).toEqual([]);
});

test('a moved column fires, exits with 4, is told once, stays firing, and is resolved by the next good week', async () => {
  await run('aged.csv', '--name', 'week 2');
  expect(process.exitCode).toBe(4);
  const state = async () => JSON.parse(await readFile(path('out/state.json'), 'utf8'));
  const events = async () => (await state()).history.map((each: { events: readonly object[] }) => each.events.length);
  expect(await events()).toEqual([0, 1]);
  await run('aged.csv', '--name', 'week 3');
  expect(process.exitCode).toBe(4);
  expect(await events()).toEqual([0, 1, 0]);
  process.exitCode = undefined;
  await run('later.csv', '--name', 'week 4');
  expect(process.exitCode).toBeUndefined();
  expect((await state()).history.at(-1).events).toMatchObject([{ rule: 'Features drifted', change: 'resolved' }]);
  expect(await readFile(path('out/report.html'), 'utf8')).toContain('Drift by feature and window');
});

test('a mistake in the rules is told with its line, a missing flag by its name, and nothing is written', async () => {
  await writeFile(path('rules.yaml'), 'rules:\n  - name: a\n    figure: nonsense\n    above: 1\n');
  await expect(run('later.csv', '--rules', path('rules.yaml'))).rejects.toThrow('Line 3');
  await expect(command.run(['--reference', path('bundle.zip')], stay)).rejects.toThrow('--current is missing');
  expect((await readdir(path('out'))).filter((name) => name.endsWith('.partial'))).toEqual([]);
});
