import { expect, test } from 'vitest';
import { createScorer } from '../core/scoring/scorer.ts';
import { StudioError } from '../core/shared/errors.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';
import { maxBodyBytes } from './request-body.ts';
import { isApiRequest } from './router.ts';

const scorer = createScorer(tinyBundle('boosting'));
const api = createApi({ scorer: () => scorer });
const customer = { id: 'C7', age: 35, visits: 12, region: 'south', joined: '2023-01-31' };
const url = 'http://localhost:4173';

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request(`${url}/predict`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

test('a customer is answered as the scorer answers', async () => {
  const response = await api.fetch(post(JSON.stringify(customer)));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ ...scorer.scoreCustomers([customer]).results[0], findings: [] });
});

test('notes about fields come with the answer', async () => {
  const response = await api.fetch(post(JSON.stringify({ ...customer, region: 'east', shoe: 44 })));
  const { findings } = (await response.json()) as { findings: { pointer: string }[] };
  expect(findings.map(({ pointer }) => pointer)).toEqual(['/shoe', '/region']);
});

test.each(['/health', '/'])('GET and HEAD %s tell which model answers', async (path) => {
  const response = await api.fetch(new Request(url + path));
  expect(await response.json()).toEqual({
    status: 'ok',
    model_version: scorer.bundle.manifest.modelVersion,
    model_kind: 'boosting',
    study: 'Tiny',
    as_of: '2024-06-30',
  });
  expect((await api.fetch(new Request(url + path, { method: 'HEAD' }))).status).toBe(200);
});

const json = JSON.stringify(customer);
const chunked = (length: number): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < length; sent += 8192)
        controller.enqueue(new Uint8Array(Math.min(8192, length - sent)).fill(32));
      controller.close();
    },
  });

test.each<[string, () => Request, number]>([
  ['no media type', () => post(new Blob([json]), { 'Content-Type': '' }), 415],
  ['plain text', () => post(json, { 'Content-Type': 'text/plain' }), 415],
  ['a form', () => post(json, { 'Content-Type': 'application/x-www-form-urlencoded' }), 415],
  ['JSON in Latin-1', () => post(json, { 'Content-Type': 'application/json; charset=latin1' }), 415],
  ['JSON of another kind', () => post(json, { 'Content-Type': 'application/json-patch+json' }), 415],
  ['a packed body', () => post(json, { 'Content-Encoding': 'gzip' }), 415],
  ['an empty body', () => post(''), 400],
  ['half an object', () => post('{"age": 35'), 400],
  ['a trailing comma', () => post('{"age": 35,}'), 400],
  ['NaN', () => post('{"age": NaN}'), 400],
  ['a number beyond doubles', () => post('{"age": 1e999}'), 400],
  ['a key twice', () => post('{"age": 35, "age": 36}'), 400],
  ['a key twice, once escaped', () => post('{"age": 35, "\\u0061ge": 36}'), 400],
  ['__proto__', () => post('{"age": 35, "__proto__": {"x": 1}}'), 400],
  ['__proto__ further in', () => post('{"age": {"\\u005f_proto__": 1}}'), 400],
  ['a byte order mark', () => post(`\uFEFF${json}`), 400],
  ['bytes that are no UTF-8', () => post(Uint8Array.of(0x22, 0xff, 0x22)), 400],
  ['deep nesting', () => post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400],
  ['a body one byte too large', () => post(json.padEnd(maxBodyBytes + 1)), 413],
  ['a declared length that is too large', () => post(json, { 'Content-Length': String(maxBodyBytes + 1) }), 413],
  [
    'a long body without a length',
    () =>
      new Request(`${url}/predict`, {
        method: 'POST',
        body: chunked(maxBodyBytes * 4),
        duplex: 'half',
        headers: { 'Content-Type': 'application/json' },
      } as RequestInit),
    413,
  ],
  ['a list of customers', () => post(`[${json}]`), 422],
  ['null', () => post('null'), 422],
  ['GET on /predict', () => new Request(`${url}/predict`), 405],
  ['POST on /health', () => new Request(`${url}/health`, { method: 'POST' }), 405],
  ['OPTIONS on /predict', () => new Request(`${url}/predict`, { method: 'OPTIONS' }), 405],
  ['a path beside', () => new Request(`${url}/predict/`, { method: 'POST', body: json }), 404],
  ['a path in capitals', () => new Request(`${url}/PREDICT`, { method: 'POST', body: json }), 404],
  ['a foreign host name', () => post(json, { Host: 'evil.com' }), 403],
  ['a host name that begins as ours', () => post(json, { Host: 'localhost.evil.com' }), 403],
  ['another address', () => post(json, { Host: '10.0.0.5:4173' }), 403],
  ['an empty host name', () => post(json, { Host: '' }), 403],
  ['a trailing dot', () => post(json, { Host: 'localhost.:4173' }), 403],
  ['a foreign origin', () => post(json, { Origin: 'https://evil.com' }), 403],
  ['another port of this machine', () => post(json, { Origin: 'http://localhost:3000' }), 403],
  ['a null origin', () => post(json, { Origin: 'null' }), 403],
  ['a cross-site fetch', () => post(json, { 'Sec-Fetch-Site': 'cross-site' }), 403],
])('%s is refused', async (_, request, status) => {
  const response = await api.fetch(request());
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code: expect.any(String) as string, detail: expect.any(String) as string });
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
});

