import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { createFrame } from '../../data/frame.ts';
import { StudioError } from '../../shared/errors.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import { createEncoder, fitEncoding } from '../encoding.ts';
import { initialLayers } from '../neural/initial-weights.ts';
import { clipValues } from '../neural/network-examples.ts';
import type { NeuralModel } from '../neural/neural-model.ts';
import { scoreNeural } from '../neural/score-neural.ts';
import { writeTfjsModel } from './tfjs-model.ts';
import { readTfjsModel } from './tfjs-model-reader.ts';

const rowCount = 60;
const random = createRandom(11);
const features = createFrame([
  {
    kind: 'number',
    name: 'visits',
    values: new Float64Array(rowCount).map((_, i) => (i % 9 ? random.normal() ** 3 : NaN)),
  },
  {
    kind: 'category',
    name: 'region',
    codes: new Int32Array(rowCount).map(() => random.integer(4) - 1),
    levels: ['n', 's', 'w'],
  },
]);
const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
const encoding = fitEncoding(features, rows);

/** A network whose every weight and statistic is drawn. */
function network(seed: number, batchNorm: boolean): NeuralModel['layers'] {
  const draw = createRandom(seed);
  const vector = (length: number, from: number) => new Float32Array(length).map(() => from + 0.3 * draw.normal());
  return initialLayers(encoding.width, [12, 7], batchNorm, seed).map((layer) => {
    const { units, batchNorm: norm } = layer;
    const biases = vector(units, 0);
    if (!norm) return { ...layer, biases };
    const drawn = {
      gamma: vector(units, 1),
      beta: vector(units, 0),
      mean: vector(units, 0),
      variance: vector(units, 2),
    };
    return { ...layer, biases, batchNorm: { ...norm, ...drawn } };
  });
}

function model(activation: NeuralModel['activation'], batchNorm: boolean, members: number): NeuralModel {
  const [layers = [], ...ensemble] = Array.from({ length: members }, (_, member) => network(member, batchNorm));
  const others = ensemble.length > 0 && { ensemble };
  const sensitivity = new Float32Array(encoding.width).map((_, j) => j / 8);
  return { kind: 'neural', encoding, clip: 2, sensitivity, activation, layers, ...others, parameters: {} };
}

const variants = [
  ['relu', true, 1],
  ['gelu', false, 1],
  ['silu', true, 3],
] as const;

beforeAll(() => tf.setBackend('cpu'));

function loadInTfjs(files: Readonly<Record<string, Uint8Array>>): Promise<tf.LayersModel> {
  const json = JSON.parse(new TextDecoder().decode(files['model.json'])) as tf.io.ModelJSON;
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const weightData = (files['weights.bin'] as Uint8Array<ArrayBuffer>).slice().buffer;
  const { modelTopology, userDefinedMetadata } = json;
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData, ...(userDefinedMetadata && { userDefinedMetadata }) }),
  );
}

test.each(variants)(
  'plain tfjs loads the network (%s, batch norm %s, %i) and gives the same probability',
  async (...given) => {
    const ours = model(...given);
    const loaded = await loadInTfjs(writeTfjsModel(ours));
    const encoded = new Float32Array(rowCount * encoding.width);
    createEncoder(encoding, features).encode(rows, 0, rowCount, encoded);
    clipValues(encoded, ours.clip);
    const theirs = (loaded.predict(tf.tensor2d(encoded, [rowCount, encoding.width])) as tf.Tensor).dataSync();
    const expected = scoreNeural(ours, features).map(sigmoid);
    expect(new Set(expected).size).toBeGreaterThan(30);
    expected.forEach((probability, row) => expect(Math.abs((theirs[row] as number) - probability)).toBeLessThan(1e-6));
  },
);

