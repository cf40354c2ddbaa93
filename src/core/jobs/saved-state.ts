import type { BoostingState } from '../models/boosting/training-state.ts';
import type { TrainingState } from '../models/model.ts';
import type { NeuralState } from '../models/neural/training-state.ts';

/** A training that is interrupted loses at most about this much. */
const saveEveryMs = 1000;

/** Takes up a training's offers once a second and gives on what is new since the last time, so that each is small. */
export function createSaving(
  now: () => number,
  resumedFrom: TrainingState | undefined,
  give: (state: TrainingState) => void,
): (save: () => TrainingState) => void {
  let savedAt = now();
  let savedTrees = resumedFrom?.kind === 'boosting' ? resumedFrom.trees.length : 0;
  return (save) => {
    if (now() - savedAt < saveEveryMs) return;
    const state = save();
    if (isWhole(state)) give(state);
    else {
      give({ ...state, trees: state.trees.slice(savedTrees), rounds: state.rounds.slice(savedTrees) });
      savedTrees = state.trees.length;
    }
    savedAt = now();
  };
}

/** The state that saved parts make, one after the other. */
export function joinStates(before: TrainingState | undefined, next: TrainingState): TrainingState {
  if (before?.kind !== 'boosting' || isWhole(next)) return next;
  return { ...next, trees: [...before.trees, ...next.trees], rounds: [...before.rounds, ...next.rounds] };
}

/** Dart changes older trees and a network all of its weights: they save the whole each time. */
function isWhole(state: TrainingState): state is NeuralState | (BoostingState & Required<Pick<BoostingState, 'dart'>>) {
  return state.kind === 'neural' || state.dart !== undefined;
}
