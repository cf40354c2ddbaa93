import type { NetworkWeights, OptimizerState } from '../../kernels/dense-training.ts';
import type { Round } from '../model.ts';

/** A network's best epoch so far. */
export interface BestEpoch {
  /** Of the network's own epochs, from 1; 0 before the first. */
  readonly epoch: number;
  readonly score: number;
  readonly weights: NetworkWeights;
}

/** The network after some epoch. What is random is drawn anew per epoch; the order of rows is drawn again up to here. */
export interface NeuralState {
  readonly kind: 'neural';
  /** The networks of an ensemble that are done. */
  readonly finished: readonly BestEpoch[];
  /** Of all networks. */
  readonly rounds: readonly Round[];
  /** Epochs of the network in training, its weights after them, and its best. */
  readonly epochs: number;
  readonly weights: NetworkWeights;
  readonly optimizer: OptimizerState;
  readonly best: BestEpoch;
}
