import type { ModelEntry } from '../model.ts';
import { readBoosting, writeBoosting } from './boosting-files.ts';
import type { BoostingModel } from './boosting-model.ts';
import { boostingParameters } from './boosting-parameters.ts';
import { gainImportance } from './importance.ts';
import { boostingRawScores } from './raw-scores.ts';
import { trainBoosting } from './train-boosting.ts';

/** Gradient boosted trees, with LightGBM's parameters, semantics and file format. */
export const boostingEntry: ModelEntry<BoostingModel> = {
  kind: 'boosting',
  label: 'Gradient boosting',
  parameters: boostingParameters,
  train: trainBoosting,
  rawScores: boostingRawScores,
  importance: gainImportance,
  write: writeBoosting,
  read: readBoosting,
};
