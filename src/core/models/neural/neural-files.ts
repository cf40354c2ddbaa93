import { StudioError } from '../../shared/errors.ts';
import type { Activation } from '../../kernels/dense-inference.ts';
import { activationCodes } from '../../kernels/reference/dense-activation.ts';
import type { EncodedColumn, Encoding, Knots } from '../encoding.ts';
import { checkParameters } from '../parameter-check.ts';
import type { Parameters } from '../parameters.ts';
import type { BatchNorm, DenseLayer } from '../../kernels/dense-training.ts';
import type { NeuralModel } from './neural-model.ts';
import { neuralParameters } from './neural-parameters.ts';

const jsonName = 'neural.json';
const binName = 'neural.bin';

/** What the files tell of a layer. */
export interface LayerShape {
  readonly inputs: number;
  readonly units: number;
  /** Epsilon of the layer's batch normalisation; absent without. */
  readonly epsilon?: number;
}

/**
 * The network as two files: neural.json (encoding, shapes, parameters) and neural.bin (floats, little-endian: the inputs'
 * sensitivity, then per layer weights, biases and, under batch normalisation, gamma, beta, mean and variance; an ensemble's
 * networks, which share their shape, one after the other).
 */
export function writeNeural(model: NeuralModel): Readonly<Record<string, Uint8Array>> {
  const layers = model.layers.map(
    ({ inputs, units, batchNorm }): LayerShape => ({ inputs, units, ...(batchNorm && { epsilon: batchNorm.epsilon }) }),
  );
  const { activation, clip, encoding, parameters, ensemble = [] } = model;
  const members = ensemble.length > 0 && { ensemble: 1 + ensemble.length };
  const json = { format: 'neural', version: 1, activation, clip, ...members, layers, encoding, parameters };
  const floats = [model.sensitivity, ...[model.layers, ...ensemble].flat().flatMap(layerFloats)];
  const bytes = new Uint8Array(4 * floats.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of floats) {
    for (const value of part) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return { [jsonName]: new TextEncoder().encode(JSON.stringify(json)), [binName]: bytes };
}

function layerFloats({ weights, biases, batchNorm }: DenseLayer): Float32Array[] {
  const norm = batchNorm ? [batchNorm.gamma, batchNorm.beta, batchNorm.mean, batchNorm.variance] : [];
  return [weights, biases, ...norm];
}

/** Reads what `writeNeural` wrote; anything that does not fit together is `model.format` with the place. */
export function readNeural(files: Readonly<Record<string, Uint8Array>>): NeuralModel {
  const json = parseJson(files[jsonName]);
  if (json.format !== 'neural' || json.version !== 1) throw refused('format', 'a neural network of version 1');
  const activation = json.activation as Activation;
  if (!Object.hasOwn(activationCodes, activation)) throw refused('activation', 'relu, gelu or silu');
  const members = json.ensemble === undefined ? 1 : count(json.ensemble, 'ensemble');
  if (members < 1 || members > 10) throw refused('ensemble', 'from 1 to 10');
  const encoding = readEncoding(json.encoding);
  const shapes = readShapes(json.layers, encoding.width);
  const floats = floatReader(files[binName]);
  const sensitivity = floats.take(encoding.width, 'sensitivity');
  const layerAt = ({ inputs, units, epsilon }: LayerShape, index: number): DenseLayer => {
    const take = (count: number, part: string) => floats.take(count, `layers.${index}.${part}`);
    const weights = take(inputs * units, 'weights');
    const biases = take(units, 'biases');
    if (epsilon === undefined) return { inputs, units, weights, biases };
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) => take(units, part));
    const batchNorm = { gamma, beta, mean, variance, epsilon } as BatchNorm;
    if (batchNorm.variance.some((value) => value < 0))
      throw refused(`layers.${index}.variance`, 'no negative variance');
    return { inputs, units, weights, biases, batchNorm };
  };
  const [layers = [], ...ensemble] = Array.from({ length: members }, () => shapes.map(layerAt));
  floats.end();
  const clip = finiteNumber(json.clip, 'clip');
  if (clip < 0) throw refused('clip', 'a number of at least 0');
  const parameters = checkParameters('neural', neuralParameters, record(json.parameters, 'parameters')) as Parameters;
  const others = ensemble.length > 0 && { ensemble };
  return { kind: 'neural', encoding, clip, sensitivity, activation, layers, ...others, parameters };
}

function parseJson(bytes: Uint8Array | undefined): Record<string, unknown> {
  if (!bytes) throw new StudioError('model.format', `The file ${jsonName} is missing.`, { where: { file: jsonName } });
  try {
    return record(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), '');
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw new StudioError('model.format', `${jsonName} is not JSON.`, { where: { file: jsonName }, cause });
  }
}

const maxUnits = 65_536;

