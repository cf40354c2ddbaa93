import type { ReferenceCustomers } from '../../monitoring/window.ts';
import type { ModelId } from '../model-id.ts';
import { getModel, getPrepared, type StudyState } from './state.ts';

/** Whom later customers are compared with: features of those learned from, scores of the test customers (if there are any). */
export function referenceCustomers(state: StudyState, id: ModelId): ReferenceCustomers {
  const { features, splits } = getPrepared(state);
  const { propensity } = getModel(state, id);
  const rows = splits.train;
  return { features, rows, propensity, scoreRows: splits.test.length > 0 ? splits.test : rows };
}
