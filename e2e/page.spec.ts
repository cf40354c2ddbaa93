import { expect, test } from '@playwright/test';
import { toParquet } from '../src/adapters/any/parquet.ts';
import { makeCustomers } from '../src/core/data/customers/make-customers.ts';
import { chooseSmallStudy, drop, goTo, openStudio, runEverything } from './studio.ts';

test('a dropped Parquet file is read, filtered by a column, and shown without others', async ({ page }) => {
  await openStudio(page);
  const { frame } = await makeCustomers({ scenario: 'ecommerce', customers: 1_500, seed: 3 });
  await drop(page, 'customers.parquet', await toParquet(frame));
  await expect(page.getByRole('main')).toContainText('1,500');
  await page.getByRole('tab', { name: 'Rows' }).click();
  const table = page.getByRole('region', { name: 'Rows of customers' });
  await page.getByLabel('Filter by').selectOption('customer_id');
  await page.getByLabel('Holds').fill('0000012');
  await expect(page.getByRole('status').filter({ hasText: 'of 1,500 rows' })).toBeVisible();
  await expect(table.getByRole('cell', { name: 'CUST_0000012' })).toBeVisible();
  await expect(table.getByRole('cell', { name: 'CUST_0000013' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('age', { exact: true }).uncheck();
  await expect(table.getByRole('columnheader', { name: 'age', exact: true })).toHaveCount(0);
  await expect(table.getByRole('columnheader', { name: 'customer_id', exact: true })).toHaveCount(1);
});

test('a table with dates asks on which day it was taken, and counts from there', async ({ page }) => {
  await openStudio(page);
  const lines = Array.from(
    { length: 400 },
    (_, i) => `${i},${20 + (i % 50)},2024-0${1 + (i % 9)}-15,${i % 7 === 0 ? 'yes' : 'no'}`,
  );
  await drop(page, 'dated.csv', new TextEncoder().encode(['no,age,joined,bought', ...lines].join('\n')));
  await expect(page.getByRole('heading', { name: 'On which day was this table taken?' })).toBeVisible();
  await page.getByLabel('Snapshot day').fill('2025-01-01');
  await page.getByRole('button', { name: 'Count dates from this day' }).click();
  await expect(page.getByRole('heading', { name: 'On which day was this table taken?' })).toHaveCount(0);
  expect(await page.evaluate(() => window.studio.study.store.getState().dataset?.asOf)).toBe('2025-01-01');
});

test('who is excluded is not contacted; leaving with unsaved models warns; the palette goes anywhere', async ({
  page,
}) => {
  await openStudio(page);
  await chooseSmallStudy(page, 3_000);
  await runEverything(page);
  await goTo(page, 'Decide');
  const decision = () => page.evaluate(() => window.studio.study.store.getState().decision);
  const before = await decision();
  await page.getByLabel('Column', { exact: true }).selectOption('age');
  await page.getByLabel('From', { exact: true }).fill('40');
  await page.getByRole('button', { name: 'Leave these out' }).click();
  await expect.poll(async () => (await decision())?.excluded ?? 0).toBeGreaterThan(0);
  expect((await decision())?.contacts.value).toBeLessThan(before?.contacts.value ?? 0);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('go mon');
  await page.keyboard.press('Enter');
  await expect(page.locator('main[data-page="monitor"]')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: 'Command' })).toHaveCount(0);

  const asked = page.waitForEvent('dialog');
  void page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  expect(await page.evaluate(() => window.studio.study.store.getState().unsaved)).toBe(true);
});

test('trained models open up: coefficients with their intervals, points to add up by hand, the network’s layers', async ({
  page,
}) => {
  await openStudio(page);
  await chooseSmallStudy(page, 1_500);
  await goTo(page, 'Train');
  await page.getByRole('tab', { name: 'Coefficients' }).click();
  await expect(page.getByRole('heading', { name: 'No logistic regression yet' })).toBeVisible();
  await runEverything(page);
  await expect(page.locator('main[data-page="evaluate"]')).toBeVisible();
  await goTo(page, 'Train');
  await page.getByRole('tab', { name: 'Coefficients' }).click();
  await expect(page.locator('[data-figure="coefficients"]')).toBeVisible();
  await page.getByText('Refit under the training weights').click();
  await expect(page.getByText('Standard errors are robust (HC0)')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Coefficients' }).getByRole('cell', { name: 'intercept' }),
  ).toBeVisible();
  await page.getByRole('tab', { name: 'Scorecard' }).click();
  await expect(page.locator('[data-figure="information-value"]')).toBeVisible();
  await page.getByRole('tab', { name: 'Network' }).click();
  await expect(page.getByRole('region', { name: 'Layers' }).getByRole('cell', { name: 'Output' })).toBeVisible();
  await expect(page.locator('[data-figure="gradient-norm"]')).toBeVisible();
});

test('nothing moves for those who asked for less motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStudio(page);
  const longest = await page.evaluate(() => {
    window.studio.study.store.setState({
      runningEverything: true,
      tasks: { data: { state: 'running', name: 'Making customers', progress: { fraction: 0.5, stage: 'half' } } },
    });
    return new Promise<number>((resolve) => {
      requestAnimationFrame(() => {
        const seconds = [...document.querySelectorAll('*')].flatMap((element) => {
          const { animationDuration, animationName, transitionDuration } = getComputedStyle(element);
          const animated = animationName === 'none' ? '0s' : animationDuration;
          return [animated, transitionDuration].flatMap((each) => each.split(',').map(Number.parseFloat));
        });
        resolve(Math.max(...seconds));
      });
    });
  });
  expect(longest).toBeLessThan(0.001);
});
