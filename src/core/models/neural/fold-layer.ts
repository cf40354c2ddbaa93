import { StudioError } from '../../shared/errors.ts';
import type { Activation, FoldedLayer, FoldedNetwork } from '../../kernels/dense-inference.ts';
import type { DenseLayer } from '../../kernels/dense-training.ts';

/** The layers with batch normalisation folded in (running statistics), each number computed in doubles and rounded once. */
export function foldNetwork(layers: readonly DenseLayer[], activation: Activation): FoldedNetwork {
  return { layers: layers.map(foldLayer), activation };
}

function foldLayer({ inputs, units, weights, biases, batchNorm }: DenseLayer): FoldedLayer {
  if (!batchNorm) return { inputs, units, weights, biases };
  const folded = { inputs, units, weights: new Float32Array(inputs * units), biases: new Float32Array(units) };
  for (let j = 0; j < units; j++) {
    const scale = (batchNorm.gamma[j] as number) / Math.sqrt((batchNorm.variance[j] as number) + batchNorm.epsilon);
    const offset = (biases[j] as number) - (batchNorm.mean[j] as number);
    folded.biases[j] = (batchNorm.beta[j] as number) + offset * scale;
    for (let i = 0; i < inputs; i++) folded.weights[i * units + j] = (weights[i * units + j] as number) * scale;
  }
  if (!folded.weights.every(Number.isFinite) || !folded.biases.every(Number.isFinite)) {
    throw new StudioError('model.numeric', "The network's weights stopped being numbers.", {
      fix: 'Lower learning_rate, or set global_clipnorm.',
    });
  }
  return folded;
}
