import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRegistryFolder } from '../../adapters/node/registry-folder.ts';
import { verifyLog } from './chain.ts';
import { archiveVersion, loadVerified, noteInLog, promoteVersion, registerVersion } from './registry.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bundle = (version: string) => ({ version, name: 'a study', bytes: Uint8Array.of(1, 2, 3) });
const day = (n: number): string => `2026-01-0${n}T00:00:00.000Z`;

test('versions are registered once, one is champion, the one before is archived, and all of it is logged', async () => {
  const store = createRegistryFolder(folder);
  await registerVersion(store, bundle('boosting-1'), { auc: 0.87 }, day(1));
  await registerVersion(store, bundle('boosting-1'), { auc: 0.99 }, day(2));
  await registerVersion(store, bundle('logistic-2'), { auc: 0.8 }, day(2));
  await promoteVersion(store, 'boosting-1', 'first', day(3));
  await promoteVersion(store, 'logistic-2', 'simpler', day(4));
  await noteInLog(store, { at: day(5), what: 'alert', details: { rule: 'Score drifted', value: 0.3 } });
  const { versions, log } = await loadVerified(createRegistryFolder(folder));
  expect(versions.map(({ version, stage, figures }) => [version, stage, figures.auc])).toEqual([
    ['boosting-1', 'archived', 0.87],
    ['logistic-2', 'champion', 0.8],
  ]);
  expect(log.map(({ what }) => what)).toEqual(['registered', 'registered', 'promoted', 'promoted', 'alert']);
  expect(log[3]?.details).toEqual({ version: 'logistic-2', instead: 'boosting-1', why: 'simpler' });
  expect(await store.loadBundle('boosting-1')).toEqual(Uint8Array.of(1, 2, 3));
  expect(await store.loadBundle('never')).toBeUndefined();
  expect((await readdir(folder)).sort()).toEqual(['boosting-1.zip', 'logistic-2.zip', 'registry.json']);
});

test('the champion is not archived by hand, unknown versions and odd names are refused', async () => {
  const store = createRegistryFolder(folder);
  await expect(archiveVersion(store, 'logistic-2', day(6))).rejects.toThrow('champion');
  await expect(promoteVersion(store, 'nobody', '', day(6))).rejects.toThrow('no version "nobody"');
  await expect(store.loadBundle('../../etc/passwd')).rejects.toThrow('no name');
});

test('a log in which any single value was changed is refused with the place', async () => {
  const { log } = await loadVerified(createRegistryFolder(folder));
  verifyLog(log);
  const changed = log.map((entry, i) => (i === 2 ? { ...entry, at: day(9) } : entry));
  expect(() => verifyLog(changed)).toThrow('Entry 2');
  expect(() => verifyLog(log.filter((_, i) => i !== 1))).toThrow('Entry 1');
  const path = join(folder, 'registry.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('simpler', 'better'));
  await expect(loadVerified(createRegistryFolder(folder))).rejects.toThrow('Entry 3');
});
