import type { Encoding } from '../encoding.ts';
import type { Parameters } from '../parameters.ts';

/** Learned batch normalisation of a layer's sums: y = gamma · (z − mean) / √(variance + epsilon) + beta (Ioffe & Szegedy 2015). */
export interface BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  /** Running mean and (biased) variance of the training batches. */
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
}

/** One dense layer: z = x · weights + biases, then batch normalisation where there is one, then the activation. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** inputs × units, row by row (input i to unit j at i · units + j), as Keras' kernel. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly batchNorm?: BatchNorm;
}

/**
 * A multilayer perceptron: the encoded inputs, each cut to −clip … clip, run through the hidden layers and one output
 * unit without activation, whose value is the raw score.
 */
export interface NeuralModel {
  readonly kind: 'neural';
  readonly encoding: Encoding;
  /** Largest absolute value an input may take, in training standard deviations; 0 is no limit. */
  readonly clip: number;
  /** Standard deviation of each encoded input over the training rows: what a typical step of that input is. */
  readonly spread: Float32Array;
  /** Of the hidden layers. */
  readonly activation: 'relu';
  /** Hidden layers in order; the last is the output layer of one unit. */
  readonly layers: readonly DenseLayer[];
  readonly parameters: Parameters;
}
