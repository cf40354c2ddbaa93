import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type {
  DenseLayer,
  EpochPlan,
  NetworkRows,
  NetworkSession,
  NetworkStart,
} from '../../core/kernels/dense-training.ts';
import type { Random } from '../../core/shared/random.ts';
import { createRandom } from '../../core/shared/random.ts';

/** Momentum of the running statistics and Adam's constants, as in the dense kernels. */
const runningShare = 0.1;
const beta1 = 0.9;
const beta2 = 0.999;
const adamEpsilon = 1e-7;
/** Steps given to the device before waiting for it: keeps its queue short and lets messages in. */
const stepsPerBreath = 8;
const maskStream = 5;
const spareMasks = 1 << 18;

interface NormVariables {
  readonly gamma: Variable;
  readonly beta: Variable;
  readonly mean: Variable;
  readonly variance: Variable;
  readonly epsilon: number;
}

/** A layer on the device: a bias, or batch normalisation in its place. */
interface LayerVariables {
  readonly weights: Variable;
  readonly bias?: Variable;
  readonly norm?: NormVariables;
}

interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** A training on whatever tfjs backend is set: the same network, loss and optimiser as on the dense kernels. */
export function openTensorSession(start: NetworkStart, backend: string): NetworkSession {
  const { settings, train, validation } = start;
  const layers = start.layers.map(toVariables);
  const trained = layers.flatMap(({ weights, bias, norm }) =>
    [weights, bias, norm?.gamma, norm?.beta].filter((variable) => variable !== undefined),
  );
  const adam = new AdamAtRate(0.001, beta1, beta2, adamEpsilon);
  const trainRows = toTensor(train);
  const validationRows = toTensor(validation);
  const labels = tf.tensor1d(train.labels);
  const weights = tf.tensor1d(train.weights);

  function step(plan: EpochPlan, from: number, count: number, order: Tensor1D, masks: MaskPool): Tensor1D {
    return tf.tidy(() => {
      const chosen = tf.slice(order, [from], [count]);
      const x = tf.gather(trainRows, chosen);
      const y = tf.gather(labels, chosen);
      const w = tf.gather(weights, chosen);
      let scores = y;
      let moments: (Moments | undefined)[] = [];
      const { value, grads } = tf.variableGrads(() => {
        const forward = trainingForward(layers, x, masks);
        scores = tf.keep(forward.scores);
        moments = forward.moments;
        return tf.mean(tf.mul(w, tf.sub(tf.softplus(scores), tf.mul(y, scores)))).asScalar();
      }, trained);
      value.dispose();
      layers.forEach((layer, index) => {
        layer.weights.assign(tf.mul(layer.weights, 1 - plan.learningRate * settings.weightDecay));
        const batch = moments[index];
        if (layer.norm && batch) {
          moveTowards(layer.norm.mean, batch.mean);
          moveTowards(layer.norm.variance, batch.variance);
          batch.mean.dispose();
          batch.variance.dispose();
        }
      });
      adam.learnAt(plan.learningRate).applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return scores;
    });
  }

  return {
    backend,
    async trainEpoch(plan) {
      const random = createRandom(settings.seed, maskStream + 16 * (plan.epoch + 1));
      const batches = Math.ceil(train.rowCount / settings.batchSize);
      const order = tf.tensor1d(Int32Array.from(plan.order), 'int32');
      const masks = createMaskPool(random, settings.dropout, settings.batchSize * Math.max(...settings.hidden));
      const scores = new Float32Array(train.rowCount);
      const collect = async (from: number, tensor: Tensor) => {
        const values = await tensor.data();
        tensor.dispose();
        values.forEach((value, i) => {
          scores[plan.order[from + i] as number] = value;
        });
      };
      let waiting: [from: number, scores: Tensor][] = [];
      try {
        for (let batch = 0; batch < batches; batch++) {
          const from = Math.floor((train.rowCount * batch) / batches);
          const to = Math.floor((train.rowCount * (batch + 1)) / batches);
          waiting.push([from, step(plan, from, to - from, order, masks)]);
          if (waiting.length === stepsPerBreath || batch === batches - 1) {
            await Promise.all(waiting.map(([at, tensor]) => collect(at, tensor)));
            waiting = [];
            await plan.breathe((batch + 1) / batches);
          }
        }
      } finally {
        tf.dispose([order, masks.values, ...waiting.map(([, tensor]) => tensor)]);
      }
      return scores;
    },
    async scoreValidation(breathe) {
      const scores = new Float32Array(validation.rowCount);
      const chunk = 8192;
      for (let from = 0; from < scores.length; from += chunk) {
        const count = Math.min(chunk, scores.length - from);
        const part = tf.tidy(() => inferenceForward(layers, tf.slice(validationRows, [from, 0], [count, -1])));
        scores.set(await part.data<'float32'>(), from);
        part.dispose();
        await breathe((from + count) / scores.length);
      }
      return scores;
    },
    layers: () => Promise.all(layers.map((layer, index) => download(layer, start.layers[index] as DenseLayer))),
    close() {
      adam.dispose();
      for (const { weights: kernel, bias, norm } of layers) {
        tf.dispose([kernel, bias ?? [], norm ? [norm.gamma, norm.beta, norm.mean, norm.variance] : []]);
      }
      tf.dispose([trainRows, validationRows, labels, weights]);
    },
  };
}

