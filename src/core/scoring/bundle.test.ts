import { expect, test } from 'vitest';
import { tinyBundle, tinyCustomers } from '../../testing/golden/bundle-fixture.ts';
import { modelKinds } from '../models/model.ts';
import { StudioError } from '../shared/errors.ts';
import { listFiles, versionOf, writeBundle } from './bundle.ts';
import { canonicalJson } from './canonical-json.ts';
import { readBundle } from './read-bundle.ts';
import { createScorer } from './scorer.ts';

test.each(modelKinds)('a %s bundle scores with the same bits after a round trip', async (kind) => {
  const bundle = tinyBundle(kind);
  const back = readBundle(writeBundle(bundle));
  const customers = tinyCustomers(300, 5);
  const [before, after] = [
    await createScorer(bundle).scoreFrame(customers),
    await createScorer(back).scoreFrame(customers),
  ];
  expect(new Set(before.propensity).size).toBeGreaterThan(3);
  expect(after).toEqual(before);
  expect(back.manifest).toEqual(bundle.manifest);
});

test.each(modelKinds)('a %s bundle is written with the same bytes again', (kind) => {
  const files = writeBundle(tinyBundle(kind));
  expect(writeBundle(readBundle(files))).toEqual(files);
  expect(writeBundle(tinyBundle(kind))).toEqual(files);
});

test('the model version follows the contents and not the name', () => {
  const bundle = tinyBundle('logistic');
  const { manifest: _, ...parts } = bundle;
  expect(bundle.manifest.modelVersion).toMatch(/^logistic-[0-9a-f]{12}$/);
  const files = writeBundle({ ...parts, cutoffs: { ...parts.cutoffs, cut: 0.56 }, manifest: bundle.manifest });
  expect(() => readBundle(files)).toThrow(expect.objectContaining({ code: 'bundle.integrity' }));
});

test('a flipped bit anywhere in a file is found', () => {
  const files = writeBundle(tinyBundle('boosting'));
  let flips = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const step = Math.max(1, Math.floor(bytes.length / 60));
    for (let at = 0; at < bytes.length; at += step) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      flips++;
      // The name and origin in the manifest are words about the bundle; all else is covered by hashes.
      const told = name === 'manifest.json' && isAbout(bytes, at);
      if (!told) expect(() => readBundle({ ...files, [name]: changed }), `${name} at ${at}`).toThrow(StudioError);
    }
  }
  expect(flips).toBeGreaterThan(300);
});

function isAbout(manifest: Uint8Array, at: number): boolean {
  const text = new TextDecoder().decode(manifest);
  return ['"name":"Tiny"', '"createdFrom":"500 customers"'].some((part) => {
    const from = text.indexOf(part);
    return at >= from && at < from + part.length;
  });
}

test('a missing, an extra and a strange file are refused', () => {
  const files = writeBundle(tinyBundle('logistic'));
  const integrity = expect.objectContaining({ code: 'bundle.integrity' });
  for (const name of Object.keys(files)) {
    const { [name]: _, ...others } = files;
    expect(() => readBundle(others)).toThrow(
      name === 'manifest.json' ? expect.objectContaining({ code: 'bundle.format' }) : integrity,
    );
  }
  expect(() => readBundle({ ...files, 'extra.json': new Uint8Array(1) })).toThrow(integrity);
  expect(() => readBundle(signed(files, 'surprise.js', 'alert(1)'))).toThrow(integrity);
});

test.each<[string, string, unknown]>([
  ['a schema without columns', 'schema.json', { name: 'x' }],
  [
    'a column of an unknown kind',
    'schema.json',
    { name: 'x', columns: [{ name: 'a', description: '', kind: 'blob', role: 'feature' }] },
  ],
  ['a recipe that lacks a feature of the model', 'recipe.json', { version: 1, features: [] }],
  ['a recipe that is none', 'recipe.json', []],
  ['a calibrator that falls', 'calibrator.json', { kind: 'platt', slope: -1, intercept: 0 }],
  ['shares that fall with the distance', 'scoring.json', { shares: [0.9, 0.5, 1] }],
  ['a share above 1', 'scoring.json', { shares: [0.5, 0.8, 1.5] }],
  ['High below Medium', 'scoring.json', { high: 0.1 }],
])('%s is refused though its hash is right', (_, name, contents) => {
  const files = writeBundle(tinyBundle('logistic'));
  const before = JSON.parse(new TextDecoder().decode(files[name])) as Record<string, Record<string, unknown>>;
  const json =
    name === 'scoring.json'
      ? {
          ...before,
          cutoffs: { ...before.cutoffs, ...('high' in (contents as object) ? (contents as object) : {}) },
          confidence: { ...before.confidence, ...('shares' in (contents as object) ? (contents as object) : {}) },
        }
      : contents;
  expect(() => readBundle(signed(files, name, canonicalJson(json)))).toThrow(
    expect.objectContaining({ code: 'bundle.format' }),
  );
});

test('a bundle of a later format is refused as such', () => {
  const files = writeBundle(tinyBundle('logistic'));
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as object;
  const later = new TextEncoder().encode(JSON.stringify({ ...manifest, formatVersion: 2 }));
  expect(() => readBundle({ ...files, 'manifest.json': later })).toThrow(
    expect.objectContaining({ code: 'bundle.version' }),
  );
});

/** The files with one replaced and the manifest made to fit, as a forger would. */
function signed(files: Record<string, Uint8Array>, name: string, text: string): Record<string, Uint8Array> {
  const { 'manifest.json': manifestBytes, ...parts } = { ...files, [name]: new TextEncoder().encode(text) };
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes)) as object;
  const listed = listFiles(parts);
  const forged = { ...manifest, files: listed, modelVersion: versionOf('logistic', listed) };
  return { ...parts, 'manifest.json': new TextEncoder().encode(JSON.stringify(forged)) };
}
