import type { Measures } from '../../kernels/boosting-engine.ts';
import type { TrainingInput } from '../model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';

export interface Stopping {
  readonly notes: readonly string[];
  /** Takes a round's measures; true when it is time to stop. */
  observe(round: number, validation: Measures): boolean;
  /** The best round so far; undefined where nothing is watched. */
  bestRound(): number | undefined;
}

const measureOf: Record<BoostingParameters['metric'], (measures: Measures) => number> = {
  auc: ({ auc }) => auc,
  average_precision: ({ averagePrecision }) => averagePrecision,
  weighted_binary_logloss: ({ weightedLogLoss }) => -weightedLogLoss,
  binary_logloss: ({ logLoss }) => -logLoss,
};

/** LightGBM's early stopping: the first of equal rounds is the best; it ends after so many rounds without a better one. */
export function createStopping(chosen: BoostingParameters, { labels, validation }: TrainingInput): Stopping {
  const patience = chosen.early_stopping_round;
  const positives = validation.reduce((sum, row) => sum + Number(labels[row] === 1), 0);
  if (patience === 0) return { notes: [], observe: () => false, bestRound: () => undefined };
  if (positives === 0 || positives === validation.length) {
    const notes = ['The validation rows do not hold both outcomes: no early stopping.'];
    return { notes, observe: () => false, bestRound: () => undefined };
  }
  const isBalanced = chosen.is_unbalance || chosen.scale_pos_weight !== 1;
  const notes =
    chosen.metric === 'binary_logloss' && isBalanced
      ? [
          'The unweighted log-loss speaks against balanced scores: from the conversion rate it stops training at the first tree. ' +
            'Better choose auc, average_precision or weighted_binary_logloss.',
        ]
      : [];
  let best = Number.NEGATIVE_INFINITY;
  let bestRound = 0;
  return {
    notes,
    observe(round, measures) {
      const value = measureOf[chosen.metric](measures);
      if (value > best) {
        best = value;
        bestRound = round;
      }
      return round - bestRound >= patience;
    },
    bestRound: () => bestRound,
  };
}