test.each(['localhost', 'LOCALHOST:4173', '127.0.0.1:8000', '[::1]:4173'])('the host %s is ours', async (host) => {
  expect((await api.fetch(post(json, { Host: host }))).status).toBe(200);
});

test('the page of the very origin may call, and exactly the largest body is read', async () => {
  expect(
    (await api.fetch(post(json, { Host: 'localhost:4173', Origin: url, 'Sec-Fetch-Site': 'same-origin' }))).status,
  ).toBe(200);
  expect((await api.fetch(post(json.padEnd(maxBodyBytes)))).status).toBe(200);
});

test('unusable fields are named with their pointers', async () => {
  const response = await api.fetch(post('{"id": "C7", "age": "35", "visits": true}'));
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    errors: [
      { pointer: '/age', detail: expect.stringContaining('"35"') as string },
      { pointer: '/visits', detail: expect.stringContaining('true') as string },
    ],
  });
  expect(Object.prototype).not.toHaveProperty('x');
});

test('without a bundle every answer says how to get one', async () => {
  const empty = createApi({ scorer: () => undefined });
  for (const request of [post(json), new Request(`${url}/health`)]) {
    const response = await empty.fetch(request);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'study.not-ready',
      fix: expect.stringContaining('npm run demo') as string,
    });
  }
});

test('a damaged bundle is told as such; other failures keep their reasons to themselves', async () => {
  const broken = createApi({
    scorer: () => {
      throw new StudioError('bundle.integrity', 'The file model.txt is damaged.');
    },
  });
  expect((await broken.fetch(post(json))).status).toBe(503);
  const reported: unknown[] = [];
  const failing = createApi({
    scorer: () => {
      throw new Error('secret path /etc/shadow');
    },
    report: (error) => reported.push(error),
  });
  const response = await failing.fetch(post(json));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(reported).toHaveLength(1);
});

test('every answer is neither stored nor sniffed and carries the policy', async () => {
  for (const request of [
    post(json),
    post('{'),
    new Request(`${url}/health`),
    new Request(`${url}/nothing`),
    post(json, { Host: 'x' }),
  ]) {
    const { headers } = await api.fetch(request);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('the root is the page for browsers and health for programs', () => {
  expect(isApiRequest('/', 'text/html,application/xhtml+xml')).toBe(false);
  expect(isApiRequest('/', '*/*')).toBe(true);
  expect(isApiRequest('/', undefined)).toBe(true);
  expect(isApiRequest('/assets/index.js', '*/*')).toBe(false);
});
