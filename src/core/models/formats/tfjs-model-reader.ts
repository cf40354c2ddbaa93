import { StudioError } from '../../shared/errors.ts';
import { readNeural, readShapes } from '../neural/neural-files.ts';
import type { NeuralModel } from '../neural/neural-model.ts';
import { metadataKey, topologyName, type WeightSpec, weightSpecs } from './tfjs-model.ts';

/**
 * The network of a tfjs layers model that `writeTfjsModel` wrote, perhaps trained further and saved by tfjs since. Weights
 * are met by name and must have the shapes that the metadata declares. Throws `model.format`.
 */
export function readTfjsModel(files: Readonly<Record<string, Uint8Array>>): NeuralModel {
  const path = Object.keys(files).find((name) => name === topologyName || name.endsWith(`/${topologyName}`));
  if (path === undefined) throw refused(`There is no ${topologyName} among ${Object.keys(files).length} files.`);
  const json = parse(files[path] as Uint8Array);
  const metadata = object(object(json['userDefinedMetadata'])[metadataKey]);
  const neural = object(metadata['neural']);
  if (!Array.isArray(neural['layers'])) {
    throw new StudioError('model.format', `${topologyName} does not say how customers become its inputs.`, {
      where: { file: topologyName, field: `userDefinedMetadata.${metadataKey}` },
      fix: 'Open a network saved by this studio; of any other, the preparation of its inputs is not known.',
    });
  }
  const { ensemble = 1, encoding } = neural;
  const width = object(encoding)['width'] as number;
  const shapes = readShapes(neural['layers'], width);
  if (!(Number.isInteger(ensemble) && (ensemble as number) >= 1 && (ensemble as number) <= 10)) {
    throw refused('An ensemble has from 1 to 10 networks.');
  }
  const sensitivity = list(metadata['sensitivity']);
  if (sensitivity.length !== width)
    throw refused(`The sensitivity of ${sensitivity.length} inputs is told, not of ${width}.`);
  const weights = namedWeights(json, files, path.slice(0, -topologyName.length));
  const found = weightSpecs(shapes, ensemble as number).map((spec) => weightOf(weights, spec));
  return readNeural({
    'neural.json': new TextEncoder().encode(JSON.stringify(neural)),
    'neural.bin': joined([littleEndian(sensitivity), ...found]),
  });
}

interface NamedWeight {
  readonly shape: readonly unknown[];
  readonly bytes: Uint8Array;
}

function namedWeights(
  json: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, Uint8Array>>,
  folder: string,
): Map<string, NamedWeight> {
  const named = new Map<string, NamedWeight>();
  for (const group of list(json['weightsManifest']).map(object)) {
    const parts = list(group['paths']).map((name) => {
      const part = files[`${folder}${String(name)}`];
      if (!part) throw refused(`The file ${String(name).slice(0, 80)} is missing.`);
      return part;
    });
    const data = joined(parts);
    let at = 0;
    for (const { name, shape, dtype, quantization } of list(group['weights']).map(object)) {
      const sizes = list(shape);
      const length = sizes.reduce<number>((product, size) => product * Number(size), 4);
      if (dtype !== 'float32' || quantization !== undefined)
        throw refused(`Weight ${String(name)} is not of kind float32.`);
      if (!(Number.isInteger(length) && length >= 0 && at + length <= data.length)) {
        throw refused(`Weight ${String(name)} does not fit into ${data.length} bytes.`);
      }
      named.set(String(name), { shape: sizes, bytes: data.subarray(at, at + length) });
      at += length;
    }
  }
  return named;
}

function weightOf(weights: ReadonlyMap<string, NamedWeight>, { name, shape }: WeightSpec): Uint8Array {
  const weight = weights.get(name);
  if (!weight) throw refused(`Weight ${name} is missing.`);
  if (weight.shape.join() !== shape.join())
    throw refused(`Weight ${name} is of shape ${weight.shape.join(' × ')}, not ${shape.join(' × ')}.`);
  return weight.bytes;
}

function littleEndian(values: readonly unknown[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, Number(value), true));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new StudioError('model.format', `${topologyName} is not JSON.`, { where: { file: topologyName }, cause });
  }
}

/** What is no object or list is an empty one: what it lacks is then said by name. */
function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function refused(what: string): StudioError {
  return new StudioError('model.format', what, { where: { file: topologyName } });
}
