import { expect, test } from 'vitest';
import { createFrame } from '../data/frame.ts';
import { referenceKernels } from '../kernels/kernels.ts';
import { noCheckpoint } from '../shared/checkpoint.ts';
import { createRandom } from '../shared/random.ts';
import { importanceOf, modelCatalogue, modelEntry, rawScores, readModel, writeModel } from './catalogue.ts';
import { modelKinds } from './model.ts';
import { checkParameters, defaultParameters } from './parameter-check.ts';

test.each(modelKinds)(
  'the declared parameters of %s are complete: named once, explained, defaults within range',
  (kind) => {
    const { parameters } = modelCatalogue[kind];
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    for (const { help } of parameters) expect(help).toMatch(/^[A-Za-z0-9].{10,160}\.$/);
    expect(checkParameters(kind, parameters, defaultParameters(parameters))).toEqual(defaultParameters(parameters));
  },
);

const random = createRandom(3);
const rowCount = 400;
const age = Float64Array.from({ length: rowCount }, (_, row) => (row % 11 === 0 ? Number.NaN : random.normal()));
const region = Int32Array.from({ length: rowCount }, () => random.integer(4) - 1);
const features = createFrame([
  { kind: 'number', name: 'age', values: age },
  { kind: 'category', name: 'region', codes: region, levels: ['north', 'south', 'west'] },
]);
const labels = Int8Array.from(age, (value, row) =>
  (value || 0) + (region[row] === 1 ? 1 : 0) + random.normal() > 0.5 ? 1 : 0,
);
const rows = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const quick = { logistic: {}, boosting: { n_estimators: 5 }, neural: { layers: [4], epochs: 2 } };

test.each(modelKinds)(
  '%s trains, scores, tells importance and comes back from its files with the same scores',
  async (kind) => {
    const entry = modelEntry(kind);
    expect(entry.kind).toBe(kind);
    const input = { features, labels, train: rows(0, 300), validation: rows(300, rowCount), seed: 1 };
    const parameters = checkParameters(kind, entry.parameters, quick[kind]);
    const { model } = await entry.train(input, parameters, { kernels: referenceKernels, checkpoint: noCheckpoint });
    const scores = rawScores(model, features);
    expect(scores.length).toBe(rowCount);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(
      importanceOf(model)
        .map(({ feature }) => feature)
        .sort(),
    ).toEqual(['age', 'region']);
    expect(rawScores(readModel(kind, writeModel(model)), features)).toEqual(scores);
  },
);
