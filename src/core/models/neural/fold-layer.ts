import type { DenseLayer } from '../../kernels/dense-training.ts';

/** A layer with batch normalisation folded into its weights: sums = x · weights + shifts. Doubles. */
export interface FoldedLayer {
  readonly inputs: number;
  readonly units: number;
  /** units rounded up to 8; the padding is zero. */
  readonly width: number;
  /** inputs × width. */
  readonly weights: Float64Array;
  readonly shifts: Float64Array;
}

export function foldLayer({ inputs, units, weights, biases, batchNorm }: DenseLayer): FoldedLayer {
  const width = Math.ceil(units / 8) * 8;
  const folded = { inputs, units, width, weights: new Float64Array(inputs * width), shifts: new Float64Array(width) };
  for (let j = 0; j < units; j++) {
    const bias = biases[j] as number;
    let scale = 1;
    folded.shifts[j] = bias;
    if (batchNorm) {
      scale = (batchNorm.gamma[j] as number) / Math.sqrt((batchNorm.variance[j] as number) + batchNorm.epsilon);
      folded.shifts[j] = (batchNorm.beta[j] as number) + (bias - (batchNorm.mean[j] as number)) * scale;
    }
    for (let i = 0; i < inputs; i++) folded.weights[i * width + j] = (weights[i * units + j] as number) * scale;
  }
  return folded;
}
