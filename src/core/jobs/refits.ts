import type { TrainingInput } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import { createRandom } from '../shared/random.ts';
import type { RefitRequest } from './training-contract.ts';

/**
 * A bootstrap of the training rows: those drawn, weighing as often as each was drawn. Bins and encodings are learned anew
 * from them, as other customers would have changed these too: bins of the full fit would give other trees.
 */
export function resample(input: TrainingInput, refit: number): TrainingInput {
  const random = createRandom(input.seed, 7_000 + refit);
  const weights = new Float64Array(input.features.rowCount);
  for (let i = 0; i < input.train.length; i++) {
    const row = input.train[random.integer(input.train.length)] as number;
    weights[row] = (weights[row] as number) + (input.weights?.[row] ?? 1);
  }
  const train = input.train.filter((row) => (weights[row] as number) > 0);
  for (const row of input.validation) weights[row] = input.weights?.[row] ?? 1;
  return { ...input, train, weights };
}

/** The same learning without a search: as many rounds, and the same C, as the model that is refitted. */
export function refitParameters({ kind, parameters, trained }: RefitRequest): Parameters {
  switch (kind) {
    case 'logistic':
      return { ...trained.model.parameters, choose_C: false };
    case 'boosting':
      // The model's own: those asked for may stand under other names.
      return { ...trained.model.parameters, n_estimators: Math.max(1, trained.bestRound), early_stopping_round: 0 };
    case 'neural':
      return { ...parameters, epochs: Math.max(1, trained.bestRound), patience: 0 };
  }
}
