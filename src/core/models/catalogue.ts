import type { Frame } from '../data/frame.ts';
import { boostingEntry } from './boosting/boosting.ts';
import { logisticEntry } from './logistic/logistic.ts';
import type { Model, ModelEntry, ModelKind, ModelScoring } from './model.ts';
import { neuralEntry } from './neural/neural.ts';

/** Every kind of model the studio trains: form, flags, API check and docs follow from these entries. */
export const modelCatalogue: Readonly<Record<ModelKind, ModelEntry>> = {
  logistic: logisticEntry,
  boosting: boostingEntry,
  neural: neuralEntry,
};

export function modelEntry(kind: ModelKind): ModelEntry {
  return modelCatalogue[kind];
}

/** The raw score (log-odds under class balancing) of every row: the same bits on every host, with `scoring` or without. */
export function rawScores(model: Model, features: Frame, scoring?: ModelScoring): Float64Array {
  return modelEntry(model.kind).rawScores(model, features, scoring);
}

/** A number per feature, larger is more important, in the model's own way. */
export function importanceOf(model: Model): readonly { readonly feature: string; readonly importance: number }[] {
  return modelEntry(model.kind).importance(model);
}

/** The model as files of a bundle. */
export function writeModel(model: Model): Readonly<Record<string, Uint8Array>> {
  return modelEntry(model.kind).write(model);
}

/** The model from its files, everything checked. */
export function readModel(kind: ModelKind, files: Readonly<Record<string, Uint8Array>>): Model {
  return modelEntry(kind).read(files);
}
