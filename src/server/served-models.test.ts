import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { zipFiles } from '../adapters/any/zip.ts';
import { armOf } from '../core/decisions/experiment.ts';
import type { ModelKind } from '../core/models/model.ts';
import { writeBundle } from '../core/scoring/bundle.ts';
import type { CustomerScore } from '../core/scoring/scorer.ts';
import { tinyBundle } from '../testing/golden/bundle-fixture.ts';
import { createApi } from './api.ts';
import { type ModelFiles, type ServeOptions, serveModels } from './served-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'propensity-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
const versionOf = (kind: ModelKind): string => tinyBundle(kind).manifest.modelVersion;

function save(name: string, kind: ModelKind): string {
  const path = join(folder, name);
  writeFileSync(path, zipFiles(writeBundle(tinyBundle(kind))));
  return path;
}

function serve(files: Omit<ModelFiles, 'default'>, options: Partial<ServeOptions> = {}) {
  const served = serveModels(
    { default: save('default.zip', 'boosting'), ...files },
    { log: () => undefined, ...options },
  );
  const api = createApi({ lineup: served.lineup, reload: served.reload });
  const post = async (path: string, body: unknown) => {
    const response = await api.fetch(
      new Request(`http://localhost${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    // oxlint-disable-next-line typescript/no-explicit-any -- an answer of a test, read by hand
    return { status: response.status, body: (await response.json()) as any };
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer of a test, read by hand
  const models = async () => (await (await api.fetch(new Request('http://localhost/models'))).json()) as any[];
  return { post, models };
}

const experiment = { name: 'spring', share: 0.4 };
const customers = Array.from({ length: 300 }, (_, i) => ({ id: `C${i}`, age: 20 + (i % 50), visits: i }));

test('two models share customers by id, alone and in a batch, and each answer has the score of the model it names', async () => {
  const path = save('challenger.zip', 'logistic');
  const { post, models } = serve({ challenger: { path, experiment } });
  const { body: batch } = await post('/predict/batch', customers);
  const alone = await post('/predict', customers[7]);
  expect(alone.body).toEqual(batch[7]);
  batch.forEach((answer: CustomerScore, i: number) => {
    const kind = armOf(customers[i]!.id, experiment) === 'challenger' ? 'logistic' : 'boosting';
    expect(answer.model_version).toBe(versionOf(kind));
    expect(answer.customer_id).toBe(customers[i]!.id);
  });
  expect(new Set(batch.map((answer: CustomerScore) => answer.model_version)).size).toBe(2);
  expect((await post('/predict', { age: 30 })).body.model_version).toBe(versionOf('boosting'));
  expect((await models()).map(({ id, share }) => [id, share])).toEqual([
    ['default', 0.6],
    ['challenger', 0.4],
  ]);
});

test('a problem in a shared batch keeps its place', async () => {
  const { post } = serve({ challenger: { path: save('challenger.zip', 'logistic'), experiment } });
  const spoiled = customers.map((customer, i) => (i === 123 ? { ...customer, age: 'x' } : customer));
  const { status, body } = await post('/predict/batch', spoiled);
  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/123/age']);
});

test('one model is read again by its id; the other stays', async () => {
  const path = save('challenger.zip', 'logistic');
  const { post, models } = serve({ challenger: { path, experiment } });
  save('challenger.zip', 'neural');
  expect(await post('/model/reload', { model: 'challenger' })).toMatchObject({
    status: 200,
    body: { model: 'challenger', before: versionOf('logistic'), model_version: versionOf('neural') },
  });
  expect((await models()).map((model) => model.model_version)).toEqual([versionOf('boosting'), versionOf('neural')]);
  expect((await post('/model/reload', { model: 'shadow' })).status).toBe(404);
});

test('a shadow scores everybody after the answer, and nobody sees it', async () => {
  const seen: [string, string | undefined][] = [];
  const { post } = serve(
    { shadow: save('shadow.zip', 'logistic') },
    { onShadow: (said, shadow) => seen.push([said.model_version, shadow?.model_version]) },
  );
  const { body } = await post('/predict', customers[0]);
  expect(body.model_version).toBe(versionOf('boosting'));
  await new Promise((resume) => setImmediate(resume));
  expect(seen).toEqual([[versionOf('boosting'), versionOf('logistic')]]);
});
