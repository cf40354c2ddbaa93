import { takeRows } from '../../../data/frame.ts';
import { treeInteractions } from '../../../explanation/tree-interactions.ts';
import { columnReaders, readRows } from '../../../models/boosting/model-columns.ts';
import { interactionFigure } from '../../../reports/figures/interactions.ts';
import type { Figure } from '../../../reports/figure.ts';
import { StudioError } from '../../../shared/errors.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { bestModel, everyNth, getModel, getPrepared, type StudyState } from '../state.ts';

/** Test customers whose interactions are added up: some milliseconds each. */
const interactionRows = 200;

const shownFeatures = 12;

export function interactionJobs(state: StudyState) {
  return {
    async interactionHeatmap(
      { model: id = bestModel(state) }: { readonly model?: ModelId },
      run: JobRun,
    ): Promise<Figure> {
      const { trained, label } = getModel(state, id);
      const { model } = trained;
      if (model.kind !== 'boosting') {
        throw new StudioError('request.invalid', `${label} has no trees, and so no SHAP interaction values.`, {
          fix: 'Choose gradient boosting.',
        });
      }
      const { features, splits } = getPrepared(state);
      const rows = everyNth(splits.test.length > 0 ? splits.test : splits.train, interactionRows);
      const readers = columnReaders(model, takeRows(features, rows));
      const count = model.features.length;
      const values = new Float64Array(count);
      const sums = new Float64Array(count * count);
      for (let row = 0; row < rows.length; row++) {
        readRows(readers, row, row + 1, values);
        treeInteractions(model, values).forEach((value, i) => {
          sums[i]! += Math.abs(value) / rows.length;
        });
        await run.checkpoint({ fraction: (row + 1) / rows.length, stage: 'Adding up interactions' });
      }
      return interactionFigure(
        model.features.map(({ name }) => name),
        sums,
        { tone: id, customers: rows.length, most: shownFeatures },
      );
    },
  };
}
