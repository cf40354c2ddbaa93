import type { Round } from '../model.ts';
import type { Tree } from './boosting-model.ts';

/** Boosting after some round. Everything random is drawn anew per round, so that trees and rounds are all there is. */
export interface BoostingState {
  readonly kind: 'boosting';
  /** New trees, without those of an initial model. */
  readonly trees: readonly Tree[];
  readonly rounds: readonly Round[];
  /** Dart alone, whose rescaled trees cannot tell how its scores were rounded: raw scores of all rows, and tree weights. */
  readonly dart?: { readonly scores: Float64Array; readonly weights: Float64Array };
}