/** Checked shapes of a network with `width` inputs; throws `model.format`. */
export function readShapes(value: unknown, width: number): LayerShape[] {
  const shapes = list(value, 'layers').map((each, index): LayerShape => {
    const shape = record(each, `layers.${index}`);
    const inputs = count(shape.inputs, `layers.${index}.inputs`);
    const units = count(shape.units, `layers.${index}.units`);
    if (shape.epsilon === undefined) return { inputs, units };
    const epsilon = finiteNumber(shape.epsilon, `layers.${index}.epsilon`);
    if (!(epsilon > 0)) throw refused(`layers.${index}.epsilon`, 'a number above 0');
    return { inputs, units, epsilon };
  });
  const last = shapes.at(-1);
  if (!last || shapes.length > 64 || last.units !== 1) throw refused('layers', '1 to 64 layers, the last of one unit');
  shapes.forEach((shape, index) => {
    const expected = shapes[index - 1]?.units ?? width;
    if (shape.inputs !== expected) throw refused(`layers.${index}.inputs`, String(expected));
  });
  return shapes;
}

function readEncoding(value: unknown): Encoding {
  let width = 0;
  const names = new Set<string>();
  const columns = list(record(value, 'encoding').columns, 'encoding.columns').map((each, index): EncodedColumn => {
    const field = `encoding.columns.${index}`;
    const column = record(each, field);
    const name = text(column.name, `${field}.name`);
    if (names.has(name)) throw refused(`${field}.name`, `a name used once, not "${name}" again`);
    names.add(name);
    const slot = width;
    if (column.slot !== slot) throw refused(`${field}.slot`, String(slot));
    if (column.kind === 'category') {
      const levels = list(column.levels, `${field}.levels`).map((level, at) => text(level, `${field}.levels.${at}`));
      width += levels.length;
      return { kind: 'category', name, levels, slot };
    }
    if (column.kind !== 'number') throw refused(`${field}.kind`, '"number" or "category"');
    const mean = finiteNumber(column.mean, `${field}.mean`);
    const scale = finiteNumber(column.scale, `${field}.scale`);
    if (!(scale > 0)) throw refused(`${field}.scale`, 'a number above 0');
    const { missingIndicator } = column;
    if (typeof missingIndicator !== 'boolean') throw refused(`${field}.missingIndicator`, 'true or false');
    width += missingIndicator ? 2 : 1;
    const knots = column.knots === undefined ? undefined : readKnots(column.knots, `${field}.knots`);
    return { kind: 'number', name, mean, scale, slot, missingIndicator, ...(knots && { knots }) };
  });
  if (record(value, 'encoding').width !== width) throw refused('encoding.width', String(width));
  return { columns, width };
}

function readKnots(value: unknown, field: string): Knots {
  const { values, outputs } = record(value, field);
  const numbers = (part: unknown, name: string) =>
    list(part, `${field}.${name}`).map((each, index) => finiteNumber(each, `${field}.${name}.${index}`));
  const knots = { values: numbers(values, 'values'), outputs: numbers(outputs, 'outputs') };
  const rises = knots.values.every((each, index) => index === 0 || each > (knots.values[index - 1] as number));
  if (!rises || knots.values.length < 2 || knots.values.length !== knots.outputs.length) {
    throw refused(field, 'as many outputs as values, which rise');
  }
  return knots;
}

function floatReader(bytes: Uint8Array | undefined) {
  if (!bytes) throw new StudioError('model.format', `The file ${binName} is missing.`, { where: { file: binName } });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const wrongLength = (found: string) =>
    new StudioError('model.format', `${binName} holds ${bytes.length} bytes, ${found}.`, {
      where: { file: binName, byte: at },
    });
  return {
    take(length: number, part: string): Float32Array {
      // Before anything is allocated: a forged shape must not claim memory.
      if (at + 4 * length > bytes.length) throw wrongLength(`too few for ${part}`);
      const values = new Float32Array(length);
      for (let i = 0; i < length; i++, at += 4) values[i] = view.getFloat32(at, true);
      if (!values.every(Number.isFinite)) throw refused(part, 'finite numbers', binName);
      return values;
    },
    end() {
      if (at !== bytes.length) throw wrongLength(`expected ${at}`);
    },
  };
}

function refused(field: string, expected: string, file = jsonName): StudioError {
  return new StudioError('model.format', `${file}: ${field || 'the file'} must be ${expected}.`, {
    where: { file, field },
  });
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(field, 'an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refused(field, 'a list');
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw refused(field, 'text');
  return value;
}

function finiteNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused(field, 'a number');
  return value;
}

function count(value: unknown, field: string): number {
  const number = finiteNumber(value, field);
  if (!Number.isInteger(number) || number < 0 || number > maxUnits) throw refused(field, 'a whole number');
  return number;
}
