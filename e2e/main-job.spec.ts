import { readFileSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makeCustomers } from '../src/core/data/customers/make-customers.ts';
import { writeCsv } from '../src/core/data/csv/write-csv.ts';
import { chooseSmallStudy, goTo, openStudio, runEverything } from './studio.ts';

test('from sample customers to a contact list, an explained customer, scores, drift and a bundle that opens again', async ({
  page,
}, info) => {
  await openStudio(page);
  await chooseSmallStudy(page);
  await runEverything(page);

  await goTo(page, 'Evaluate');
  await expect(page.getByRole('main')).toContainText('AUC');
  await expect(page.locator('[data-figure="roc"]')).toBeVisible();

  await goTo(page, 'Decide');
  const [list] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the list' }).click(),
  ]);
  const listPath = info.outputPath('contacts.csv');
  await list.saveAs(listPath);
  const lines = readFileSync(listPath, 'utf8').trim().split(/\r?\n/);
  expect(lines).toHaveLength(6_001);
  expect(lines[0]).toBe(
    'customer_id,rank,propensity_score,conversion_probability,band,contact,control,trained_on,model_version,cut',
  );

  await goTo(page, 'Explain');
  await expect(page.locator('[data-figure="waterfall"]')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/residual/i);
  const residual = await page.evaluate(
    async () => (await window.studio.host.study.explainCustomer({ row: 3 })).residual,
  );
  expect(residual).toBeLessThan(1e-9);

  await goTo(page, 'Score');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save bundle', exact: true }).click(),
  ]);
  const bundlePath = info.outputPath('bundle.zip');
  await saved.saveAs(bundlePath);

  const tablePath = info.outputPath('others.csv');
  const { frame } = await makeCustomers({ scenario: 'ecommerce', customers: 1_000, seed: 11 });
  writeFileSync(tablePath, writeCsv({ ...frame, columns: frame.columns.filter(({ name }) => name !== 'converted') }));
  await page.getByLabel('Choose customers to score').setInputFiles(tablePath);
  await expect(page.getByRole('main')).toContainText('1,000 customers scored');
  const fromStudy = await page.evaluate(scoresOf);

  // A newcomer opens the bundle in a fresh page and gets the same bits.
  const other = await page.context().newPage();
  await openStudio(other, '#/score');
  await other.locator('input[type=file][accept=".zip"]').first().setInputFiles(bundlePath);
  await other.getByLabel('Choose customers to score').setInputFiles(tablePath);
  await expect(other.getByRole('main')).toContainText('1,000 customers scored');
  expect(await other.evaluate(scoresOf)).toBe(fromStudy);
  await other.close();

  await goTo(page, 'Monitor');
  await page.getByLabel('Choose customers to compare').setInputFiles(tablePath);
  await expect(page.locator('[data-figure="psi"]')).toBeVisible();
});

test('every page and tab can be used by keyboard and screen reader as far as axe can tell, in both themes', async ({
  page,
}) => {
  await openStudio(page);
  await chooseSmallStudy(page, 3_000);
  await runEverything(page);
  const found: string[] = [];
  const check = async (place: string) => {
    await atRest(page);
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa'])
      .exclude('.main-svg')
      .analyze();
    found.push(...violations.map(({ id, nodes }) => `${place}: ${id} at ${nodes[0]?.target.join(' ')}`));
  };
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const name of ['Data', 'Features', 'Train', 'Evaluate', 'Explain', 'Decide', 'Score', 'Monitor']) {
      await goTo(page, name);
      await check(`${name}, ${theme}`);
      // The other tabs are made of the same parts: each is looked at once, in the theme that is harder to get right.
      const tabs = theme === 'dark' ? await page.getByRole('tab', { selected: false }).allTextContents() : [];
      for (const tab of tabs) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await check(`${name}, ${tab}`);
      }
    }
  }
  expect(found).toEqual([]);
});

test('stopping a training answers at once and leaves the study open', async ({ page }) => {
  await openStudio(page);
  await page.getByLabel('Customers', { exact: true }).fill('20000');
  await page.getByLabel('Customers', { exact: true }).blur();
  await page.getByRole('button', { name: 'Run everything' }).click();
  await page
    .getByRole('button', { name: /^Stop: Training/ })
    .first()
    .click({ timeout: 120_000 });
  const stopped = await page.evaluate(async () => {
    const started = performance.now();
    while (window.studio.study.store.getState().runningEverything)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - started;
  });
  expect(stopped).toBeLessThan(250);
  expect(await page.evaluate(() => window.studio.study.store.getState().dataset?.rowCount)).toBe(20_000);
});

/** Waits until nothing is running any more and what was moving stands still. */
async function atRest(page: Page): Promise<void> {
  await page.waitForTimeout(400);
  await page.waitForFunction(() =>
    Object.values(window.studio.study.store.getState().tasks).every((task) => task?.state !== 'running'),
  );
}

/** The scored table's preview, as one text: every bit of a score shows in its digits. */
async function scoresOf(): Promise<string> {
  const cells = [...document.querySelectorAll('main [role="table"], main table')].map((table) => table.textContent);
  return cells.join('|');
}
