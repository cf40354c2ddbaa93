import { DenseColumn, type DenseKernels } from '../../kernels/dense.ts';
import type { EpochPlan, NetworkExamples, NetworkSettings } from '../../kernels/dense-training.ts';
import type { EmbeddingPlace } from './embedding-memory.ts';
import { createLoss } from './network-loss.ts';
import type { LayerPlace, NetworkPlace } from './network-memory.ts';
import { column, squaredGradients } from './network-memory.ts';

/** Where a batch lies: encoded rows at `data`, and their places there at `order`. */
export interface BatchPlace {
  readonly data: number;
  readonly order: number;
}

/** Takes one step of Adam on plan.order[from … to); returns the norm of the gradients before clipping. */
export type Step = (
  batch: BatchPlace,
  plan: EpochPlan,
  from: number,
  to: number,
  scores: Float32Array,
  nextKey: () => number,
) => number;

/** The share of dropout comes in 65,536ths. */
const dropoutSteps = 65_536;

/** Steps of a network in the kernels' memory. The error of the output unit is formed here: the kernels know no loss. */
export function createStep(
  dense: DenseKernels,
  network: NetworkPlace,
  embeddings: EmbeddingPlace,
  train: NetworkExamples,
  settings: NetworkSettings,
  stepsBefore: number,
): Step {
  const { memory } = dense;
  const first = network.layers[0] as LayerPlace;
  const output = network.layers.at(-1) as LayerPlace;
  const hidden = network.layers.slice(0, -1);
  const backwards = hidden.toReversed();
  const sums = new Float32Array(memory, output.offsets.sums, network.capacity * output.units);
  const errors = new Float32Array(memory, output.offsets.errors, network.capacity * output.units);
  const bias = column(memory, output, DenseColumn.beta);
  const errorSum = column(memory, output, DenseColumn.errorSum);
  const { slope } = createLoss(settings);
  const threshold = Math.round(settings.dropout * dropoutSteps);
  const scale = 1 / (1 - threshold / dropoutSteps);
  const decouples = settings.optimizer === 'adamw';
  const { records, count } = embeddings;
  let power1 = 1;
  let power2 = 1;
  for (let step = 0; step < stepsBefore; step++) advance();

  function advance(): void {
    power1 *= 0.9;
    power2 *= 0.999;
  }

  return ({ data, order }, plan, from, to, scores, nextKey) => {
    const rows = to - from;
    dense.run('enter', first.record, data, order, rows, records, count);
    for (const layer of hidden) dense.run('pass', layer.record, rows, nextKey() | 0, threshold, scale);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const row = plan.order[from + i] as number;
      const score = Math.fround((sums[i * output.units] as number) + (bias[0] as number));
      const error = ((train.weights[row] as number) * slope(score, train.labels[row] as number)) / rows;
      scores[row] = score;
      errors[i * output.units] = error;
      total += error;
    }
    errorSum[0] = total;
    for (const layer of backwards) dense.run('back', layer.record, rows, scale);
    dense.run('finish', first.record, rows);
    if (count > 0) {
      const { errors: at, first: from, columns } = embeddings;
      dense.run('embeddingErrors', first.record, rows, at, from, columns);
      dense.run('embeddingGradients', records, count, data, order, rows, first.record, at, from, columns);
    }
    const layerCount = network.layers.length;
    dense.run('gradients', network.table, layerCount, rows);
    const norm = Math.sqrt(squaredGradients(memory, network, embeddings));
    const shrink = settings.clipNorm > 0 && norm > settings.clipNorm ? settings.clipNorm / norm : 1;
    advance();
    const rate = plan.learningRate;
    const keep = decouples ? 1 - rate * settings.weightDecay : 1;
    const decay = decouples ? 0 : settings.weightDecay;
    const [c1, c2] = [1 / (1 - power1), 1 / (1 - power2)];
    dense.run('update', network.table, layerCount, rate, keep, decay, shrink, c1, c2, records, count);
    return norm;
  };
}
