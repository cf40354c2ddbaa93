import { StudioError } from '../../shared/errors.ts';
import { readLightgbmFile } from '../formats/lightgbm-text-reader.ts';
import { exportedNames, writeLightgbmText } from '../formats/lightgbm-text.ts';
import type { ParameterValue, Parameters } from '../parameters.ts';
import type { BoostingFeature, BoostingModel } from './boosting-model.ts';

const textName = 'model.txt';
const extrasName = 'boosting.json';

/** `model.txt`, which LightGBM loads, and `boosting.json`: original names, levels and parameters, which it cannot hold. */
export function writeBoosting(model: BoostingModel): Readonly<Record<string, Uint8Array>> {
  const names = exportedNames(model.features);
  const extras = {
    format: 'boosting/1',
    features: model.features.map(({ name, kind, levels }, index) => ({
      name,
      exported: names[index],
      kind,
      ...(levels ? { levels } : {}),
    })),
    parameters: model.parameters,
  };
  const encoder = new TextEncoder();
  return {
    [textName]: encoder.encode(writeLightgbmText(model)),
    [extrasName]: encoder.encode(`${JSON.stringify(extras, null, 1)}\n`),
  };
}

/** Reads both files back, checking each and one against the other. Throws `model.format`. */
export function readBoosting(files: Readonly<Record<string, Uint8Array>>): BoostingModel {
  const model = readLightgbmFile(bytesOf(files, textName));
  const extras = parseExtras(new TextDecoder().decode(bytesOf(files, extrasName)));
  if (extras.features.length !== model.features.length) {
    throw bad(`it names ${extras.features.length} features, model.txt ${model.features.length}`);
  }
  const features = model.features.map(({ name, info, firstCode }, index): BoostingFeature => {
    const extra = extras.features[index] as ExtraFeature;
    if (extra.exported !== name) throw bad(`feature ${index} is "${extra.exported}", in model.txt "${name}"`);
    const { kind, levels } = extra;
    const numbered = firstCode === undefined || kind === 'number' ? {} : { firstCode };
    return { name: extra.name, kind, ...(levels ? { levels } : {}), info, ...numbered };
  });
  return { ...model, features, parameters: extras.parameters };
}

interface ExtraFeature {
  readonly name: string;
  readonly exported: string;
  readonly kind: 'number' | 'category';
  readonly levels?: readonly string[];
}

function bytesOf(files: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!bytes)
    throw new StudioError('model.format', `The boosting model has no file ${name}.`, { where: { file: name } });
  return bytes;
}

function parseExtras(text: string): { features: ExtraFeature[]; parameters: Parameters } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw bad('it is not JSON', cause);
  }
  if (!isRecord(parsed) || parsed['format'] !== 'boosting/1') throw bad('its format is not "boosting/1"');
  if (!Array.isArray(parsed['features']) || !isRecord(parsed['parameters']))
    throw bad('features or parameters are missing');
  const features = parsed['features'].map(readFeature);
  if (new Set(features.map(({ name }) => name)).size !== features.length) throw bad('a feature stands twice');
  for (const [name, value] of Object.entries(parsed['parameters'])) {
    if (!['number', 'string', 'boolean'].includes(typeof value)) throw bad(`parameter "${name}" has no value`);
  }
  return { features, parameters: parsed['parameters'] as Readonly<Record<string, ParameterValue>> };
}

function readFeature(value: unknown, index: number): ExtraFeature {
  const isText = (each: unknown): each is string => typeof each === 'string';
  if (!isRecord(value) || !isText(value['name']) || !isText(value['exported']))
    throw bad(`feature ${index} has no name`);
  const { name, exported, kind, levels } = value as {
    name: string;
    exported: string;
    kind?: unknown;
    levels?: unknown;
  };
  if (kind === 'number' && levels === undefined) return { name, exported, kind };
  if (kind === 'category' && Array.isArray(levels) && levels.every(isText) && new Set(levels).size === levels.length) {
    return { name, exported, kind, levels };
  }
  throw bad(`feature "${name}" is neither a number nor a category with levels`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(what: string, cause?: unknown): StudioError {
  return new StudioError('model.format', `boosting.json cannot be read: ${what}.`, {
    where: { file: extrasName },
    cause,
  });
}
