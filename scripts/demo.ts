// The whole main job in a real browser, from customers to a list of whom to contact; everything is saved under artifacts/.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright';
import type { CrossValidation } from '../src/core/jobs/study-contract.ts';
import { modelKinds } from '../src/core/models/model.ts';
import { checkHttp } from './demo/check-http.ts';
import {
  chooseSample,
  download,
  goTo,
  openOwnTable,
  openStudio,
  photographFigures,
  runEverything,
  saveBundle,
  saveJobFile,
} from './demo/drive.ts';
import { longestTasks } from './demo/long-tasks.ts';
import { watchRendererMemory } from './demo/memory.ts';
import { metricsOf, printMetrics } from './demo/metrics.ts';
import { type DemoOptions, readOptions } from './demo/options.ts';
import { writeSecondTable } from './demo/second-table.ts';
import { buildAll } from './setup/build.ts';
import { findBrowser } from './setup/browser.ts';
import { startPreview } from './setup/preview-server.ts';

async function demo(options: DemoOptions): Promise<void> {
  const out = resolve(options.out);
  const at = (name: string) => join(out, name);
  const say = (line: string) => console.log(line);
  for (const name of ['bundles', 'charts']) {
    rmSync(at(name), { recursive: true, force: true });
    mkdirSync(at(name), { recursive: true });
  }
  process.env['PROPENSITY_BUNDLE'] = at('bundles/boosting.zip');

  const executable = findBrowser();
  say('Building the kernels and the page …');
  await buildAll();
  const { url, server } = await startPreview();
  const { browser, page, errors } = await openStudio(executable, url);
  try {
    say(
      options.data
        ? `Opening ${options.data} in ${url}`
        : `Making ${options.customers.toLocaleString('en')} customers in ${url}`,
    );
    const peakMemoryMb = await watchRendererMemory(browser);
    if (options.data) await openOwnTable(page, options);
    else await chooseSample(page, options);
    if (options.quick) await makeQuick(page);
    await runEverything(page, say);
    const timings = { ...(await longestTasks(page)), peakMemoryMb: peakMemoryMb() };
    const crossValidation = options.folds > 1 ? await crossValidate(page, options, say) : undefined;

    say('Photographing the charts …');
    const charts = await photographAll(page, at('charts'));

    say('Saving customers, features, models, list and report …');
    await goTo(page, 'decide');
    await download(page, 'Download the list', at('contacts.csv'));
    await saveJobFile(page, at('customers.parquet'), 'exportTable', { what: 'customers', format: 'parquet' });
    await saveJobFile(page, at('features.parquet'), 'exportTable', { what: 'features', format: 'parquet' });
    for (const kind of modelKinds) await saveBundle(page, kind, at(`bundles/${kind}.zip`));
    await saveJobFile(page, at('model.txt'), 'exportModelText', {});
    await saveJobFile(page, at('report.html'), 'report', {});
    await saveJobFile(page, at('explanation.html'), 'explanationReport', { rows: [] });

    say('Scoring and comparing a second table of customers …');
    const second = await writeSecondTable(options, at('second-table.csv'));
    charts.push(...(await scoreAndCompare(page, second, out)));

    if (!options.data && options.scenario === 'ecommerce') {
      say('Asking the HTTP API …');
      await checkHttp(url, at('bundles/boosting.zip'));
    }

    const state = await page.evaluate(() => {
      const { dataset, features, evaluation } = window.studio.study.store.getState();
      return { dataset, features, evaluation, stages: window.studio.study.timings.stages };
    });
    if (!state.dataset || !state.features || !state.evaluation) throw new Error('The page has no results to report.');
    const metrics = metricsOf({
      seed: options.seed,
      dataset: state.dataset,
      features: state.features,
      evaluation: state.evaluation,
      stages: state.stages,
      ...timings,
      ...(crossValidation ? { crossValidation } : {}),
    });
    writeFileSync(at('metrics.json'), `${JSON.stringify(metrics, null, 1)}\n`);
    if (errors.length > 0) throw new Error(`The page reported an error: ${errors[0]}`);
    printMetrics(metrics, state.evaluation);
    say(`Stages: ${metrics.stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(2)} s`).join(', ')}`);
    say(
      `Longest task of the page while training ${Math.round(metrics.longestTaskMs)} ms, while drawing ${Math.round(metrics.longestDrawMs)} ms; peak memory ${metrics.peakMemoryMb === null ? 'not told by this system' : `${Math.round(metrics.peakMemoryMb)} MB`}.`,
    );
    say(`${charts.length} charts and everything else: ${out}\nOpen ${at('report.html')}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Smaller models for continuous integration: the same path in less time. */
function makeQuick(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { actions, store } = window.studio.study;
    const { parameters } = store.getState().spec;
    actions.changeSpec({
      parameters: {
        ...parameters,
        boosting: { ...parameters.boosting, n_estimators: 60 },
        neural: { ...parameters.neural, epochs: 4 },
      },
    });
  });
}

async function crossValidate(
  page: Page,
  { folds, seeds }: DemoOptions,
  say: (line: string) => void,
): Promise<CrossValidation> {
  say(`Cross-validating: ${folds} folds, ${seeds} seeds …`);
  return page.evaluate(
    async (input) => {
      const { host, study } = window.studio;
      return host.study.crossValidate({ ...input, parameters: study.store.getState().spec.parameters });
    },
    { folds, seeds },
  );
}

/** The pages whose figures are photographed, with the tabs that show one each. */
const views: readonly [string, string][] = [
  ['evaluate', '?tab=roc'],
  ['evaluate', '?tab=precision-recall'],
  ['evaluate', '?tab=calibration'],
  ['evaluate', '?tab=gains'],
  ['evaluate', '?tab=lift'],
  ['evaluate', '?tab=score-distribution'],
  ['evaluate', '?tab=importance'],
  ['train', ''],
  ['decide', ''],
  ['explain', ''],
  ['explain', '?tab=everybody'],
  ['explain', '?tab=columns'],
  ['explain', '?tab=columns&effect=change'],
  ['explain', '?tab=groups'],
];

async function photographAll(page: Page, folder: string): Promise<string[]> {
  const charts = new Set<string>();
  for (const [id, params] of views) {
    await goTo(page, id, params);
    for (const name of await photographFigures(page, folder)) charts.add(name);
  }
  return [...charts];
}

async function scoreAndCompare(page: Page, table: string, out: string): Promise<string[]> {
  await goTo(page, 'score');
  await page.locator('main input[type=file][accept*=csv]').first().setInputFiles(table);
  await download(page, 'Download scores', join(out, 'scores.csv'));
  const charts = await photographFigures(page, join(out, 'charts'));
  await goTo(page, 'monitor');
  await page.locator('main input[type=file]').first().setInputFiles(table);
  charts.push(...(await photographFigures(page, join(out, 'charts'))));
  await download(page, 'Download the comparison', join(out, 'drift.csv'));
  return charts;
}

try {
  await demo(readOptions(process.argv.slice(2)));
  process.exit(0);
} catch (error) {
  console.error(`\nThe demo did not get through: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