test.each(variants)(
  'what was written is read back whole (%s, batch norm %s, %i), also after tfjs saved it',
  async (...given) => {
    const ours = model(...given);
    const files = writeTfjsModel(ours);
    const { parameters: _, ...back } = readTfjsModel(files);
    const { parameters: __, ...whole } = ours;
    expect(back).toEqual(whole);
    let saved: tf.io.ModelArtifacts | undefined;
    const loaded = await loadInTfjs(files);
    await loaded.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const { modelTopology, weightSpecs, weightData, userDefinedMetadata } = saved as tf.io.ModelArtifacts;
    const weightsManifest = [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }];
    const json = JSON.stringify({ modelTopology, weightsManifest, userDefinedMetadata });
    const again = readTfjsModel({
      'saved/model.json': new TextEncoder().encode(json),
      'saved/group1-shard1of1.bin': new Uint8Array(weightData as ArrayBuffer),
    });
    expect(scoreNeural(again, features)).toEqual(scoreNeural(ours, features));
  },
);

interface Weight {
  shape: number[];
  dtype: string;
  name: string;
}
/** The parts of a model.json that the test spoils. */
interface LooseModel {
  weightsManifest: { weights: Weight[] }[];
  userDefinedMetadata?: { propensityStudio: { neural: { ensemble: number }; sensitivity: number[] } };
}

test('files that are no such network are refused by what is wrong with them', () => {
  const files = writeTfjsModel(model('relu', true, 1));
  const edited = (edit: (json: LooseModel) => void) => {
    const json: LooseModel = JSON.parse(new TextDecoder().decode(files['model.json']));
    edit(json);
    return () => readTfjsModel({ ...files, 'model.json': new TextEncoder().encode(JSON.stringify(json)) });
  };
  expect(() => readTfjsModel({})).toThrow('There is no model.json');
  expect(() => readTfjsModel({ 'model.json': Uint8Array.of(1) })).toThrow('is not JSON');
  expect(() => readTfjsModel({ 'model.json': files['model.json'] as Uint8Array })).toThrow('weights.bin is missing');
  expect(edited((json) => delete json.userDefinedMetadata)).toThrow('does not say how customers become its inputs');
  const studioOf = (json: LooseModel) =>
    (json.userDefinedMetadata as Required<LooseModel>['userDefinedMetadata']).propensityStudio;
  const weightOf = (json: LooseModel, index: number) => json.weightsManifest[0]?.weights[index] as Weight;
  expect(edited((json) => weightOf(json, 0).shape.reverse())).toThrow('is of shape 12 ×');
  expect(edited((json) => (weightOf(json, 0).shape = [-1, -1e9]))).toThrow('does not fit');
  expect(edited((json) => (weightOf(json, 0).dtype = 'float16'))).toThrow('not of kind float32');
  expect(edited((json) => (weightOf(json, 3).name = 'other'))).toThrow('is missing');
  expect(edited((json) => (studioOf(json).neural.ensemble = 1e9))).toThrow('from 1 to 10');
  expect(edited((json) => (studioOf(json).sensitivity = []))).toThrow('The sensitivity of 0 inputs');
});

test('500 spoiled files are refused in words, or scored by finite numbers', () => {
  const files = writeTfjsModel(model('relu', true, 2));
  const draw = createRandom(5);
  const spoils = [null, -1, 0, 1.5, 1e9, 1e300, '', 'x', [], {}, true];
  const outcomes = { refused: 0, accepted: 0 };
  for (let i = 0; i < 500; i++) {
    const json = JSON.parse(new TextDecoder().decode(files['model.json']));
    const places: [Record<string, unknown>, string][] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of Object.keys(value)) {
        places.push([value as Record<string, unknown>, key]);
        visit((value as Record<string, unknown>)[key]);
      }
    };
    visit({ weights: json.weightsManifest, metadata: json.userDefinedMetadata });
    const [place, key] = places[draw.integer(places.length)]!;
    place[key] = spoils[draw.integer(spoils.length)];
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    try {
      const read = readTfjsModel({ ...files, 'model.json': draw.next() < 0.9 ? bytes : bytes.slice(draw.integer(9)) });
      expect(scoreNeural({ ...read, encoding }, features).every(Number.isFinite)).toBe(true);
      outcomes.accepted++;
    } catch (error) {
      expect(error).toBeInstanceOf(StudioError);
      outcomes.refused++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(100);
  expect(outcomes.accepted).toBeGreaterThan(20);
});
