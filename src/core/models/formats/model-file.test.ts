import { expect, test } from 'vitest';
import { zipFiles } from '../../../adapters/any/zip.ts';
import { modelFileKind } from './model-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const empty = new Uint8Array(3);

test.each([
  ['LightGBM text', bytes('tree\nversion=v4\n'), 'lightgbm'],
  ["the studio's tfjs zip", zipFiles({ 'weights.bin': empty, 'model.json': bytes('{}') }), 'tfjs'],
  ['a folder of tfjs files', zipFiles({ 'net/group1-shard1of1.bin': empty, 'net/model.json': bytes('{}') }), 'tfjs'],
  ['a bundle', zipFiles({ 'manifest.json': bytes('{}'), 'neural.bin': empty }), undefined],
  ['a table about trees', bytes('tree,height\nbeech,30\n'), undefined],
  ['nothing', new Uint8Array(0), undefined],
])('%s is told by how it begins', (_, file, kind) => {
  expect(modelFileKind(file)).toBe(kind);
});
