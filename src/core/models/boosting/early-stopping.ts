import type { Round, StoppingMetric, TrainingInput } from '../model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';

export interface Stopping {
  readonly notes: readonly string[];
  /** Takes a round's measures; true when it is time to stop. */
  observe(round: Round): boolean;
  /** The best round so far, and by which measure; undefined where nothing is watched. */
  best(): { readonly round: number; readonly metric: string } | undefined;
}

/** Measures of a round by name, LightGBM's order of preference among them. */
const shownMetrics = ['auc', 'average_precision', 'binary_logloss', 'weighted_binary_logloss', 'binary_error'] as const;
const fallingMetrics = new Set<string>(['binary_logloss', 'weighted_binary_logloss', 'binary_error']);

interface Watched {
  readonly name: string;
  readonly sign: number;
  best: number;
  bestRound: number;
}

const unwatched = (notes: readonly string[]): Stopping => ({ notes, observe: () => false, best: () => undefined });

/**
 * LightGBM's early stopping: a measure's first of equal rounds is its best; training ends when one of the watched has
 * not improved for so many rounds, with that measure's best round. Watched are the caller's metric, or `metric`, and all
 * others after it unless `first_metric_only`.
 */
export function createStopping(
  chosen: BoostingParameters,
  { labels, validation }: TrainingInput,
  own: StoppingMetric | undefined,
): Stopping {
  const { early_stopping_round: patience, early_stopping_min_delta: least } = chosen;
  if (patience === 0) return unwatched([]);
  if (chosen.boosting === 'dart')
    return unwatched(['Dart rescales older trees, so that no earlier round can be kept: no early stopping.']);
  const positives = validation.reduce((sum, row) => sum + Number(labels[row] === 1), 0);
  if (validation.length === 0 || (!own && (positives === 0 || positives === validation.length))) {
    return unwatched(['The validation rows do not hold both outcomes: no early stopping.']);
  }
  const first = own?.name ?? chosen.metric;
  const rest = chosen.first_metric_only ? [] : shownMetrics.filter((name) => name !== first);
  const watched = [first, ...rest].map((name): Watched => {
    const falls = own?.name === name ? !own.higherIsBetter : fallingMetrics.has(name);
    return { name, sign: falls ? -1 : 1, best: Number.NEGATIVE_INFINITY, bestRound: 0 };
  });
  let decisive = watched[0] as Watched;
  return {
    notes: notesOn(chosen, own),
    observe({ round, validation: measures }) {
      for (const each of watched) {
        const value = (measures[each.name] ?? Number.NaN) * each.sign;
        if (value > each.best + (each.bestRound > 0 ? least : 0)) {
          each.best = value;
          each.bestRound = round;
        }
      }
      const stuck = watched.find((each) => each.bestRound > 0 && round - each.bestRound >= patience);
      decisive = stuck ?? decisive;
      return stuck !== undefined;
    },
    best: () => ({ round: decisive.bestRound, metric: decisive.name }),
  };
}

function notesOn({ metric, is_unbalance, scale_pos_weight }: BoostingParameters, own: StoppingMetric | undefined) {
  const isBalanced = is_unbalance || scale_pos_weight !== 1;
  if (own || metric !== 'binary_logloss' || !isBalanced) return [];
  return [
    'The unweighted log-loss speaks against balanced scores: from the conversion rate it stops training at the first tree. ' +
      'Better choose auc, average_precision or weighted_binary_logloss.',
  ];
}
