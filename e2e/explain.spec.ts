import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { chooseSmallStudy, goTo, openStudio, runEverything } from './studio.ts';

test('all customers are drawn, brushed and picked from; a change is tried; the model is explained in a file', async ({
  page,
}) => {
  await openStudio(page);
  await chooseSmallStudy(page, 3_000);
  await runEverything(page);
  await goTo(page, 'Explain');
  const model = page.getByRole('radiogroup', { name: 'Model that is explained' });
  await model.getByText('Gradient boosting').click();

  await page.getByRole('tab', { name: 'All customers' }).click();
  const swarm = page.locator('[data-figure="beeswarm"]');
  await expect(swarm.locator('[data-drawn="true"]')).toBeVisible({ timeout: 60_000 });
  const picture = swarm.locator('.imagelayer image').first();
  const before = await picture.getAttribute('href');
  expect(before).toMatch(/^data:image\/png;base64,.{1000}/);

  // A drag over the scores selects, and the cloud follows.
  const scores = page.locator('[data-figure="scores"] .plot');
  await scores.scrollIntoViewIfNeeded();
  const box = (await scores.boundingBox()) as { x: number; y: number; width: number; height: number };
  await page.mouse.move(box.x + box.width * 0.4, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 90, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Show everybody' })).toBeVisible();
  await expect.poll(() => picture.getAttribute('href')).not.toBe(before);
  const shown = Number((await page.getByText(/^[\d,]+ shown$/).innerText()).replace(/\D/g, ''));
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThan(3_000);

  await page.getByRole('tab', { name: 'What if' }).click();
  await page.getByLabel('Which customers').selectOption('selected');
  await expect(page.getByText(`${shown.toLocaleString('en-US')} customers`, { exact: true })).toBeVisible();
  const verdict = page.locator('[data-verdict]');
  await expect(verdict).toContainText('As the customer is');
  await page.getByLabel('Website visits in 30 days').fill('12');
  await expect(verdict).toContainText('not what would happen if you changed it');
  await expect(page.getByText('changed', { exact: false }).first()).toBeVisible();

  for (const [tab, figure] of [
    ['Columns', 'dependence'],
    ['Groups', 'cohorts'],
    ['Several', 'decision'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.locator(`[data-figure="${figure}"] [data-drawn="true"]`)).toBeVisible({ timeout: 60_000 });
  }

  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout: 120_000 }),
    page.getByRole('button', { name: 'Explain this model' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('explanation.html');
  const html = readFileSync(await file.path(), 'utf8');
  expect(html).toContain('Model card');
  expect(html).not.toContain('CUST_');
});
