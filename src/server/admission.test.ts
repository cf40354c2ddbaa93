import { expect, test } from 'vitest';
import { jsonReply } from './exchange.ts';
import { createScorer } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { type AdmissionOptions, createAdmission, networkOf } from './admission.ts';
import { createApi } from './api.ts';
import { makeApiKey, readApiKeys } from './api-keys.ts';
import { type Route, routes } from './routes.ts';

const scorer = createScorer(tinyBundle('boosting'));
const shop = makeApiKey('shop', 'predict');
const ops = makeApiKey('ops', 'metrics+admin');
const keys = readApiKeys(`${shop.entry}; ${ops.entry}`);
let time = 0;

const options: AdmissionOptions = {
  keys: [],
  ratePerSecond: 1e6,
  rateBurst: 1e6,
  requestsAtOnce: 10,
  batchesAtOnce: 1,
  batchesWaiting: 1,
  now: () => time,
  onRateLimited: () => undefined,
};
const apiWith = (more: Partial<AdmissionOptions>) =>
  createApi({
    scorer: () => scorer,
    reload: async () => jsonReply({}),
    admit: createAdmission({ ...options, ...more }),
  });
const versionPath = `/v2/models/default/versions/${scorer.bundle.manifest.modelVersion}`;
const concrete = (path: string): string =>
  path.replace('/v2/models/:model/versions/:version', versionPath).replace(':model', 'default');
const bodyOf = (path: string): string => {
  if (path === '/predict/batch') return '[]';
  if (path === '/invocations') return '{"instances":[]}';
  return path.endsWith('/infer')
    ? '{"inputs":[{"name":"age","datatype":"INT64","shape":[1],"data":[35]}]}'
    : '{"age":35}';
};
const call = ({ method, path }: Pick<Route, 'method' | 'path'>, headers: Record<string, string> = {}): Request =>
  new Request(`http://localhost${concrete(path)}`, {
    method,
    headers: { ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(method === 'POST' ? { body: bodyOf(path) } : {}),
  });
const refusedBy = (status: number): boolean => status === 401 || status === 403;

test('with keys, every route but the open ones answers the scope it names and nobody else', async () => {
  const api = apiWith({ keys });
  for (const route of routes) {
    const asked = async (headers: Record<string, string>): Promise<number> =>
      (await api.fetch(call(route, headers))).status;
    expect(await asked({}), route.path).toBe(route.scope === 'open' ? 200 : 401);
    for (const [{ key }, scopes] of [
      [shop, ['predict']],
      [ops, ['metrics', 'admin']],
    ] as const) {
      const isAllowed = route.scope === 'open' || (scopes as readonly string[]).includes(route.scope);
      expect(await asked({ Authorization: `Bearer ${key}` }), route.path).toBe(isAllowed ? 200 : 403);
      expect(await asked({ 'X-API-Key': key }), route.path).toBe(isAllowed ? 200 : 403);
    }
  }
});

test.each<[string, Record<string, string>]>([
  ['none', {}],
  ['a wrong one', { 'X-API-Key': 'ps_0' }],
  ['the right one in capitals', { 'X-API-Key': shop.key.toUpperCase() }],
  ['two', { 'X-API-Key': shop.key, Authorization: `Bearer ${shop.key}` }],
  ['another scheme', { Authorization: `Basic ${shop.key}` }],
  ['its hash', { 'X-API-Key': keys[0]!.hash }],
  ['a very long one', { 'X-API-Key': 'x'.repeat(100_000) }],
])('the key %s gets the one same refusal', async (_, headers) => {
  const response = await apiWith({ keys }).fetch(call({ method: 'POST', path: '/predict' }, headers));
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ detail: 'A valid key is needed.' });
});

test.each(['shop:predict', 'shop:fly:' + '0'.repeat(64), ':predict:' + '0'.repeat(64), `${shop.entry};${shop.entry}`])(
  '%j is no list of keys',
  (text) => {
    expect(() => readApiKeys(text)).toThrow(expect.objectContaining({ code: 'parameters.invalid' }));
  },
);

test('the rate is held per network and refills with time; health is always answered', async () => {
  const api = apiWith({ ratePerSecond: 2, rateBurst: 3 });
  const ask = async (address: string, path = '/models'): Promise<Response> =>
    api.fetch(call({ method: 'GET', path }), address);
  time = 100;
  expect((await Promise.all([1, 2, 3].map(() => ask('10.0.0.1')))).map(({ status }) => status)).toEqual([
    200, 200, 200,
  ]);
  const limited = await ask('::ffff:10.0.0.1');
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toBe('1');
  expect((await ask('10.0.0.2')).status).toBe(200);
  expect((await ask('10.0.0.1', '/health')).status).toBe(200);
  time = 90;
  expect((await ask('10.0.0.1')).status).toBe(429);
  time = 100.6;
  expect((await ask('10.0.0.1')).status).toBe(200);
});

test('guessing keys is slowed by address, and a key keeps its own rate', async () => {
  const api = apiWith({ keys, ratePerSecond: 1, rateBurst: 5 });
  const guess = async (key: string): Promise<number> =>
    (await api.fetch(call({ method: 'GET', path: '/models' }, { 'X-API-Key': key }), '10.0.0.1')).status;
  const statuses: number[] = [];
  for (let i = 0; i < 7; i++) statuses.push(await guess(`ps_${i}`));
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  expect(await guess(shop.key)).toBe(200);
});

test.each([
  ['192.168.1.9', '192.168.1.9'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0000:ffff::2', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s belongs to %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('batches wait for their turn in order, and one too many is sent away', async () => {
  const admit = createAdmission(options);
  const batch = routes.find(({ name }) => name === 'batch')!;
  const request = new Request('http://localhost/predict/batch', { method: 'POST' });
  const first = await admit(batch, request, '');
  let isIn = false;
  const second = Promise.resolve(admit(batch, request, '')).then((admission) => {
    isIn = true;
    return admission;
  });
  await Promise.resolve();
  const { refused } = await admit(batch, request, '');
  expect(refused?.status).toBe(503);
  expect(refused?.headers['Retry-After']).toBe('1');
  expect(isIn).toBe(false);
  first.done!();
  first.done!();
  (await second).done!();
  expect((await admit(batch, request, '')).refused).toBeUndefined();
});

test('more requests at once than there is room for are sent away, and room comes back', async () => {
  const admit = createAdmission({ ...options, requestsAtOnce: 2 });
  const predict = routes.find(({ name }) => name === 'predict')!;
  const request = new Request('http://localhost/predict', { method: 'POST' });
  const [one] = [await admit(predict, request, ''), await admit(predict, request, '')];
  expect((await admit(predict, request, '')).refused?.status).toBe(503);
  one!.done!();
  expect((await admit(predict, request, '')).refused).toBeUndefined();
});

test('no status but a refusal of access hides a route that exists', async () => {
  const api = apiWith({ keys });
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const) {
    const { status } = await api.fetch(new Request('http://localhost/model/reload', { method }));
    expect(refusedBy(status) || status === 405).toBe(true);
  }
});
