import type { ReferenceCustomers } from '../../monitoring/window.ts';
import type { ModelId } from '../model-id.ts';
import { getModel, getPrepared, type StudyState } from './state.ts';

/** Whom later customers are compared with: features of those learned from, scores of the test customers (if there are any). */
export function referenceCustomers(state: StudyState, id: ModelId): ReferenceCustomers {
  const { features, splits, labels } = getPrepared(state);
  const { propensity, probability } = getModel(state, id);
  const rows = splits.train;
  const outcomes = { labels, probability, cut: state.cut };
  return splits.test.length > 0
    ? { features, rows, propensity, scoreRows: splits.test, outcomes }
    : { features, rows, propensity };
}
