import type { TableSchema } from '../data/schema.ts';
import type { Calibrator } from '../evaluation/calibration/calibrator.ts';
import type { FittedRecipe } from '../features/fitted-recipe.ts';
import { writeModel } from '../models/catalogue.ts';
import type { Model, ModelKind } from '../models/model.ts';
import { sha256 } from '../shared/sha256.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ConfidenceTable } from './confidence.ts';
import type { Cutoffs } from './cutoffs.ts';
import { type Explaining, explainingJson } from './explaining.ts';
import { type GoldenRows, makeGoldenRows } from './golden-rows.ts';
import type { ProbabilityIntervals } from './probability-interval.ts';
import { createScorer } from './scorer.ts';

/** Everything a face needs to score customers as the study did: files in a zip, each with its hash in the manifest. */
export interface Bundle extends BundleParts {
  readonly manifest: BundleManifest;
}

export interface BundleManifest {
  readonly formatVersion: 1;
  /** Kind and first 12 hexadecimal digits of a hash over all files: equal contents, equal version. */
  readonly modelVersion: string;
  readonly kind: ModelKind;
  /** What the person calls the study. */
  readonly name: string;
  /** Where the customers came from: "50,000 sample customers, e-commerce, seed 42". */
  readonly createdFrom: string;
}

export interface BundleParts {
  /** Raw columns of a customer. */
  readonly schema: TableSchema;
  readonly recipe: FittedRecipe;
  readonly model: Model;
  /** From raw score to conversion probability. */
  readonly calibrator: Calibrator;
  readonly cutoffs: Cutoffs;
  readonly settings: StudySettings;
  readonly confidence: ConfidenceTable;
  /** Added to raw scores before they become propensity scores: absent for models trained here, which are centred. */
  readonly centre?: number;
  /** Snapshot day of the study's table, in days since 1970-01-01 UTC: what customers without a date of their own are scored at. */
  readonly asOf?: number;
  /** Distributions that later customers are compared with. JSON that monitoring owns and versions. */
  readonly referenceWindow?: unknown;
  /** How sure the conversion probability is; absent where there were too few conversions to tell. */
  readonly intervals?: ProbabilityIntervals;
  /** Nine falling propensity scores: at or above the first is decile 1, the most likely tenth of the study's customers. */
  readonly decileEdges?: readonly number[];
  /** What reasons need beside the model; absent in bundles saved before they did. */
  readonly explaining?: Explaining;
  /** Absent in bundles saved before there were any. */
  readonly golden?: GoldenRows;
}

export interface StudySettings {
  readonly valuePerConversion: number;
  readonly costPerContact: number;
  readonly currency: string;
}

/** A bundle of these parts, with golden rows and the model version that its contents give it. */
export function createBundle(
  about: { readonly name: string; readonly createdFrom: string },
  parts: Omit<BundleParts, 'golden'>,
): Bundle {
  const kind = parts.model.kind;
  const manifest: BundleManifest = { formatVersion: 1, modelVersion: '', kind, ...about };
  const whole = { ...parts, golden: makeGoldenRows(createScorer({ manifest, ...parts })) };
  return { manifest: { ...manifest, modelVersion: versionOf(kind, listFiles(writeParts(whole))) }, ...whole };
}

/** The files of a bundle by name, `manifest.json` with the size and SHA-256 of every other. Same bundle, same bytes. */
export function writeBundle(bundle: Bundle): Record<string, Uint8Array> {
  const files = writeParts(bundle);
  return { ...files, 'manifest.json': jsonFile({ ...bundle.manifest, files: listFiles(files) }) };
}

/** A file as the manifest lists it. */
export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function listFiles(files: Readonly<Record<string, Uint8Array>>): ListedFile[] {
  return Object.keys(files)
    .sort()
    .map((name) => ({ name, bytes: files[name]!.length, sha256: sha256(files[name]!) }));
}

export function versionOf(kind: ModelKind, files: readonly ListedFile[]): string {
  const digest = sha256(new TextEncoder().encode(canonicalJson(files)));
  return `${kind}-${digest.slice(0, 12)}`;
}

function writeParts(parts: BundleParts): Record<string, Uint8Array> {
  const {
    schema,
    recipe,
    calibrator,
    cutoffs,
    settings,
    confidence,
    centre,
    asOf,
    intervals,
    decileEdges,
    referenceWindow,
    explaining,
    golden,
  } = parts;
  const files: Record<string, Uint8Array> = {
    'schema.json': jsonFile(schema),
    'recipe.json': jsonFile(recipe),
    'calibrator.json': jsonFile(calibrator),
    'scoring.json': jsonFile({ cutoffs, settings, confidence, centre, asOf, intervals, decileEdges }),
  };
  if (referenceWindow !== undefined) files['reference-window.json'] = jsonFile(referenceWindow);
  if (explaining !== undefined) files['explanation.json'] = jsonFile(explainingJson(explaining));
  if (golden !== undefined) files['golden-rows.json'] = jsonFile(golden);
  for (const [name, bytes] of Object.entries(writeModel(parts.model))) files[`model/${name}`] = bytes;
  return files;
}

function jsonFile(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(value)}\n`);
}
