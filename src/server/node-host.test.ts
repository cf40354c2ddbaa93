import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipFiles } from '../adapters/any/zip.ts';
import { writeBundle } from '../core/scoring/bundle.ts';
import type { ModelKind } from '../core/models/model.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { type NodeHost, startNodeHost } from './node-host.ts';
import { serveModels } from './served-models.ts';
import { readServingConfig } from './serving-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'propensity-serve-'));
const path = join(folder, 'bundle.zip');
const events: string[] = [];
const log = (event: string): void => void events.push(event);
const save = (kind: ModelKind): void => writeFileSync(path, zipFiles(writeBundle(tinyBundle(kind))));
const versions = {
  boosting: tinyBundle('boosting').manifest.modelVersion,
  logistic: tinyBundle('logistic').manifest.modelVersion,
};
const customer = JSON.stringify({ id: 'C7', age: 35, visits: 12, region: 'south' });

async function start(flags: Record<string, string> = {}): Promise<NodeHost> {
  const config = readServingConfig('', {}, { port: '0', 'drain-notice': '0', 'drain-timeout': '2', ...flags });
  return startNodeHost(config, serveModels({ default: path }, { log }), log);
}

let host: NodeHost;
beforeAll(async () => {
  save('boosting');
  host = await start();
});
afterAll(async () => {
  await host.drain();
  rmSync(folder, { recursive: true });
});

const send = (route: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(host.url + route, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });

/** What the server says to these bytes, until it hangs up. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
  });
}

test('a customer is scored, and a stream of customers row by row', async () => {
  expect(await (await send('/predict', customer)).json()).toMatchObject({
    customer_id: 'C7',
    model_version: versions.boosting,
  });
  const lines = `${customer}\n`.repeat(2000);
  const text = await (await send('/predict/batch', lines, { 'Content-Type': 'application/x-ndjson' })).text();
  expect(text.trimEnd().split('\n')).toHaveLength(2000);
});

test.each<[string, string, string]>([
  ['two hosts', 'GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n', '400'],
  ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
  ['a whole URL', 'GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n', '400'],
  ['a foreign host', 'GET /health HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n', '403'],
  ['no request', 'GARBAGE\r\n\r\n', '400'],
  [
    'two lengths',
    'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
  ],
  ['a head that is too long', `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
])('%s: %j is refused, with every security header', async (_, text, status) => {
  const answer = (await raw(text)).toLowerCase();
  expect(answer).toContain(`http/1.1 ${status}`);
  for (const header of ['content-security-policy:', 'x-content-type-options: nosniff', 'cache-control: no-store']) {
    expect(answer).toContain(header);
  }
});

test('a reload swaps whole or not at all, by id, and only under the version the caller knows', async () => {
  const now = async (): Promise<unknown> =>
    ((await (await fetch(`${host.url}/health`)).json()) as { model_version: unknown }).model_version;
  save('logistic');
  expect(await now()).toBe(versions.boosting);
  expect((await send('/model/reload', '{}', { 'If-Match': '"boosting-000000000000"' })).status).toBe(412);
  for (const model of ['../../etc/passwd', 'file:///etc/passwd', '/tmp', '', 7]) {
    expect((await send('/model/reload', JSON.stringify({ model }))).status).toBe(404);
  }
  expect((await send('/model/reload', '{"path":"/tmp/x"}')).status).toBe(422);
  expect(await now()).toBe(versions.boosting);
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await send('/model/reload', '{}')).status));
  expect(statuses).toContain(200);
  expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
  expect(await now()).toBe(versions.logistic);

  const bytes = zipFiles(writeBundle(tinyBundle('boosting')));
  bytes[bytes.length >> 1]! ^= 1;
  for (const broken of [bytes, new TextEncoder().encode('PK'), bytes.slice(0, 500)]) {
    writeFileSync(path, broken);
    const refused = await send('/model/reload', '{}');
    expect(refused.status).toBe(422);
    expect(await refused.text()).not.toContain(folder);
    expect(await now()).toBe(versions.logistic);
  }
  save('boosting');
});

test('under reloads every answer has the score of the model it names', async () => {
  const scoreOf = new Map<string, number>();
  let wrong = 0;
  const ask = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      const answer = (await (await send('/predict', customer)).json()) as {
        model_version: string;
        propensity_score: number;
      };
      const known = scoreOf.get(answer.model_version) ?? answer.propensity_score;
      scoreOf.set(answer.model_version, known);
      if (known !== answer.propensity_score) wrong++;
    }
  };
  const reload = async (): Promise<void> => {
    for (let i = 0; i < 8; i++) {
      save(i % 2 === 0 ? 'logistic' : 'boosting');
      await send('/model/reload', '{}');
    }
  };
  await Promise.all([ask(), ask(), reload()]);
  expect([...scoreOf.keys()].sort()).toEqual(Object.values(versions).sort());
  expect(new Set(scoreOf.values()).size).toBe(2);
  expect(wrong).toBe(0);
});

test('stopping under load: not ready at once, nothing that was sent is lost, and then nobody listens', async () => {
  const other = await start({ 'drain-notice': '1' });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const ask = (route: string, body?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(other.url + route, {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length },
      });
      sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode!)));
      sent.on('error', reject);
      sent.end(body);
    });
  let isStopping = false;
  const statuses: number[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!isStopping) statuses.push(await ask('/predict', customer));
  });
  await new Promise((resume) => setTimeout(resume, 100));
  const drained = other.drain();
  expect(await ask('/ready')).toBe(503);
  expect(await ask('/health')).toBe(200);
  await new Promise((resume) => setTimeout(resume, 200));
  isStopping = true;
  await Promise.all(load);
  expect(await drained).toBe(true);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(statuses.length).toBeGreaterThan(20);
  await expect(ask('/health')).rejects.toThrow();
});
