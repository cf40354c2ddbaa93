import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { chooseSmallStudy, drop, goTo, hashOf, openStudio, runEverything } from './studio.ts';

/** Every worker that the page starts, so that a test can end one from outside, as a browser short of memory does. */
async function collectWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const workers: { readonly name: string; readonly worker: Worker }[] = [];
    (globalThis as unknown as { startedWorkers: typeof workers }).startedWorkers = workers;
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push({ name: options?.name ?? '', worker: this });
      }
    };
  });
}

/** Enough trees that the training lasts some seconds and has been saved before its worker is ended. */
async function chooseLongTraining(page: Page, trees = 400): Promise<void> {
  await page.evaluate(async (count) => {
    const { actions, store } = window.studio.study;
    const { parameters } = store.getState().spec;
    actions.changeSpec({
      customers: 12_000,
      parameters: {
        ...parameters,
        boosting: { n_estimators: count, early_stopping_round: 0, bagging_fraction: 0.7, bagging_freq: 1 },
      },
    });
    await actions.makeCustomers();
    await actions.buildFeatures();
  }, trees);
}

test('a training worker ended in the middle is noticed, said, and replaced; the model has the bytes of an undisturbed one', async ({
  page,
  browser,
}) => {
  const calm = await browser.newPage();
  await openStudio(calm);
  await chooseLongTraining(calm);
  expect(await calm.evaluate(() => window.studio.study.actions.train(['boosting']))).toBe(true);
  const undisturbed = await hashOf(calm, 'exportModelText', {});
  await calm.close();

  await collectWorkers(page);
  await openStudio(page);
  await chooseLongTraining(page);
  await goTo(page, 'Train');
  await page.getByRole('button', { name: 'Train gradient boosting' }).click();
  await page.waitForFunction(() => (window.studio.study.store.getState().rounds.boosting?.at(-1)?.round ?? 0) > 200);
  const noticedMs = await page.evaluate(async () => {
    const { startedWorkers } = globalThis as unknown as { startedWorkers: { name: string; worker: Worker }[] };
    const ended = performance.now();
    for (const { name, worker } of startedWorkers) if (name.startsWith('training-boosting')) worker.terminate();
    while (!window.studio.study.store.getState().recoveries.boosting) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - ended;
  });
  expect(noticedMs).toBeLessThan(2_000);
  await expect(page.getByRole('main')).toContainText(/went on from round \d+/);
  await page.waitForFunction(() => window.studio.study.store.getState().tasks.boosting?.state === 'done', undefined, {
    timeout: 120_000,
  });
  const rounds = await page.evaluate(() => window.studio.study.store.getState().models.boosting?.rounds ?? []);
  expect(rounds.map(({ round }) => round)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  expect(await hashOf(page, 'exportModelText', {})).toBe(undisturbed);
});

test('a training stopped early keeps its best trees, and the study goes on with them', async ({ page }) => {
  await openStudio(page);
  await chooseLongTraining(page, 8000);
  await goTo(page, 'Train');
  await page.getByRole('button', { name: 'Train gradient boosting' }).click();
  await page.waitForFunction(() => (window.studio.study.store.getState().rounds.boosting?.length ?? 0) > 50);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Stop, keep best/ })
    .click();
  await page.waitForFunction(() => window.studio.study.store.getState().evaluation !== undefined);
  const model = await page.evaluate(() => window.studio.study.store.getState().models.boosting);
  expect(model?.rounds.length).toBeGreaterThan(50);
  expect(model?.rounds.length).toBeLessThan(8000);
});

test('a dropped model.txt stands beside one’s own models, is explained and scores', async ({ page }, info) => {
  await openStudio(page);
  await chooseSmallStudy(page);
  await runEverything(page);
  await goTo(page, 'Evaluate');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download model.txt (LightGBM)' }).click(),
  ]);
  const path = info.outputPath('model.txt');
  await saved.saveAs(path);
  await drop(page, 'theirs.txt', readFileSync(path), 'import');
  const rowOf = (name: string) => page.getByRole('table').first().getByRole('row', { name });
  await expect(rowOf('theirs.txt')).toBeVisible();
  const aucs = await page.evaluate(() => {
    const models = window.studio.study.store.getState().evaluation?.models ?? [];
    return ['boosting', 'imported'].map((kind) => models.find((model) => model.kind === kind)?.metrics.auc.value);
  });
  expect(aucs[1]).toBe(aucs[0]);
  await goTo(page, 'Explain');
  await page.getByText('theirs.txt', { exact: true }).click();
  await expect(page.locator('[data-figure="waterfall"]')).toBeVisible();
  await goTo(page, 'Score');
  await expect(page.locator('[data-verdict]')).toContainText('theirs.txt is ready');
  await page.getByText('Gradient boosting of this study').click();
  await expect(page.locator('[data-verdict]')).toContainText('Gradient boosting of this study is ready');

  const foreign = readFileSync(path, 'utf8').replace(/^feature_names=\S+/m, 'feature_names=shoe_size');
  await drop(page, 'other.txt', new TextEncoder().encode(foreign), 'import');
  await expect(page.getByRole('alert').first()).toContainText('"shoe_size"');
});
