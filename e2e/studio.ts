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
  // Pages are drawn in slices: the one before stays on show until the next is ready.
  await expect(page.locator(`main[data-page="${name.toLowerCase()}"]`)).toBeVisible();
}

/** Drops a file onto the page, as from a desktop, and waits until the task it starts has ended. */
export async function drop(
  page: Page,
  name: string,
  bytes: Uint8Array,
  task: 'data' | 'import' | 'score' = 'data',
): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content as number[])], fileName as string));
      return data;
    },
    [name, [...bytes]] as const,
  );
  const before = await page.evaluate((id) => window.studio.study.store.getState().tasks[id], task);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await page.waitForFunction(
    ([id, old]) => {
      const now = window.studio.study.store.getState().tasks[id as 'data'];
      return (now?.state === 'done' || now?.state === 'failed') && JSON.stringify(now) !== old;
    },
    [task, JSON.stringify(before)] as const,
  );
}
