import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Browser, chromium, type Download, type Page } from 'playwright';
import type { Studio } from '../../src/app/studio-context.ts';
import type { ModelKind } from '../../src/core/models/model.ts';
import { findScenario } from '../../src/core/data/customers/catalogue.ts';
import { chromiumFlags } from '../setup/browser.ts';
import type { DemoOptions } from './options.ts';
import { watchLongTasks } from './long-tasks.ts';

declare global {
  interface Window {
    studio: Studio;
  }
}

export interface OpenPage {
  readonly browser: Browser;
  readonly page: Page;
  /** Uncaught errors of the page, in order. */
  readonly errors: readonly string[];
}

/** The studio in a fresh browser, with its chart library warm. */
export async function openStudio(executablePath: string, url: string): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // The TypeScript loader marks named functions with a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (target) => target');
  await watchLongTasks(page);
  await page.goto(url);
  await page.waitForFunction(() => window.studio?.study.timings.chartsReady, undefined, { timeout: 120_000 });
  return { browser, page, errors };
}

/** Fills in the sample's form, as a person would, without making the customers yet. */
export async function chooseSample(page: Page, options: DemoOptions): Promise<void> {
  await goTo(page, 'data');
  await page.getByRole('radio', { name: findScenario(options.scenario).label }).click();
  await fillNumber(page, 'Customers', options.customers);
  await fillNumber(page, 'Seed', options.seed);
}

/** Opens a person's own table and tells the studio what its columns are. */
export async function openOwnTable(page: Page, options: DemoOptions): Promise<void> {
  await goTo(page, 'data');
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(options.data as string);
  await waitForTask(page, 'data', 600_000);
  await page.evaluate(
    async ({ label, positive, exclude, id, asOf }) => {
      const { study } = window.studio;
      const dataset = study.store.getState().dataset;
      if (!dataset) throw new Error('The table was not opened.');
      const known = new Set(dataset.columns.map((column) => column.name));
      for (const name of [label, ...exclude, ...(id ? [id] : [])]) {
        if (name !== undefined && !known.has(name)) throw new Error(`The table has no column "${name}".`);
      }
      const candidate = dataset.labelCandidates.find(({ column }) => column === label);
      const yes = positive ?? candidate?.positive;
      if (label === undefined || yes === undefined) {
        throw new Error(`Which value of "${label}" means yes? Say --positive VALUE.`);
      }
      const roles = Object.fromEntries([
        ...exclude.map((name) => [name, 'ignore'] as const),
        ...(id ? [[id, 'id'] as const] : []),
      ]);
      await study.actions.assignRoles({ roles, label: { column: label, positive: yes }, ...(asOf ? { asOf } : {}) });
    },
    {
      label: options.label,
      positive: options.positive,
      exclude: [...options.exclude],
      id: options.id,
      asOf: options.asOf,
    },
  );
  await failOnTask(page, 'data');
}

/** One click, and the whole main job. Reports each new stage; throws the page's own words when something fails. */
export async function runEverything(page: Page, say: (line: string) => void): Promise<void> {
  await page.getByRole('button', { name: 'Run everything' }).click();
  let said = '';
  for (;;) {
    const { running, complete, stage, failure } = await page.evaluate(() => {
      const { store, timings } = window.studio.study;
      const state = store.getState();
      const tasks = Object.values(state.tasks);
      const active = tasks.flatMap((task) => (task?.state === 'running' ? [task.name] : []));
      const failed = tasks.flatMap((task) =>
        task?.state === 'failed' ? [`${task.name}: ${task.error.message} ${task.error.fix ?? ''}`] : [],
      );
      return {
        running: state.runningEverything,
        complete: timings.complete,
        stage: active.join(', '),
        failure: failed[0],
      };
    });
    if (failure) throw new Error(failure);
    if (stage && stage !== said) {
      say(`  ${stage} …`);
      said = stage;
    }
    if (complete) return;
    if (!running && said) throw new Error('The run ended before all was done.');
    await page.waitForTimeout(200);
  }
}

