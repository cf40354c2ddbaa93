import { expect, test } from 'vitest';
import { createScorer } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';
import { sampleValue } from './docs-page.ts';
import { templated } from './openapi.ts';
import { routes } from './routes.ts';

const scorer = createScorer(tinyBundle('logistic'));
const api = createApi({ scorer: () => scorer });
const get = (path: string, init?: RequestInit): Promise<Response> =>
  api.fetch(new Request(`http://localhost${path}`, init));

interface Document {
  readonly paths: Record<string, Record<string, { readonly requestBody?: { readonly content: object } }>>;
  readonly components: {
    readonly schemas: Record<string, { readonly properties: Record<string, object>; readonly required: string[] }>;
  };
}

test('OpenAPI lists every route with its media types, and what is listed is what answers', async () => {
  const document = (await (await get('/openapi.json')).json()) as Document;
  for (const { method, path, takes } of routes) {
    const operation = document.paths[templated(path)]?.[method.toLowerCase()];
    expect(Object.keys(operation?.requestBody?.content ?? {}), path).toEqual(takes ?? []);
    const concrete = path.replaceAll(/:\w+/g, 'default');
    for (const other of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const { status, headers } = await get(concrete, { method: other });
      expect(status === 405, `${other} ${path}`).toBe(other !== method);
      if (status === 405) expect(headers.get('allow')).toContain(method);
    }
  }
  expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes.map(({ path }) => templated(path)))].sort());
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name!);
  }
});

test("a customer's fields are those the model reads, and one made from them is scored without a note", async () => {
  const { Customer, Score } = ((await (await get('/openapi.json')).json()) as Document).components.schemas;
  expect(Object.keys(Customer!.properties).sort()).toEqual(['customer_id', 'as_of', ...scorer.needed].sort());
  expect(Customer!.required).toEqual(['age']);
  expect(Customer!.properties).toMatchObject({
    age: { type: 'integer', description: 'Age, years, usually 18 to 100' },
    visits: { type: ['number', 'null'] },
    joined: { type: ['string', 'null'], format: 'date' },
    region: { examples: ['north', 'south', 'west'] },
  });
  const columns = scorer.bundle.schema.columns.filter(({ name }) => scorer.needed.has(name));
  const body = JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, sampleValue(column)])));
  const answer = (await (
    await get('/predict?reasons=2', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
  ).json()) as { findings: { pointer: string }[] };
  // The sample day lies after this study's snapshot.
  expect(answer.findings.map(({ pointer }) => pointer)).toEqual(['/joined']);
  expect(Object.keys(answer).sort()).toEqual(Object.keys(Score!.properties).sort());
});

test('the page of documentation names every path and field and fetches nothing', async () => {
  const response = await get('/docs', { headers: { Accept: 'text/html' } });
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await response.text();
  for (const { path } of routes) expect(html).toContain(`${path}</code>`);
  for (const name of scorer.needed) expect(html).toContain(`<code>${name}</code>`);
  expect(html).not.toMatch(/<script|src=|https?:\/\/(?!localhost)/);
});

test('names from a bundle are text on the page', async () => {
  const evil = {
    ...scorer.bundle,
    manifest: { ...scorer.bundle.manifest, createdFrom: '<img src=x onerror=alert(1)>' },
  };
  const other = createApi({ scorer: () => createScorer(evil) });
  expect(await (await other.fetch(new Request('http://localhost/docs'))).text()).not.toContain('<img');
});

test('models tells version, cut-offs and fields; ready follows the model', async () => {
  expect(await (await get('/models')).json()).toMatchObject([
    {
      model_version: scorer.bundle.manifest.modelVersion,
      cut_offs: { high: 0.7 },
      fields: expect.arrayContaining([expect.objectContaining({ name: 'age', required: true })]) as unknown[],
    },
  ]);
  expect((await get('/ready')).status).toBe(200);
  const empty = createApi({ scorer: () => undefined });
  expect((await empty.fetch(new Request('http://localhost/ready'))).status).toBe(503);
  expect((await empty.fetch(new Request('http://localhost/openapi.json'))).status).toBe(200);
  expect((await empty.fetch(new Request('http://localhost/docs'))).status).toBe(200);
});

test('a page of a listed origin may call and read; no other origin is ever named', async () => {
  const shop = 'https://shop.example';
  const open = createApi({ scorer: () => scorer, origins: [shop] });
  const ask = (origin: string, method: string, more: Record<string, string> = {}): Promise<Response> =>
    open.fetch(
      new Request('http://localhost/predict', {
        method,
        headers: { Origin: origin, 'Sec-Fetch-Site': 'cross-site', ...more },
      }),
    );
  const asked = await ask(shop, 'OPTIONS', { 'Access-Control-Request-Method': 'POST' });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(shop);
  expect((await ask(shop, 'POST')).headers.get('access-control-allow-origin')).toBe(shop);
  for (const origin of ['https://shop.example.evil.com', 'http://shop.example', 'null']) {
    const refused = await ask(origin, 'OPTIONS', { 'Access-Control-Request-Method': 'POST' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  }
});
