import { readCalibrator } from '../evaluation/calibration/calibrator.ts';
import type { FittedRecipe } from '../features/fitted-recipe.ts';
import { readRecipe } from '../features/read-recipe.ts';
import { readModel } from '../models/catalogue.ts';
import { type Model, type ModelKind, modelKinds } from '../models/model.ts';
import { StudioError } from '../shared/errors.ts';
import { type Bundle, type BundleManifest, type ListedFile, listFiles, versionOf } from './bundle.ts';
import {
  readConfidence,
  readCutoffs,
  readDecileEdges,
  readIntervals,
  readSchema,
  readSettings,
} from './bundle-sections.ts';
import { readExplaining } from './explaining.ts';
import { readGoldenRows, verifyGoldenRows } from './golden-rows.ts';
import { JsonReader } from './json-reader.ts';
import { createScorer } from './scorer.ts';

const requiredFiles = ['schema.json', 'recipe.json', 'calibrator.json', 'scoring.json'];
const optionalFiles = ['reference-window.json', 'explanation.json', 'golden-rows.json'];

/**
 * A bundle from its files, whose golden rows score as they did when it was saved. Refused are a newer format (`bundle.version`), a file that is missing, extra or changed in a
 * single bit (`bundle.integrity`), and contents that are not what they should be (`bundle.format`).
 */
export function readBundle(files: Readonly<Record<string, Uint8Array>>): Bundle {
  const manifest = readManifest(files);
  const part = (name: string): JsonReader => JsonReader.parse(files[name] as Uint8Array, name);
  const scoring = part('scoring.json');
  const asOf = scoring.optional('asOf')?.number();
  const centre = scoring.optional('centre')?.number();
  const intervals = scoring.optional('intervals');
  const decileEdges = scoring.optional('decileEdges');
  const modelFiles = Object.keys(files).filter((name) => name.startsWith('model/'));
  const bundle: Bundle = {
    manifest,
    schema: readSchema(part('schema.json')),
    recipe: inFile('recipe.json', () => readRecipe(part('recipe.json').value)),
    model: inFile('model', () =>
      readModel(
        manifest.kind,
        Object.fromEntries(modelFiles.map((name) => [name.slice('model/'.length), files[name] as Uint8Array])),
      ),
    ),
    calibrator: inFile('calibrator.json', () => readCalibrator(part('calibrator.json').value)),
    cutoffs: readCutoffs(scoring.field('cutoffs')),
    settings: readSettings(scoring.field('settings')),
    confidence: readConfidence(scoring.field('confidence')),
    ...(centre === undefined ? {} : { centre }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(intervals ? { intervals: readIntervals(intervals) } : {}),
    ...(decileEdges ? { decileEdges: readDecileEdges(decileEdges) } : {}),
    ...(files['reference-window.json'] ? { referenceWindow: part('reference-window.json').value } : {}),
    ...(files['explanation.json'] ? { explaining: readExplaining(part('explanation.json')) } : {}),
    ...(files['golden-rows.json'] ? { golden: readGoldenRows(part('golden-rows.json')) } : {}),
  };
  checkInputs(bundle.recipe, bundle.model);
  if (bundle.golden) verifyGoldenRows(createScorer(bundle), bundle.golden);
  return bundle;
}

function readManifest(files: Readonly<Record<string, Uint8Array>>): BundleManifest {
  const bytes = files['manifest.json'];
  if (!bytes) {
    throw new StudioError('bundle.format', 'There is no manifest.json: this is not a bundle of the studio.', {
      fix: 'Choose a bundle that the studio saved (a .zip).',
    });
  }
  const manifest = JsonReader.parse(bytes, 'manifest.json');
  const formatVersion = manifest.field('formatVersion').integer(1);
  if (formatVersion > 1) {
    throw new StudioError(
      'bundle.version',
      `The bundle has format version ${formatVersion}; this studio reads version 1.`,
      {
        fix: 'Open it with a newer studio, or save it again as version 1.',
      },
    );
  }
  const kind = manifest.field('kind').oneOf(modelKinds);
  const listed = manifest.field('files').list((file) => ({
    name: file.field('name').text(),
    bytes: file.field('bytes').integer(0),
    sha256: file.field('sha256').text(),
  }));
  checkFiles(files, listed, kind, manifest.field('modelVersion').text());
  return {
    formatVersion: 1,
    modelVersion: manifest.field('modelVersion').text(),
    kind,
    name: manifest.field('name').text(),
    createdFrom: manifest.field('createdFrom').text(),
  };
}

function checkFiles(
  files: Readonly<Record<string, Uint8Array>>,
  listed: readonly ListedFile[],
  kind: ModelKind,
  modelVersion: string,
): void {
  const names = new Set(listed.map((file) => file.name));
  for (const name of requiredFiles) if (!names.has(name)) throw broken(name, 'is not in the bundle');
  for (const name of names) {
    const known = requiredFiles.includes(name) || optionalFiles.includes(name) || name.startsWith('model/');
    if (!known) throw broken(name, 'is no part of a bundle');
    if (!Object.hasOwn(files, name)) throw broken(name, 'is missing');
  }
  for (const name of Object.keys(files)) {
    if (name !== 'manifest.json' && !names.has(name)) throw broken(name, 'is not listed in the manifest');
  }
  const { 'manifest.json': _, ...others } = files;
  const found = new Map(listFiles(others).map((file) => [file.name, file]));
  for (const file of listed) {
    const actual = found.get(file.name) as ListedFile;
    if (actual.bytes !== file.bytes)
      throw broken(file.name, `has ${actual.bytes} bytes, the manifest says ${file.bytes}`);
    if (actual.sha256 !== file.sha256) throw broken(file.name, 'has other contents than when it was saved');
  }
  if (listed.length !== names.size || versionOf(kind, listed) !== modelVersion) {
    throw broken('manifest.json', 'names a model version that does not follow from its files');
  }
}

function broken(name: string, what: string): StudioError {
  return new StudioError('bundle.integrity', `The bundle's file ${name} ${what}.`, {
    where: { file: name },
    fix: 'Fetch the bundle again from where it was saved; this copy is damaged or was altered.',
  });
}

/** Every column that the model reads must be a feature of the recipe. */
function checkInputs(recipe: FittedRecipe, model: Model): void {
  const features = new Map(recipe.features.map((feature) => [feature.name, feature.kind]));
  const inputs = model.kind === 'boosting' ? model.features : model.encoding.columns;
  for (const { name, kind } of inputs) {
    if (features.get(name) === kind) continue;
    throw new StudioError(
      'bundle.format',
      `The model reads a ${kind} feature "${name}" that the recipe does not make.`,
      {
        where: { file: 'recipe.json', column: name },
      },
    );
  }
}

function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('bundle.format', `The bundle's ${name} cannot be read: ${reason}`, {
      where: { file: name },
      cause,
    });
  }
}
