import type { TrainingState } from '../models/model.ts';

/** A training that is interrupted loses at most about this much. */
const saveEveryMs = 1000;

/** Takes up a training's offers once a second and gives on what is new since the last time, so that each is small. */
export function createSaving(
  now: () => number,
  resumedFrom: TrainingState | undefined,
  give: (state: TrainingState) => void,
): (save: () => TrainingState) => void {
  let savedAt = now();
  let savedTrees = resumedFrom?.trees.length ?? 0;
  return (save) => {
    if (now() - savedAt < saveEveryMs) return;
    const state = save();
    give(
      state.dart ? state : { ...state, trees: state.trees.slice(savedTrees), rounds: state.rounds.slice(savedTrees) },
    );
    savedTrees = state.trees.length;
    savedAt = now();
  };
}

/** The state that saved parts make, one after the other. Dart, which changes older trees, saves all of itself each time. */
export function joinStates(before: TrainingState | undefined, next: TrainingState): TrainingState {
  if (!before || next.dart) return next;
  return { ...next, trees: [...before.trees, ...next.trees], rounds: [...before.rounds, ...next.rounds] };
}
