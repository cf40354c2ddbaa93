import { StudioError } from '../../shared/errors.ts';
import type { EncodedColumn } from '../encoding.ts';
import { checkParameters } from '../parameter-check.ts';
import type { LogisticModel } from './logistic-model.ts';
import { logisticParameters } from './logistic-parameters.ts';

const fileName = 'logistic.json';

/** The model as `logistic.json`; numbers keep all their bits (the shortest decimal that reads back as the same double). */
export function writeLogistic(model: LogisticModel): Readonly<Record<string, Uint8Array>> {
  const { encoding, intercept, coefficients, inputMeans, inputScales, parameters } = model;
  const plain = {
    format: 'propensity-studio/logistic',
    version: 1,
    columns: encoding.columns,
    intercept,
    coefficients: [...coefficients],
    inputMeans: [...inputMeans],
    inputScales: [...inputScales],
    parameters,
  };
  return { [fileName]: new TextEncoder().encode(`${JSON.stringify(plain, null, 1)}\n`) };
}

/** Reads and checks everything; `model.format` says which field does not fit. */
export function readLogistic(files: Readonly<Record<string, Uint8Array>>): LogisticModel {
  const plain = parsed(files);
  if (plain['format'] !== 'propensity-studio/logistic') throw misfit('format', 'expected "propensity-studio/logistic"');
  if (plain['version'] !== 1) throw misfit('version', 'this program reads version 1');
  const { columns, width } = readColumns(plain['columns']);
  const { intercept } = plain;
  if (!isFinite(intercept)) throw misfit('intercept', 'expected a finite number');
  const numbers = (field: string): Float64Array => {
    const list = plain[field];
    if (!Array.isArray(list) || list.length !== width || !list.every(isFinite)) {
      throw misfit(field, `expected ${width} finite numbers`);
    }
    return Float64Array.from(list);
  };
  const parameters = plain['parameters'];
  if (!isRecord(parameters)) throw misfit('parameters', 'expected an object');
  return {
    kind: 'logistic',
    encoding: { columns, width },
    intercept,
    coefficients: numbers('coefficients'),
    inputMeans: numbers('inputMeans'),
    inputScales: numbers('inputScales'),
    parameters: checkParameters('logistic', logisticParameters, parameters),
  };
}

function parsed(files: Readonly<Record<string, Uint8Array>>): Record<string, unknown> {
  const bytes = Object.hasOwn(files, fileName) ? files[fileName] : undefined;
  if (!bytes) throw new StudioError('model.format', `The model has no ${fileName}.`, { where: { file: fileName } });
  try {
    const plain: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(plain)) return plain;
  } catch (cause) {
    throw new StudioError('model.format', `${fileName} is not JSON.`, { where: { file: fileName }, cause });
  }
  throw misfit('', 'expected an object');
}

function readColumns(value: unknown): { columns: EncodedColumn[]; width: number } {
  if (!Array.isArray(value)) throw misfit('columns', 'expected a list');
  const seen = new Set<string>();
  let width = 0;
  const columns = value.map((entry: unknown, i): EncodedColumn => {
    const place = `columns/${i}`;
    if (!isRecord(entry)) throw misfit(place, 'expected an object');
    const { kind, name, slot, mean, scale, missingIndicator, levels } = entry;
    if (typeof name !== 'string' || seen.has(name)) throw misfit(`${place}/name`, 'expected a name of its own');
    seen.add(name);
    if (slot !== width) throw misfit(`${place}/slot`, `expected ${width}, after the inputs before it`);
    if (kind === 'category') {
      if (!Array.isArray(levels) || !levels.every((level) => typeof level === 'string')) {
        throw misfit(`${place}/levels`, 'expected a list of texts');
      }
      width += levels.length;
      return { kind, name, levels, slot };
    }
    if (kind !== 'number') throw misfit(`${place}/kind`, 'expected "number" or "category"');
    if (!isFinite(mean)) throw misfit(`${place}/mean`, 'expected a finite number');
    if (!isFinite(scale) || scale <= 0) throw misfit(`${place}/scale`, 'expected a positive number');
    if (typeof missingIndicator !== 'boolean') throw misfit(`${place}/missingIndicator`, 'expected true or false');
    width += missingIndicator ? 2 : 1;
    return { kind, name, mean, scale, slot, missingIndicator };
  });
  return { columns, width };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function misfit(field: string, expected: string): StudioError {
  return new StudioError('model.format', `${fileName} at /${field}: ${expected}.`, {
    where: { file: fileName, field: `/${field}` },
    fix: 'Save the model again with this program.',
  });
}
