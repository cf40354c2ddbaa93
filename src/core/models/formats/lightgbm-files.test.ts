import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Column, createFrame } from '../../data/frame.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { createNodeKernels } from '../../../adapters/node/kernels.ts';
import { openTreeScoring } from '../../kernels/tree-scoring.ts';
import { boostingRawScores } from '../boosting/raw-scores.ts';
import { bindFeatures } from './bind-features.ts';
import { readLightgbmText } from './lightgbm-text-reader.ts';
import { writeLightgbmText } from './lightgbm-text.ts';

interface Golden {
  readonly accepted: readonly {
    readonly name: string;
    readonly model: string;
    readonly columns: Readonly<Record<string, { number?: string; category?: readonly (string | null)[] }>>;
    readonly logOdds: string;
    readonly probability: string;
  }[];
  readonly refused: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL('../../../testing/golden/lightgbm-text.json', import.meta.url), 'utf8'),
) as Golden;

const scoring = await openTreeScoring(createNodeKernels({ threads: 1 }));

test.each(golden.accepted)("LightGBM's own file, $name: its scores bit for bit, and its probabilities", (file) => {
  const frame = frameOf(file.columns);
  const model = bindFeatures(readLightgbmText(file.model), frame);
  const scores = boostingRawScores(model, frame);
  expect(bitsOf(scores)).toEqual(bitsOf(doubles(file.logOdds)));
  expect(bitsOf(boostingRawScores(model, frame, scoring))).toEqual(bitsOf(doubles(file.logOdds)));
  doubles(file.probability).forEach((probability, row) => {
    expect(Math.abs(sigmoid(scores[row] as number) - probability)).toBeLessThan(1e-15);
  });
});

test.each(golden.accepted)('$name, written and read again: the same scores and the same text', ({ model, columns }) => {
  const frame = frameOf(columns);
  const first = readLightgbmText(model);
  const text = writeLightgbmText(first);
  const again = readLightgbmText(text);
  expect(bitsOf(boostingRawScores(bindFeatures(again, frame), frame))).toEqual(
    bitsOf(boostingRawScores(bindFeatures(first, frame), frame)),
  );
  expect(writeLightgbmText(again)).toBe(text);
});

test.each(golden.accepted)('$name, written: the trees, names and settings that LightGBM wrote', ({ model }) => {
  const written = writeLightgbmText(readLightgbmText(model));
  for (const key of ['objective', 'feature_names', 'feature_infos', 'pandas_categorical']) {
    const line = new RegExp(`^${key}[=:].*$`, 'm');
    const theirs = line.exec(model)?.[0];
    if (theirs && !theirs.endsWith(':null')) expect(line.exec(written)?.[0]).toBe(theirs);
  }
  expect(written.includes('\naverage_output\n')).toBe(model.includes('\naverage_output\n'));
  const valued = model.split('\n').filter((line) => /^\[\w+: .+\]$/.test(line) && !line.startsWith('[num_iterations'));
  for (const line of valued) expect(written.split('\n')).toContain(line);
});

test.each([
  ['linear tree', 'linear'],
  ['multiclass', 'several classes'],
  ['multiclassova', 'several classes'],
  ['regression', 'regression'],
  ['poisson', 'poisson'],
  ['cross_entropy_lambda', 'cross_entropy_lambda'],
  ['custom objective', 'no objective'],
])('a %s model of LightGBM is refused by name, with what to do', (name, word) => {
  expect(() => readLightgbmText(golden.refused[name] as string)).toThrow(
    expect.objectContaining({
      code: 'model.format',
      message: expect.stringContaining(word),
      fix: expect.stringMatching(/Train|objective/),
      where: expect.objectContaining({ row: expect.any(Number) }),
    }),
  );
});

function frameOf(columns: Golden['accepted'][number]['columns']) {
  return createFrame(
    Object.entries(columns).map(([name, { number, category }]): Column => {
      if (number !== undefined) return { kind: 'number', name, values: doubles(number) };
      const values = category ?? [];
      const levels = [...new Set(values.filter((value) => value !== null))];
      return {
        kind: 'category',
        name,
        levels,
        codes: Int32Array.from(values, (value) => levels.indexOf(value ?? '\0')),
      };
    }),
  );
}

function doubles(base64: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** NaN and the sign of zero count. */
function bitsOf(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.buffer, values.byteOffset, values.length);
}
