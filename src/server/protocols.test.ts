import { expect, test } from 'vitest';
import { reasonsNote } from '../core/explanation/reasons.ts';
import { createScorer } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';

const scorer = createScorer(tinyBundle('boosting'));
const { modelVersion } = scorer.bundle.manifest;
const api = createApi({ scorer: () => scorer });
const customer = { customer_id: 'C7', age: 35, visits: 12, region: 'south', joined: '2023-01-31' };
const [score] = scorer.scoreCustomers([customer]).results;

async function post(path: string, body: unknown, type = 'application/json') {
  const response = await api.fetch(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer of a test, read by hand
  return { status: response.status, body: (await response.json()) as Record<string, any> };
}
const get = async (path: string) => {
  const response = await api.fetch(new Request(`http://localhost${path}`));
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer of a test, read by hand
  return { status: response.status, body: (await response.json()) as Record<string, any> };
};

test('reasons come where asked for, with the sentence that says what they are not, and change no score', async () => {
  const { body } = await post('/predict?reasons=2', customer);
  expect(body).toMatchObject({ ...score, reasons_note: reasonsNote });
  expect(body.reasons.length).toBeGreaterThan(0);
  const sizes = body.reasons.map((reason: { contribution: number }) => Math.abs(reason.contribution));
  expect(sizes).toEqual(sizes.toSorted((a: number, b: number) => b - a));
  for (const way of ['for', 'against']) {
    expect(body.reasons.filter((reason: { direction: string }) => reason.direction === way).length).toBeLessThan(3);
  }
  expect((await post('/predict', customer)).body).not.toHaveProperty('reasons');
  expect((await post('/predict?reasons=11', customer)).status).toBe(400);
  expect((await post('/predict?reasons=-1', customer)).status).toBe(400);
  const batch = await post('/predict/batch?reasons=2', [customer, { ...customer, age: 60 }]);
  expect(batch.body[0].reasons).toEqual(body.reasons);
  expect(batch.body[1].reasons).not.toEqual(body.reasons);
});

test.each(['probability', 'propensity', 'log-odds'])(
  'an explanation in %s adds up to the number shown, by columns and by features',
  async (unit) => {
    const { body } = await post(`/explain?unit=${unit}`, customer);
    const { base, value, columns, features } = body.explanation;
    for (const list of [columns, features]) {
      const sum = list.reduce((total: number, each: { contribution: number }) => total + each.contribution, base);
      expect(Math.abs(sum - value)).toBeLessThan(1e-9);
    }
    if (unit === 'probability') expect(value).toBe(score!.conversion_probability);
    if (unit === 'propensity') expect(value).toBe(score!.propensity_score);
    expect(body).toMatchObject({ customer_id: 'C7', model_version: modelVersion, reasons_note: reasonsNote });
  },
);

test('an unusable customer or unit is not explained', async () => {
  expect(await post('/explain', { ...customer, age: 'x' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/age' }] },
  });
  expect((await post('/explain?unit=euro', customer)).status).toBe(400);
});

const tensor = (name: string, datatype: string, data: unknown[]) => ({ name, datatype, shape: [data.length], data });
const inputs = [
  tensor('age', 'INT64', [35, 60]),
  tensor('visits', 'FP64', [12, null]),
  tensor('region', 'BYTES', ['south', 'north']),
  tensor('joined', 'BYTES', ['2023-01-31', null]),
];

test('the Open Inference Protocol describes the model and gives the bits of the scorer', async () => {
  expect((await get('/v2')).body).toMatchObject({ name: 'propensity-studio' });
  expect((await get('/v2/health/live')).body).toEqual({ live: true });
  expect((await get('/v2/health/ready')).body).toEqual({ ready: true });
  const model = await get('/v2/models/default');
  expect(model.body).toMatchObject({ name: 'default', versions: [modelVersion] });
  expect(model.body.inputs.map(({ name }: { name: string }) => name).sort()).toEqual([...scorer.needed].sort());
  expect((await get(`/v2/models/default/versions/${modelVersion}/ready`)).body).toEqual({
    name: 'default',
    ready: true,
  });

  const { body } = await post('/v2/models/default/infer', { id: 'q1', inputs });
  expect(body).toMatchObject({ model_name: 'default', model_version: modelVersion, id: 'q1' });
  const { results } = scorer.scoreCustomers([customer, { age: 60, visits: null, region: 'north', joined: null }]);
  for (const { name, shape, data } of body.outputs) {
    expect(shape).toEqual([2]);
    expect(data).toEqual(results.map((result) => (result as unknown as Record<string, unknown>)[name]));
  }
  const one = await post('/v2/models/default/infer', { inputs, outputs: [{ name: 'propensity_score' }] });
  expect(one.body.outputs.map(({ name }: { name: string }) => name)).toEqual(['propensity_score']);
});

test.each<[string, string, unknown, number]>([
  ['another model', '/v2/models/other/infer', { inputs }, 404],
  ['another version', '/v2/models/default/versions/x/infer', { inputs }, 404],
  ['no inputs', '/v2/models/default/infer', {}, 400],
  ['a shape that is not the data', '/v2/models/default/infer', { inputs: [{ ...inputs[0], shape: [3] }] }, 400],
  ['uneven tensors', '/v2/models/default/infer', { inputs: [inputs[0], tensor('visits', 'FP64', [1])] }, 400],
  ['a tensor twice', '/v2/models/default/infer', { inputs: [inputs[0], inputs[0]] }, 400],
  ['an unknown output', '/v2/models/default/infer', { inputs, outputs: [{ name: 'x' }] }, 400],
  ['a customer without age', '/v2/models/default/infer', { inputs: inputs.slice(1) }, 400],
  ['no JSON', '/v2/models/default/infer', '{', 400],
])('errors of the Open Inference Protocol have its own shape: %s', async (_, path, body, status) => {
  const answer = await post(path, body);
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.body)).toEqual(['error']);
  expect(answer.body.error).not.toBe('');
});

const { customer_id: id, ...fields } = customer;
const split = { columns: ['customer_id', ...Object.keys(fields)], data: [[id, ...Object.values(fields)]] };
const csv = `${split.columns.join(',')}\n${split.data[0]!.join(',')}\n`;

test.each<[string, unknown, string]>([
  ['dataframe_split', { dataframe_split: split }, 'application/json'],
  ['dataframe_records', { dataframe_records: [customer] }, 'application/json'],
  ['instances', { instances: [customer] }, 'application/json'],
  ['inputs', { inputs: Object.fromEntries(Object.entries(customer).map(([k, v]) => [k, [v]])) }, 'application/json'],
  ['CSV', csv, 'text/csv'],
])("MLflow's %s gives the bits of the scorer", async (_, body, type) => {
  const answer = await post('/invocations', body, type);
  expect(answer).toEqual({ status: 200, body: { predictions: [{ ...score, findings: [] }] } });
});

test.each<[string, unknown]>([
  ['two forms', { instances: [], inputs: {} }],
  ['no form', {}],
  ['a ragged row', { dataframe_split: { columns: ['age'], data: [[1, 2]] } }],
  ['a column twice', { dataframe_split: { columns: ['age', 'age'], data: [[1, 2]] } }],
  ['uneven lists', { inputs: { age: [1, 2], visits: [1] } }],
  ['an unusable customer', { instances: [{ age: 'x' }] }],
])("MLflow's errors have its own shape: %s", async (_, body) => {
  const answer = await post('/invocations', body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error_code: 'BAD_REQUEST' });
  expect(Object.keys(answer.body)).toEqual(['error_code', 'message']);
});
