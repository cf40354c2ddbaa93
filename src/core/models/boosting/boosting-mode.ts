import type { BoostingEngine } from '../../kernels/boosting-engine.ts';
import type { Tree } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import { createDart } from './dart.ts';
import type { ReplayTree } from './replay-tree.ts';
import type { BoostingState } from './training-state.ts';

/** What the kinds of `boosting` do differently, round by round, numbered from 1. */
export interface BoostingMode {
  /** Readies the scores for the gradients of the coming tree and gives its learning rate. */
  begin(round: number): number;
  /** What the coming tree's leaf values begin from. */
  biasOf(round: number): number;
  /** Called when the new tree is the last of `trees` and in the scores of all rows. */
  end(round: number): void;
  /** Brings the scores to where they were after the saved rounds. */
  restore(state: BoostingState): void;
  save(): Pick<BoostingState, 'dart'>;
}

/** What a mode works on; `trees` is the training's own list, to which it adds each new tree. */
export interface BoostingWork {
  readonly engine: BoostingEngine;
  readonly chosen: BoostingParameters;
  readonly trees: Tree[];
  readonly replay: ReplayTree;
  /** Raw scores that training starts from: one for all rows, or those of an initial model. */
  readonly start: number | Float64Array;
  readonly seed: number;
}

export function createMode(work: BoostingWork): BoostingMode {
  const { boosting } = work.chosen;
  return boosting === 'rf' ? createForest(work) : boosting === 'dart' ? createDart(work) : createGbdt(work);
}

export function setScores({ engine, start }: BoostingWork): void {
  if (typeof start === 'number') engine.setScores(start);
  else engine.scores().set(start);
}

/** The start goes into the first tree, as in LightGBM; an initial model's trees hold theirs. */
export function firstBias({ start }: BoostingWork, round: number): number {
  return round === 1 && typeof start === 'number' ? start : 0;
}

function createGbdt(work: BoostingWork): BoostingMode {
  setScores(work);
  return {
    begin: () => work.chosen.learning_rate,
    biasOf: (round) => firstBias(work, round),
    end() {},
    restore({ trees }) {
      // The first tree holds the start.
      if (typeof work.start === 'number') work.engine.setScores(0);
      for (const tree of trees) work.replay(tree);
    },
    save: () => ({}),
  };
}

/** Random forest: every tree learns from the start alone, and scores are the mean over the trees so far. */
function createForest({ engine, replay, start }: BoostingWork): BoostingMode {
  const bias = typeof start === 'number' ? start : 0;
  const scores = engine.scores();
  const sums = new Float64Array(scores.length);
  return {
    begin() {
      scores.fill(bias);
      return 1;
    },
    biasOf: () => bias,
    end(round) {
      for (let row = 0; row < sums.length; row++) {
        sums[row] = (sums[row] as number) + (scores[row] as number);
        scores[row] = (sums[row] as number) / round;
      }
    },
    restore({ trees }) {
      scores.fill(0);
      for (const tree of trees) replay(tree);
      sums.set(scores);
    },
    save: () => ({}),
  };
}