/** tfjs keeps the rate for the constructor's sake only; a schedule has to reach it. */
class AdamAtRate extends tf.AdamOptimizer {
  learnAt(rate: number): this {
    this.learningRate = rate;
    return this;
  }
}

function toVariables({ inputs, units, weights, biases, batchNorm }: DenseLayer): LayerVariables {
  const vector = (values: Float32Array, trainable = true) => variableOf(tf.tensor1d(values), trainable);
  const kernel = variableOf(tf.tensor2d(weights, [inputs, units]));
  if (!batchNorm) return { weights: kernel, bias: vector(biases) };
  const { gamma, beta, mean, variance, epsilon } = batchNorm;
  return {
    weights: kernel,
    norm: {
      gamma: vector(gamma),
      beta: vector(beta),
      mean: vector(mean, false),
      variance: vector(variance, false),
      epsilon,
    },
  };
}

/** A variable keeps the values, not the tensor it was made from. */
function variableOf(tensor: Tensor, trainable = true): Variable {
  const variable = tf.variable(tensor, trainable);
  tensor.dispose();
  return variable;
}

async function download({ weights, bias, norm }: LayerVariables, like: DenseLayer): Promise<DenseLayer> {
  const values = async (variable: Variable) => Float32Array.from(await variable.data());
  const { inputs, units } = like;
  const kernel = await values(weights);
  if (!norm) return { inputs, units, weights: kernel, biases: bias ? await values(bias) : like.biases };
  const [gamma, beta, mean, variance] = await Promise.all([
    values(norm.gamma),
    values(norm.beta),
    values(norm.mean),
    values(norm.variance),
  ]);
  const batchNorm = { gamma, beta, mean, variance, epsilon: norm.epsilon };
  return { inputs, units, weights: kernel, biases: like.biases, batchNorm };
}

function toTensor(rows: NetworkRows): Tensor2D {
  const { rowCount, width } = rows;
  const values = new Float32Array(rowCount * width);
  const chunk = 4096;
  for (let from = 0; from < rowCount; from += chunk) {
    const to = Math.min(rowCount, from + chunk);
    rows.read(from, to, values.subarray(from * width, to * width), width);
  }
  return tf.tensor2d(values, [rowCount, width]);
}

function normalise(sums: Tensor, { mean, variance }: Moments, { gamma, beta, epsilon }: NormVariables): Tensor {
  return tf.add(tf.mul(gamma, tf.mul(tf.sub(sums, mean), tf.rsqrt(tf.add(variance, epsilon)))), beta);
}

/** The way forward over a batch with its own statistics and dropout; the statistics outlive the tidy around. */
function trainingForward(layers: readonly LayerVariables[], x: Tensor, masks: MaskPool) {
  const moments: (Moments | undefined)[] = [];
  let values = x;
  layers.forEach(({ weights, bias, norm }, index) => {
    let sums: Tensor = tf.matMul(values as Tensor2D, weights as Tensor as Tensor2D);
    if (norm) {
      const batch = tf.moments(sums, 0);
      moments[index] = { mean: tf.keep(batch.mean), variance: tf.keep(batch.variance) };
      sums = normalise(sums, batch, norm);
    } else if (bias) sums = tf.add(sums, bias);
    values = index === layers.length - 1 ? sums : masks.drop(tf.relu(sums));
  });
  return { scores: tf.reshape(values, [-1]) as Tensor1D, moments };
}

function inferenceForward(layers: readonly LayerVariables[], x: Tensor): Tensor {
  const last = layers.length - 1;
  const scores = layers.reduce((values, { weights, bias, norm }, index) => {
    let sums: Tensor = tf.matMul(values as Tensor2D, weights as Tensor as Tensor2D);
    if (norm) sums = normalise(sums, norm, norm);
    else if (bias) sums = tf.add(sums, bias);
    return index === last ? sums : tf.relu(sums);
  }, x);
  return tf.reshape(scores, [-1]);
}

function moveTowards(running: Variable, batch: Tensor): void {
  running.assign(tf.sub(running, tf.mul(tf.sub(running, batch), runningShare)));
}

interface MaskPool {
  readonly values: Tensor;
  drop(activations: Tensor): Tensor;
}

/**
 * Dropout masks for an epoch: windows at random places of one pool of 0 and 1 / (1 − share). tfjs draws random tensors on
 * the CPU, and one upload per epoch is cheaper than one per layer and step.
 */
function createMaskPool(random: Random, share: number, largest: number): MaskPool {
  if (share === 0) return { values: tf.scalar(1), drop: (activations) => activations };
  const size = largest + spareMasks;
  const scale = 1 / (1 - share);
  const values = tf.tensor1d(new Float32Array(size).map(() => (random.next() < share ? 0 : scale)));
  return {
    values,
    drop(activations) {
      const window = tf.slice(values, [random.integer(size - activations.size)], [activations.size]);
      return tf.mul(activations, tf.reshape(window, activations.shape));
    },
  };
}
