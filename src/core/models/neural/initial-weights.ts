import { normEpsilon } from '../../kernels/dense.ts';
import type { DenseLayer, EmbeddingTable } from '../../kernels/dense-training.ts';
import { createRandom } from '../../shared/random.ts';

/** Stream numbers of a training's random choices. */
export const randomStreams = { weights: 1, order: 2, dropout: 3, embeddings: 4 } as const;

/**
 * Untrained layers: weights normal with variance 2 / inputs (He et al. 2015), the output layer's 1 / inputs; biases 0.
 * A hidden layer under batch normalisation has no bias of its own: beta is its bias.
 */
export function initialLayers(
  inputs: number,
  hidden: readonly number[],
  batchNorm: boolean,
  seed: number,
): readonly DenseLayer[] {
  const random = createRandom(seed, randomStreams.weights);
  return [...hidden, 1].map((units, index) => {
    const width = index === 0 ? inputs : (hidden[index - 1] as number);
    const isOutput = index === hidden.length;
    const deviation = Math.sqrt((isOutput ? 1 : 2) / Math.max(1, width));
    const weights = new Float32Array(width * units).map(() => deviation * random.normal());
    const layer = { inputs: width, units, weights, biases: new Float32Array(units) };
    return batchNorm && !isOutput ? { ...layer, batchNorm: freshNorm(units) } : layer;
  });
}

function freshNorm(units: number) {
  return {
    gamma: new Float32Array(units).fill(1),
    beta: new Float32Array(units),
    mean: new Float32Array(units),
    variance: new Float32Array(units).fill(1),
    epsilon: normEpsilon,
  };
}

/** Standard deviation of untrained vectors: a level that is hardly seen then says hardly anything. */
const embeddingSpread = 0.05;

/** Untrained embeddings: normal, but level 0 (missing, rare, unseen) begins at the origin. */
export function initialEmbeddings(
  shapes: readonly Omit<EmbeddingTable, 'values'>[],
  seed: number,
): readonly EmbeddingTable[] {
  const random = createRandom(seed, randomStreams.embeddings);
  return shapes.map((shape) => {
    const { levels, dimension } = shape;
    const values = new Float32Array(levels * dimension);
    for (let i = dimension; i < values.length; i++) values[i] = embeddingSpread * random.normal();
    return { ...shape, values };
  });
}
