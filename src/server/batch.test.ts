import { expect, test } from 'vitest';
import { createScorer } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';

const scorer = createScorer(tinyBundle('boosting'));
const api = createApi({ scorer: () => scorer });
const customers = Array.from({ length: 700 }, (_, i) => ({
  id: `C${i}`,
  age: 18 + (i % 60),
  visits: i % 7 === 0 ? null : i / 9,
  region: ['north', 'south', 'west'][i % 3],
  joined: '2023-01-31',
}));
const expected = scorer.scoreCustomers(customers).results.map((result) => ({ ...result, findings: [] }));

const json = 'application/json';
const ndjson = 'application/x-ndjson';
const csv = 'text/csv';
const bodies: Record<string, string> = {
  [json]: JSON.stringify(customers),
  [ndjson]: customers.map((customer) => `${JSON.stringify(customer)}\n`).join(''),
  [csv]: `id,age,visits,region,joined\r\n${customers.map((c) => `${c.id},${c.age},${c.visits ?? ''},"${c.region}",${c.joined}\r\n`).join('')}`,
};

/** A body that arrives in pieces of odd lengths, cut within characters and line ends. */
function inPieces(text: string, bytes = 997): ReadableStream<Uint8Array> {
  const all = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < all.length) controller.enqueue(all.slice(at, (at += bytes)));
      else controller.close();
    },
  });
}

function send(type: string, body: BodyInit, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  return api.fetch(
    new Request(`http://localhost/predict/batch${query}`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'Content-Type': type, ...headers },
    } as RequestInit),
  );
}

const pairs = [json, ndjson, csv].flatMap((from) => [json, ndjson, csv].map((to): [string, string] => [from, to]));

test.each(pairs)('%s in gives %s out, with the bits of the scorer and in the order sent', async (from, to) => {
  const response = await send(from, inPieces(bodies[from]!), { Accept: to });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain(to);
  const text = await response.text();
  if (to === csv) {
    const [header, ...rows] = text.trimEnd().split('\r\n');
    expect(header).toContain('customer_id,propensity_score,risk_category,confidence');
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual(
      expected.map((row) => [row.customer_id, String(row.propensity_score)]),
    );
  } else {
    const rows: unknown =
      to === json
        ? JSON.parse(text)
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown);
    expect(rows).toEqual(expected);
  }
});

test.each<[string | undefined, string, number]>([
  [undefined, csv, 200],
  ['*/*', csv, 200],
  ['text/*', csv, 200],
  ['application/json;q=0.5, application/x-ndjson;q=0.9', ndjson, 200],
  ['text/csv;q=0, application/json', json, 200],
  ['image/png', 'application/problem+json', 406],
])('Accept: %s is answered with %s', async (accept, type, status) => {
  const response = await send(csv, bodies[csv]!, accept === undefined ? {} : { Accept: accept });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain(type);
});

test('one unusable customer refuses an array, naming its place; on_error=row scores the others', async () => {
  const body = JSON.stringify([customers[0], { age: '35' }, customers[2]]);
  const refused = await send(json, body);
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ errors: [{ pointer: '/1/age' }] });
  const rows = (await (await send(json, body, {}, '?on_error=row')).json()) as unknown[];
  expect(rows).toEqual([
    expected[0],
    { customer_id: null, errors: [{ pointer: '/1/age', detail: expect.stringContaining('"35"') as string }] },
    expected[2],
  ]);
});

test('in a stream an unusable line fails alone, and rows out are rows in', async () => {
  const lines = [JSON.stringify(customers[0]), '{"age":', '', '{"age":1e999}', '[1]', JSON.stringify(customers[4])];
  const rows = (await (await send(ndjson, lines.join('\n'))).text()).trimEnd().split('\n');
  expect(rows.map((row) => (JSON.parse(row) as { errors?: { pointer: string }[] }).errors?.[0]?.pointer)).toEqual([
    undefined,
    '/1',
    '/2',
    '/3',
    undefined,
  ]);
});

