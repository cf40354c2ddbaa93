import type { Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../core/kernels/dense-inference.ts';
import type { NetworkLoss } from '../../core/kernels/dense-training.ts';

/** The activations of the dense kernels, in tfjs. */
export const activations: Readonly<Record<Activation, (sums: Tensor) => Tensor>> = {
  relu: (sums) => tf.relu(sums),
  gelu: (sums) => tf.mul(sums, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(sums, Math.SQRT1_2))))),
  silu: (sums) => tf.mul(sums, tf.sigmoid(sums)),
};

/** The loss of each row by raw score and label, as `createLoss` of the core has it. */
export function createTensorLoss({
  focalGamma,
  labelSmoothing,
}: NetworkLoss): (scores: Tensor, labels: Tensor) => Tensor {
  return (scores, labels) => {
    const soft = tf.add(tf.mul(labels, 1 - labelSmoothing), labelSmoothing / 2);
    if (focalGamma === 0) return tf.sub(tf.softplus(scores), tf.mul(soft, scores));
    const ofOne = (z: Tensor) => tf.mul(tf.pow(tf.sigmoid(tf.neg(z)), focalGamma), tf.softplus(tf.neg(z)));
    return tf.add(tf.mul(soft, ofOne(scores)), tf.mul(tf.sub(1, soft), ofOne(tf.neg(scores))));
  };
}
