import type { BoostingEngine } from '../../kernels/boosting-engine.ts';
import type { Tree } from './boosting-model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
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

export function setScores({ engine, start }: BoostingWork): void {
  if (typeof start === 'number') engine.setScores(start);
  else engine.scores().set(start);
}

/** The start goes into the first tree, as in LightGBM; an initial model's trees hold theirs. */
export function firstBias({ start }: BoostingWork, round: number): number {
  return round === 1 && typeof start === 'number' ? start : 0;
}
