import type { BoostingModel } from '../../models/boosting/boosting-model.ts';
import { bindFeatures } from '../../models/formats/bind-features.ts';
import { readLightgbmFile } from '../../models/formats/lightgbm-text-reader.ts';
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
      const model = bindFeatures(readLightgbmFile(new Uint8Array(await file.arrayBuffer())), features, name);
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

function notesOn({ trees, features }: BoostingModel): string[] {
  return [
    `${trees.length} trees over ${features.length} features, trained elsewhere.`,
    'If it learned from these very customers, its test figures flatter it.',
    'It is calibrated on validation here; how sure its bands are is not known, since it cannot be refitted.',
  ];
}
