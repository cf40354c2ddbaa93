import type { Frame } from '../../data/frame.ts';
import type { BoostingModel } from '../../models/boosting/boosting-model.ts';
import { readLightgbmText } from '../../models/formats/lightgbm-text-reader.ts';
import { exportedNames } from '../../models/formats/lightgbm-text.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type { ModelSummary } from '../study-contract.ts';
import { summarise, takeModel } from './models.ts';
import { getPrepared, type StudyHost, type StudyState } from './state.ts';

/** Takes a LightGBM model.txt in beside the study's own models. */
export function importedModelJobs(state: StudyState, host: StudyHost) {
  return {
    async importModel(
      { file, name }: { readonly file: Blob; readonly name: string },
      run: JobRun,
    ): Promise<ModelSummary> {
      const { features } = getPrepared(state);
      await run.checkpoint({ fraction: 0.05, stage: `Reading ${name}` });
      const model = meetFeatures(readLightgbmText(new TextDecoder().decode(await file.arrayBuffer())), features, name);
      const taken = await takeModel(state, host, run, {
        id: 'imported',
        label: name,
        trained: { model, rounds: [], bestRound: model.trees.length, backend: 'LightGBM file', notes: notesOn(model) },
        seconds: Number.NaN,
        parameters: model.parameters,
      });
      state.scoring = 'imported';
      return summarise(state, taken);
    },
  };
}

/**
 * The model with its features called as the study's columns are: by the same name, or by the name under which the study
 * exports them. Throws `data.missing-column` naming those that no column answers to, and `data.type`.
 */
export function meetFeatures(model: BoostingModel, { columns }: Pick<Frame, 'columns'>, file: string): BoostingModel {
  const exported = exportedNames(columns.map(({ name }) => ({ name, kind: 'number', info: 'none' })));
  const byName = new Map(columns.map((column, index) => [exported[index] as string, column]));
  for (const column of columns) byName.set(column.name, column);
  const missing = model.features.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new StudioError(
      'data.missing-column',
      `${file} reads features that this study does not have: ${few(missing)}.`,
      {
        where: { file },
        fix: "Train it on the study's features (Features page, download), or build features of these names here.",
      },
    );
  }
  const features = model.features.map((feature) => {
    const column = byName.get(feature.name) as (typeof columns)[number];
    if (column.kind === feature.kind) return { ...feature, name: column.name };
    const found = `${file} reads "${feature.name}" as a ${feature.kind}; in this study it is a ${column.kind}`;
    throw new StudioError(
      'data.type',
      `${found}${feature.kind === 'number' ? ', and the file says no level names' : ''}.`,
      {
        where: { file, column: feature.name },
        fix: "Train it on the study's own features; categories as pandas categories, whose names the file then holds.",
      },
    );
  });
  return { ...model, features };
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

function notesOn({ trees, features }: BoostingModel): string[] {
  return [
    `${trees.length} trees over ${features.length} features, trained elsewhere.`,
    'If it learned from these very customers, its test figures flatter it.',
    'It is calibrated on validation here; how sure its bands are is not known, since it cannot be refitted.',
  ];
}
