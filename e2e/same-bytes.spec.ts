import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { createNodeStudy, quiet, trainAll } from '../src/testing/node-study.ts';
import { chooseSmallStudy, hashOf, openStudio, runEverything } from './studio.ts';

const sample = { scenario: 'ecommerce', customers: 6_000, seed: 7, conversionRate: 0.05 };
const split = { seed: 7, train: 0.6, validation: 0.2, test: 0.2, by: 'random' } as const;

test('the same seed gives the same bytes in the page and in Node, with one thread and with two', async ({
  page,
  browser,
}) => {
  const inNode = [await bytesInNode(1), await bytesInNode(2)];
  await openStudio(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const isolated = await bytesInPage(page);
  const oneThread = await browser.newPage();
  await openStudio(oneThread, '?threads=1');
  const alone = await bytesInPage(oneThread);
  await oneThread.close();
  expect(inNode[1]).toEqual(inNode[0]);
  expect(isolated).toEqual(inNode[0]);
  expect(alone).toEqual(inNode[0]);
});

test('without cross-origin isolation the studio still runs, on one thread, and gives the same bytes', async ({
  browser,
}) => {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const types: Record<string, string> = {
      '.html': 'text/html',
      '.js': 'text/javascript',
      '.css': 'text/css',
      '.wasm': 'application/wasm',
      '.svg': 'image/svg+xml',
    };
    const file = path === '/' ? '/index.html' : path;
    try {
      const bytes = readFileSync(join('dist', file));
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const context = await browser.newContext({ baseURL: `http://localhost:${(server.address() as AddressInfo).port}/` });
  const page = await context.newPage();
  await openStudio(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const found = await bytesInPage(page);
  const backends = await page.evaluate(() =>
    Object.values(window.studio.study.store.getState().models).map((model) => model?.backend),
  );
  expect(backends).toEqual(['WASM, 1 thread', 'WASM, 1 thread', 'WASM, 1 thread']);
  expect(found).toEqual(await bytesInNode(1));
  await context.close();
  server.close();
});

interface Bytes {
  readonly customers: string;
  readonly features: string;
  readonly boosting: string;
  /** Every coefficient, exactly. */
  readonly logistic: readonly number[];
}

async function bytesInPage(page: Page): Promise<Bytes> {
  await chooseSmallStudy(page, sample.customers);
  await runEverything(page);
  return {
    customers: await hashOf(page, 'exportTable', { what: 'customers', format: 'parquet' }),
    features: await hashOf(page, 'exportTable', { what: 'features', format: 'parquet' }),
    boosting: await hashOf(page, 'exportModelText', {}),
    logistic: await page.evaluate(async () => {
      const { host } = window.studio;
      const input = await host.study.trainingInput({});
      const { trained } = await host
        .training('logistic')
        .train({ kind: 'logistic', input, parameters: { choose_C: false } });
      return trained.model.kind === 'logistic' ? Array.from(trained.model.coefficients) : [];
    }),
  };
}

async function bytesInNode(threads: number): Promise<Bytes> {
  const host = createNodeStudy({ threads });
  await host.study.makeCustomers(sample, quiet);
  await host.study.buildFeatures(split, quiet);
  await trainAll(host, { boosting: { n_estimators: 30 }, neural: { epochs: 2 }, logistic: { choose_C: false } });
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const input = await host.study.trainingInput({}, quiet);
  const { trained } = await host.training.train({ kind: 'logistic', input, parameters: { choose_C: false } }, quiet);
  return {
    customers: hash((await host.study.exportTable({ what: 'customers', format: 'parquet' }, quiet)).bytes),
    features: hash((await host.study.exportTable({ what: 'features', format: 'parquet' }, quiet)).bytes),
    boosting: hash((await host.study.exportModelText({}, quiet)).bytes),
    logistic: trained.model.kind === 'logistic' ? Array.from(trained.model.coefficients) : [],
  };
}