/** Goes to a page of the studio by its address. */
export async function goTo(page: Page, id: string, params = ''): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${id}${params}`);
  await page.waitForFunction(
    ({ id, params }) => {
      const [path, shown] = (document.querySelector('main')?.dataset['view'] ?? '').split('?');
      const own = new URLSearchParams(shown);
      return path === `#/${id}` && [...new URLSearchParams(params)].every(([name, value]) => own.get(name) === value);
    },
    { id, params },
    { timeout: 30_000 },
  );
}

/** The bars stay in sight and would lie over a figure taller than the window. */
const bars = '.top-bar, .task-bar { visibility: hidden !important; }';

/** Photographs every figure on show into `folder`; answers their names. */
export async function photographFigures(page: Page, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names: string[] = [];
  await page.locator('[data-figure]').first().waitFor({ timeout: 30_000 });
  await page.waitForFunction(() => document.querySelector('.explain-wait') === null, undefined, { timeout: 120_000 });
  const shown = page
    .locator('[data-figure]')
    .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['figure'] ?? ''));
  for (const id of await shown) {
    const figure = page.locator(`[data-figure="${id}"]`).first();
    await figure.locator('svg').first().waitFor({ timeout: 30_000 });
    // Live curves draw themselves as they go; plots say when they are done.
    await figure.locator('[data-drawn="false"]').waitFor({ state: 'detached', timeout: 30_000 });
    await figure.screenshot({ path: join(folder, `${id}.png`), animations: 'disabled', style: bars });
    names.push(id);
  }
  return names;
}

/** Presses a button that hands over a file, and keeps the file. */
export async function download(page: Page, button: string | RegExp, path: string): Promise<string> {
  const [file]: [Download, void] = await Promise.all([
    page.waitForEvent('download', { timeout: 300_000 }),
    page.getByRole('button', { name: button }).first().click(),
  ]);
  await file.saveAs(path);
  return file.suggestedFilename();
}

/** Saves a model's bundle as its button does: a model whose bands nobody has tested yet is refitted first. */
export async function saveBundle(page: Page, kind: ModelKind, path: string): Promise<void> {
  const [file]: [Download, void] = await Promise.all([
    page.waitForEvent('download', { timeout: 600_000 }),
    page.evaluate((model) => void window.studio.study.actions.saveBundle(model), kind),
  ]);
  await file.saveAs(path);
}

/** A file made by one of the study's jobs, written to `path`. */
export async function saveJobFile(
  page: Page,
  path: string,
  job: 'exportModelText' | 'report' | 'explanationReport' | 'exportTable' | 'contactList',
  input: unknown,
): Promise<void> {
  const base64 = await page.evaluate(
    async ({ name, given }) => {
      const jobs = window.studio.host.study as unknown as Record<
        string,
        (input: unknown) => Promise<{ bytes: Uint8Array<ArrayBuffer> }>
      >;
      const { bytes } = await (jobs[name] as (input: unknown) => Promise<{ bytes: Uint8Array<ArrayBuffer> }>)(given);
      return new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve((reader.result as string).split(',')[1] ?? '');
        reader.readAsDataURL(new Blob([bytes]));
      });
    },
    { name: job, given: input },
  );
  writeFileSync(path, Buffer.from(base64, 'base64'));
}

export async function waitForTask(page: Page, id: string, timeout: number): Promise<void> {
  await page.waitForFunction(
    (task) => {
      const tasks = window.studio.study.store.getState().tasks as Record<string, { state: string } | undefined>;
      const state = tasks[task]?.state;
      return state === 'done' || state === 'failed';
    },
    id,
    { timeout },
  );
  await failOnTask(page, id);
}

async function failOnTask(page: Page, id: string): Promise<void> {
  const failure = await page.evaluate((task) => {
    const tasks = window.studio.study.store.getState().tasks as Record<
      string,
      { state: string; error?: { message: string; fix?: string } } | undefined
    >;
    const found = tasks[task];
    return found?.state === 'failed' ? `${found.error?.message} ${found.error?.fix ?? ''}` : undefined;
  }, id);
  if (failure) throw new Error(`${failure} (${basename(id)})`);
}

async function fillNumber(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(String(value));
  await field.blur();
}
