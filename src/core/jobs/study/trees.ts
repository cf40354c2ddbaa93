import { cellAt, getColumn } from '../../data/frame.ts';
import { pathOf, viewTree } from '../../models/boosting/tree-view.ts';
import { StudioError } from '../../shared/errors.ts';
import type { ModelId } from '../model-id.ts';
import type { TreeAnswer } from '../study-contract.ts';
import { bestModel, getModel, getPrepared, type StudyState } from './state.ts';

export function treeJobs(state: StudyState) {
  return {
    async tree({
      model: id = bestModel(state),
      index,
      row,
    }: {
      readonly model?: ModelId;
      readonly index: number;
      readonly row?: number;
    }): Promise<TreeAnswer> {
      const { trained, label } = getModel(state, id);
      const { model } = trained;
      if (model.kind !== 'boosting') {
        throw new StudioError('request.invalid', `${label} has no trees.`, { fix: 'Choose gradient boosting.' });
      }
      const tree = viewTree(model, index);
      const answer = { treeCount: model.trees.length, tree };
      if (row === undefined) return answer;
      const { features } = getPrepared(state);
      const path = pathOf(model, index, features, row).map((node) => {
        const at = tree.nodes[node];
        const cell = at?.kind === 'split' ? cellAt(getColumn(features, at.feature), row) : null;
        const value = cell === null ? 'missing' : typeof cell === 'number' ? String(Number(cell.toPrecision(6))) : cell;
        return { node, value };
      });
      return { ...answer, path };
    },
  };
}
