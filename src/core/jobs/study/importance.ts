import { meanAbsoluteShap } from '../../explanation/attribute-rows.ts';
import { gainImportance, splitImportance } from '../../models/boosting/importance.ts';
import { importanceOf } from '../../models/catalogue.ts';
import type { Figure } from '../../reports/figure.ts';
import { importanceFigure } from '../../reports/figures/importance.ts';
import type { Checkpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type { ModelId } from '../model-id.ts';
import type { ImportanceMeasure } from '../study-contract.ts';
import { explainerOf } from './explainers.ts';
import {
  bestModel,
  everyNth,
  getModel,
  getPrepared,
  type ScoredModel,
  type StudyHost,
  type StudyState,
} from './state.ts';

const measureWords: Readonly<Record<Exclude<ImportanceMeasure, 'shap'>, string>> = {
  gain: 'Sum of the gains of its splits',
  split: 'Number of its splits',
};

export function importanceJobs(state: StudyState, host: StudyHost) {
  return {
    async importance(
      { model = bestModel(state), by }: { readonly model?: ModelId; readonly by: ImportanceMeasure },
      run: JobRun,
    ): Promise<Figure> {
      const scored = getModel(state, model);
      if (by === 'shap') {
        await explainAll(state, host, model, run.checkpoint);
        return importanceFigure(shapOrOwn(scored), { tone: model, measure: shapOrOwnWords(scored) });
      }
      const { model: trees } = scored.trained;
      if (trees.kind !== 'boosting') {
        throw new StudioError('request.invalid', `${scored.label} has no trees, and so no ${by} of splits.`, {
          fix: 'Ask for its mean |SHAP|.',
        });
      }
      const ranked = by === 'gain' ? gainImportance(trees) : splitImportance(trees);
      return importanceFigure(ranked, { tone: model, measure: measureWords[by] });
    },
  };
}

/** Mean |SHAP| where attributions are exact and cheap; the network keeps its own measure. */
export const shapOrOwn = ({ shap, trained }: ScoredModel) => shap ?? importanceOf(trained.model);

export const shapOrOwnWords = ({ shap }: ScoredModel) =>
  shap ? 'Mean |SHAP|, in log-odds' : 'Weight of the connections';

/** Test customers that the mean |SHAP| of a model is taken over. */
const shapRows = 10_000;

/** Works out a model's mean |SHAP|, once; of a network, which keeps its own measure, only its explainer. */
export async function explainAll(
  state: StudyState,
  host: StudyHost,
  id: ModelId,
  checkpoint: Checkpoint,
): Promise<void> {
  const model = getModel(state, id);
  // What the first click on a customer needs is made ready here.
  explainerOf(state, model);
  if (model.trained.model.kind === 'neural' || model.shap) return;
  const { features, splits } = getPrepared(state);
  model.shap = await meanAbsoluteShap(
    model.trained.model,
    features,
    everyNth(splits.test, shapRows),
    await host.kernels,
    stay(checkpoint),
  );
}

/** Lets messages in without moving the bar of the larger job. */
function stay(checkpoint: Checkpoint): Checkpoint {
  return ({ stage }) => checkpoint({ fraction: 0.5, stage });
}
