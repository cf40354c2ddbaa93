import { expect, type Page } from '@playwright/test';
import type { Studio } from '../src/app/studio-context.ts';

declare global {
  interface Window {
    studio: Studio;
  }
}

/** Opens the studio and waits until it listens. Any uncaught error of the page fails the test. */
export async function openStudio(page: Page, path = ''): Promise<void> {
  page.on('pageerror', (error) => {
    throw error;
  });
  // The TypeScript loader marks named functions with a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (target) => target');
  await page.goto(`./${path}`);
  await page.waitForFunction(() => window.studio !== undefined);
}

/** Few customers and small models: the same path in seconds. */
export async function chooseSmallStudy(page: Page, customers = 6_000): Promise<void> {
  await page.getByLabel('Customers', { exact: true }).fill(String(customers));
  await page.getByLabel('Customers', { exact: true }).blur();
  await page.evaluate(() => {
    const { actions, store } = window.studio.study;
    const { parameters } = store.getState().spec;
    actions.changeSpec({
      parameters: {
        ...parameters,
        boosting: { n_estimators: 30 },
        neural: { epochs: 2 },
        logistic: { choose_C: false },
      },
    });
  });
}

export async function runEverything(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run everything' }).click();
  await page.waitForFunction(() => window.studio.study.timings.complete, undefined, { timeout: 180_000 });
}

/** The SHA-256 of a file that one of the study's jobs makes. */
export function hashOf(page: Page, job: 'exportTable' | 'exportModelText', input: unknown): Promise<string> {
  return page.evaluate(
    async ([name, given]) => {
      const jobs = window.studio.host.study as unknown as Record<
        string,
        (input: unknown) => Promise<{ bytes: Uint8Array<ArrayBuffer> }>
      >;
      const file = await jobs[name as string]?.(given);
      const digest = await crypto.subtle.digest('SHA-256', file?.bytes ?? new Uint8Array());
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    [job, input] as const,
  );
}

export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.locator('main')).toBeVisible();
}
