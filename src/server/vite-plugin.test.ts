import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipFiles } from '../adapters/any/zip.ts';
import { writeBundle } from '../core/scoring/bundle.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { propensityApi } from './vite-plugin.ts';

let root: string;
let server: PreviewServer;
let port: number;
const customer = JSON.stringify({ id: 'C7', age: 35, visits: 12, region: 'south', joined: '2023-01-31' });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'propensity-'));
  mkdirSync(join(root, 'dist/assets'), { recursive: true });
  writeFileSync(join(root, 'dist/index.html'), '<!doctype html><title>Studio</title>');
  writeFileSync(join(root, 'dist/assets/app.js'), 'export {};');
  server = await preview({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [propensityApi()],
    preview: { port: 0, host: '127.0.0.1', cors: false },
  });
  port = (server.httpServer.address() as AddressInfo).port;
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
const predict = (body: string): Promise<Response> =>
  get('/predict', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });

function saveBundle(kind: 'logistic' | 'boosting', second: number): void {
  const path = join(root, 'artifacts/bundles/boosting.zip');
  mkdirSync(join(root, 'artifacts/bundles'), { recursive: true });
  writeFileSync(path, zipFiles(writeBundle(tinyBundle(kind))));
  utimesSync(path, second, second);
}

test('before a bundle is saved the API says what to do, and afterwards it answers; a changed file is read again', async () => {
  expect((await predict(customer)).status).toBe(503);
  saveBundle('boosting', 1_700_000_000);
  const first = (await (await predict(customer)).json()) as Record<string, unknown>;
  expect(first).toMatchObject({ customer_id: 'C7', risk_category: expect.stringMatching(/High|Medium|Low/) as string });
  expect(first.model_version).toMatch(/^boosting-/);
  saveBundle('logistic', 1_700_000_100);
  expect(await (await get('/health')).json()).toMatchObject({ status: 'ok', model_kind: 'logistic' });
});

test('a damaged bundle does not unseat the one that answers', async () => {
  saveBundle('boosting', 1_700_000_200);
  const before = await (await get('/health')).json();
  writeFileSync(join(root, 'artifacts/bundles/boosting.zip'), 'PK rubbish');
  expect(await (await get('/health')).json()).toEqual(before);
});

test('the page and its files carry the security headers too', async () => {
  for (const path of ['/', '/assets/app.js', '/assets/gone.js']) {
    const { headers } = await get(path, { headers: { Accept: 'text/html' } });
    expect(headers.get('content-security-policy'), path).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await (await get('/', { headers: { Accept: 'text/html' } })).text()).toContain('<title>Studio');
});

test('a script that is gone is not found, rather than answered with the page', async () => {
  expect((await get('/assets/gone.js')).status).toBe(404);
});

test('whatever is sent, the process goes on serving', async () => {
  saveBundle('boosting', 1_700_000_300);
  const statuses = await Promise.all([
    status({ path: '/predict', method: 'POST', headers: { host: '' } }),
    status({ path: '/predict', method: 'POST', headers: { host: 'a b' } }),
    status({ path: '/health', headers: { host: 'evil.com' } }),
    status({ path: '/predict', method: 'POST', headers: { 'content-type': 'application/json' } }, '{'),
    status(
      { path: '/predict', method: 'POST', headers: { 'content-type': 'application/json' } },
      ' '.repeat(2_000_000),
    ),
  ]);
  for (const each of statuses) expect(each).toBeGreaterThanOrEqual(400);
  for (const each of statuses) expect(each).toBeLessThan(500);
  expect((await predict(customer)).status).toBe(200);
});

function status(
  options: { path: string; method?: string; headers: Record<string, string> },
  body = '',
): Promise<number> {
  return new Promise((done) => {
    const sent = request({ host: '127.0.0.1', port, ...options }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    // The server may answer and hang up while a long body is still being sent.
    sent.on('error', () => done(413));
    sent.end(body);
  });
}