test('CSV: other columns, quotes, missing marks, ragged rows and broken UTF-8', async () => {
  const rows = [
    'region,shoe,age,id,visits',
    '"no""rth",44,35,"=1+1, a",NA',
    'south,44,35,C1,12,extra',
    'south,44,abc,C2,12',
    'north,,40,C3,n/a',
  ].join('\n');
  const bytes = Uint8Array.from([
    ...new TextEncoder().encode(`${rows}\nsou`),
    0xff,
    ...new TextEncoder().encode('th,1,40,C4,3'),
  ]);
  const answers = (await (await send(csv, bytes, { Accept: json })).json()) as Record<string, unknown>[];
  expect(answers).toHaveLength(5);
  expect(answers[0]).toMatchObject({
    customer_id: '=1+1, a',
    findings: [{ pointer: '/shoe' }, { pointer: '/region' }],
  });
  expect(answers[1]).toMatchObject({
    errors: [{ pointer: '/1', detail: expect.stringContaining('6 cells') as string }],
  });
  expect(answers[2]).toMatchObject({
    errors: [{ pointer: '/2/age', detail: expect.stringContaining('"abc"') as string }],
  });
  expect(answers[3]).toEqual({
    ...scorer.scoreCustomers([{ region: 'north', age: 40, id: 'C3' }]).results[0],
    findings: [expect.objectContaining({ pointer: '/shoe' })],
  });
  expect(answers[4]).toMatchObject({ errors: [{ detail: expect.stringContaining('UTF-8') as string }] });
  // A spreadsheet must not run what a customer was called.
  expect(await (await send(csv, rows)).text()).toContain(`"'=1+1, a"`);
});

test.each<[string, string, string, number]>([
  ['no customers', json, '[]', 200],
  ['an object', json, '{}', 400],
  ['too many', json, `[${Array.from({ length: 10_001 }, () => '1').join(',')}]`, 413],
  ['a CSV without a header', csv, '', 422],
  ['a CSV that lacks a column', csv, 'id,visits\nC1,3\n', 422],
  ['a CSV with two columns of one name', csv, 'age,age\n1,2\n', 422],
  ['a NUL byte', csv, 'age\n\0\n', 422],
  ['a quote that does not end', csv, 'age\n"35\n', 422],
  ['a plain text', 'text/plain', 'x', 415],
  ['an Arrow stream', 'application/vnd.apache.arrow.stream', 'x', 415],
])('%s is answered by status', async (_, type, body, status) => {
  expect((await send(type, body)).status).toBe(status);
});

test('a stream that fails in its middle tells why in a last row and then breaks off', async () => {
  const response = await send(csv, `age,id\n${'35,C1\n'.repeat(300)}"35`, { Accept: ndjson });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const whole = async (): Promise<void> => {
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
  };
  await expect(whole()).rejects.toThrow('does not end');
  const rows = text.trimEnd().split('\n');
  expect(rows).toHaveLength(301);
  expect(rows.at(-1)).toContain('does not end');
});

test('a batch holds its place until its last row is taken, or nobody takes it any more', async () => {
  let open = 0;
  const gated = createApi({
    scorer: () => scorer,
    admit: () => {
      open++;
      return { done: () => open-- };
    },
  });
  const ask = (type: string, body: string): Promise<Response> =>
    gated.fetch(
      new Request('http://localhost/predict/batch', { method: 'POST', body, headers: { 'Content-Type': type } }),
    );
  const taken = await ask(ndjson, bodies[ndjson]!);
  expect(open).toBe(1);
  await taken.text();
  expect(open).toBe(0);
  const left = await ask(ndjson, bodies[ndjson]!.repeat(5));
  await left.body!.cancel();
  expect(open).toBe(0);
  await ask(json, '[');
  await ask('text/plain', '[');
  await ask(json, '[]');
  expect(open).toBe(0);
});
