import type { BoostingModel } from '../../models/boosting/boosting-model.ts';
import { bindFeatures } from '../../models/formats/bind-features.ts';
import { modelFileKind } from '../../models/formats/model-file.ts';
import { readTfjsModel } from '../../models/formats/tfjs-model-reader.ts';
import { readLightgbmFile } from '../../models/formats/lightgbm-text-reader.ts';
import type { Trained } from '../../models/model.ts';
import type { NeuralModel } from '../../models/neural/neural-model.ts';
import type { JobRun } from '../job.ts';
import type { ModelSummary } from '../study-contract.ts';
import { summarise, takeModel } from './models.ts';
import { getPrepared, type StudyHost, type StudyState } from './state.ts';

/** Takes a LightGBM model.txt or a zip of a network's tfjs files in beside the study's own models. */
export function importedModelJobs(state: StudyState, host: StudyHost) {
  return {
    async importModel(
      { file, name }: { readonly file: Blob; readonly name: string },
      run: JobRun,
    ): Promise<ModelSummary> {
      const { features } = getPrepared(state);
      await run.checkpoint({ fraction: 0.05, stage: `Reading ${name}` });
      const bytes = new Uint8Array(await file.arrayBuffer());
      const trained =
        modelFileKind(bytes) === 'tfjs'
          ? networkOf(readTfjsModel(host.unzip(bytes)))
          : treesOf(bindFeatures(readLightgbmFile(bytes), features, name));
      const taken = await takeModel(state, host, run, {
        id: 'imported',
        label: name,
        trained,
        seconds: Number.NaN,
        parameters: trained.model.parameters,
      });
      state.scoring = 'imported';
      return summarise(state, taken);
    },
  };
}

function treesOf(model: BoostingModel): Trained<BoostingModel> {
  const { trees, features } = model;
  const what = `${trees.length} trees over ${features.length} features`;
  return { model, rounds: [], bestRound: trees.length, backend: 'LightGBM file', notes: notesOn(what) };
}

function networkOf(model: NeuralModel): Trained<NeuralModel> {
  const units = model.layers.map((layer) => layer.units).join(', ');
  const what = `A network of ${model.encoding.width} inputs and layers of ${units}`;
  return { model, rounds: [], bestRound: 0, backend: 'tfjs file', notes: notesOn(what) };
}

function notesOn(what: string): string[] {
  return [
    `${what}, trained elsewhere.`,
    'If it learned from these very customers, its test figures flatter it.',
    'It is calibrated on validation here; how sure its bands are is not known, since it cannot be refitted.',
  ];
}
