import { StudioError } from '../../shared/errors.ts';
import { readLightgbmFile } from '../formats/lightgbm-text-reader.ts';
import { exportedNames, writeLightgbmText } from '../formats/lightgbm-text.ts';
import type { ParameterValue, Parameters } from '../parameters.ts';
import type { BoostingFeature, BoostingModel, TargetStatistic } from './boosting-model.ts';
import { asNumbers, readStatistic, statisticJson } from './target-statistics-file.ts';

const textName = 'model.txt';
const extrasName = 'boosting.json';

/**
 * `model.txt`, which LightGBM loads, and `boosting.json`: original names, levels, parameters and target statistics, which
 * it cannot hold. Where a category is read by its target statistic, the text names that number as its feature.
 */
export function writeBoosting(model: BoostingModel): Readonly<Record<string, Uint8Array>> {
  const told = { ...model, features: asNumbers(model.features) };
  const names = exportedNames(told.features);
  const extras = {
    format: 'boosting/1',
    features: model.features.map(({ name, kind, levels, statistic }, index) => ({
      name,
      exported: names[index],
      kind,
      ...(levels ? { levels } : {}),
      ...(statistic ? { statistic: statisticJson(statistic) } : {}),
    })),
    parameters: model.parameters,
  };
  const encoder = new TextEncoder();
  return {
    [textName]: encoder.encode(writeLightgbmText(told)),
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
    const { kind, levels, statistic } = extra;
    const numbered = firstCode === undefined || kind === 'number' ? {} : { firstCode };
    return {
      name: extra.name,
      kind,
      ...(levels ? { levels } : {}),
      info,
      ...numbered,
      ...(statistic ? { statistic } : {}),
    };
  });
  return { ...model, features, parameters: extras.parameters };
}

interface ExtraFeature {
  readonly name: string;
  readonly exported: string;
  readonly kind: 'number' | 'category';
  readonly levels?: readonly string[];
  readonly statistic?: TargetStatistic;
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
  const { name, exported, kind, levels, statistic } = value as {
    name: string;
    exported: string;
    kind?: unknown;
    levels?: unknown;
    statistic?: unknown;
  };
  if (kind === 'number' && levels === undefined && statistic === undefined) return { name, exported, kind };
  if (kind === 'category' && Array.isArray(levels) && levels.every(isText) && new Set(levels).size === levels.length) {
    if (statistic === undefined) return { name, exported, kind, levels };
    const read = readStatistic(statistic, levels.length);
    if (!read) throw bad(`the target statistic of "${name}" is not a rate from 0 to 1 for each of its levels`);
    return { name, exported, kind, levels, statistic: read };
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
