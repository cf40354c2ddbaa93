import type { Activation } from '../../kernels/dense-inference.ts';
import type { DenseLayer } from '../../kernels/dense-training.ts';
import type { Encoding } from '../encoding.ts';
import type { Parameters } from '../parameters.ts';

/**
 * A multilayer perceptron: the encoded inputs, each cut to −clip … clip, run through the hidden layers and one output
 * unit without activation, whose value is the raw score.
 */
export interface NeuralModel {
  readonly kind: 'neural';
  readonly encoding: Encoding;
  /** Largest absolute value an input may take, in training standard deviations; 0 is no limit below a million. */
  readonly clip: number;
  /** Of each encoded input: the mean change of the raw score, in log-odds, per standard deviation of the input. */
  readonly sensitivity: Float32Array;
  /** Of the hidden layers. */
  readonly activation: Activation;
  /** Hidden layers in order; the last is the output layer of one unit. */
  readonly layers: readonly DenseLayer[];
  /** Further networks of the same shape; the raw score is then the mean over all. */
  readonly ensemble?: readonly (readonly DenseLayer[])[];
  readonly parameters: Parameters;
}
