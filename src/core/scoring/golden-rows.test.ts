import { expect, test } from 'vitest';
import { tinyBundle, tinySchema } from '../../testing/golden/bundle-fixture.ts';
import { modelKinds } from '../models/model.ts';
import { listFiles, versionOf, writeBundle } from './bundle.ts';
import { canonicalJson } from './canonical-json.ts';
import { makeGoldenRows } from './golden-rows.ts';
import { readBundle } from './read-bundle.ts';
import { createScorer } from './scorer.ts';

const bundle = tinyBundle('boosting');
const integrity = expect.objectContaining({ code: 'bundle.integrity' });
const format = expect.objectContaining({ code: 'bundle.format' });

test.each(modelKinds)('a %s bundle carries golden rows that reach every branch of its fields', (kind) => {
  const { records, propensity } = tinyBundle(kind).golden!;
  expect(new Set(propensity).size).toBeGreaterThan(kind === 'boosting' ? 3 : 20);
  for (const { name, optional } of tinySchema.columns.filter(({ role }) => role === 'feature')) {
    expect(records.some((record) => record[name] === null)).toBe(optional === true);
  }
  const ages = records.map((record) => record.age as number);
  expect(ages).toEqual(expect.arrayContaining([18, 100, 0, -1]));
  expect(records.map((record) => record.region)).toEqual(
    expect.arrayContaining(['north', 'south', 'west', 'never seen before']),
  );
});

test('golden rows come from the schema and the model alone: the same twice, and none names a customer', () => {
  expect(makeGoldenRows(createScorer(bundle))).toEqual(bundle.golden);
  for (const record of bundle.golden!.records) expect(record).not.toHaveProperty('id');
});

test('a table with far more columns than golden rows still has at most 256', () => {
  const wide = Array.from({ length: 300 }, (_, i) => ({
    name: `extra ${i}`,
    description: '',
    kind: 'number' as const,
    role: 'feature' as const,
  }));
  const scorer = createScorer(bundle);
  const schema = { ...tinySchema, columns: [...tinySchema.columns, ...wide] };
  const needed = new Set([...scorer.needed, ...wide.map(({ name }) => name)]);
  const rows = makeGoldenRows({ ...scorer, needed, bundle: { ...bundle, schema } });
  expect(rows.records).toHaveLength(256);
  expect(rows.propensity).toHaveLength(256);
});

/** A bundle in which one file says something else, signed anew as a forger or a faulty writer would. */
function withFile(name: string, change: (json: Record<string, unknown>) => unknown): Record<string, Uint8Array> {
  const { 'manifest.json': manifestBytes, ...parts } = writeBundle(bundle);
  const json = JSON.parse(new TextDecoder().decode(parts[name])) as Record<string, unknown>;
  parts[name] = new TextEncoder().encode(canonicalJson(change(json)));
  const files = listFiles(parts);
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as object;
  const signed = { ...manifest, files, modelVersion: versionOf('boosting', files) };
  return { ...parts, 'manifest.json': new TextEncoder().encode(JSON.stringify(signed)) };
}

test('a bundle that is whole but scores otherwise than when it was saved is refused', () => {
  const nudged = withFile('calibrator.json', (json) => ({ ...json, intercept: (json.intercept as number) + 1e-9 }));
  expect(() => readBundle(nudged)).toThrow(integrity);
  const otherDay = withFile('scoring.json', (json) => ({ ...json, asOf: 10_000 }));
  expect(() => readBundle(otherDay)).toThrow(integrity);
});

test.each<[string, (json: Record<string, unknown>) => unknown, unknown]>([
  ['none', (json) => ({ ...json, records: [], propensity: [], probability: [] }), format],
  ['fewer scores than rows', (json) => ({ ...json, propensity: [0.5] }), format],
  ['a score that is none', (json) => ({ ...json, propensity: (json.propensity as number[]).map(() => 2) }), format],
  ['a row that is no customer', (json) => ({ ...json, records: (json.records as unknown[]).map(() => 1) }), format],
  [
    'a row that cannot be scored',
    (json) => ({ ...json, records: (json.records as unknown[]).map(() => ({})) }),
    integrity,
  ],
])('golden rows with %s are refused', (_, change, error) => {
  expect(() => readBundle(withFile('golden-rows.json', change))).toThrow(error as Error);
});

test('a bundle saved before there were golden rows still opens', () => {
  const { 'manifest.json': manifestBytes, 'golden-rows.json': _, ...parts } = writeBundle(bundle);
  const files = listFiles(parts);
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as object;
  const old = { ...manifest, files, modelVersion: versionOf('boosting', files) };
  const opened = readBundle({ ...parts, 'manifest.json': new TextEncoder().encode(JSON.stringify(old)) });
  expect(opened.golden).toBeUndefined();
});
