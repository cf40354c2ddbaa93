import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type {
  DenseLayer,
  EmbeddingTable,
  EpochPlan,
  NetworkRows,
  NetworkSession,
  NetworkStart,
  NetworkWeights,
} from '../../core/kernels/dense-training.ts';
import type { Random } from '../../core/shared/random.ts';
import { createRandom } from '../../core/shared/random.ts';
import { activations, createTensorLoss } from './tensors-math.ts';

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

interface EmbeddingVariable {
  readonly table: EmbeddingTable;
  readonly vectors: Variable;
}

interface NetworkVariables {
  readonly layers: readonly LayerVariables[];
  readonly embeddings: readonly EmbeddingVariable[];
  readonly activate: (sums: Tensor) => Tensor;
}

/** A step's raw scores and the norm of its gradients, on the device. */
interface TensorStep {
  readonly scores: Tensor1D;
  readonly norm: Tensor;
}

interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** A training on whatever tfjs backend is set: the same network, loss and optimiser as on the dense kernels. */
export function openTensorSession(start: NetworkStart, backend: string): NetworkSession {
  const { settings, train, validation } = start;
  const layers = start.weights.layers.map(toVariables);
  const embeddings = start.weights.embeddings.map((table): EmbeddingVariable => {
    const values = tf.tensor2d(table.values, [table.levels, table.dimension]);
    return { table, vectors: variableOf(values) };
  });
  const trained = [
    ...embeddings.map(({ vectors }) => vectors),
    ...layers.flatMap(({ weights, bias, norm }) =>
      [weights, bias, norm?.gamma, norm?.beta].filter((variable) => variable !== undefined),
    ),
  ];
  const decayed = [...embeddings.map(({ vectors }) => vectors), ...layers.map(({ weights }) => weights)];
  const network: NetworkVariables = { layers, embeddings, activate: activations[settings.activation] };
  const loss = createTensorLoss(settings);
  const adam = new AdamAtRate(0.001, beta1, beta2, adamEpsilon);
  const widest = Math.max(...start.weights.layers.map(({ units }) => units));
  const trainRows = toTensor(train);
  const validationRows = toTensor(validation);
  const labels = tf.tensor1d(train.labels);
  const weights = tf.tensor1d(train.weights);

  function step(plan: EpochPlan, from: number, count: number, order: Tensor1D, masks: MaskPool): TensorStep {
    return tf.tidy(() => {
      const chosen = tf.slice(order, [from], [count]);
      const x = tf.gather(trainRows, chosen);
      const y = tf.gather(labels, chosen);
      const w = tf.gather(weights, chosen);
      let scores = y;
      let moments: (Moments | undefined)[] = [];
      const { value, grads } = tf.variableGrads(() => {
        const forward = trainingForward(network, x, masks);
        scores = tf.keep(forward.scores);
        moments = forward.moments;
        return tf.mean(tf.mul(w, loss(scores, y))).asScalar();
      }, trained);
      value.dispose();
      const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)));
      const norm = tf.sqrt(tf.addN(squares));
      // Above clipNorm the gradients are scaled down to it together.
      const shrink =
        settings.clipNorm > 0
          ? tf.minimum(1, tf.div(settings.clipNorm, tf.maximum(norm, Number.MIN_VALUE)))
          : tf.scalar(1);
      const decays = new Set<string>();
      for (const variable of decayed) {
        if (settings.optimizer === 'adam') decays.add(variable.name);
        else variable.assign(tf.mul(variable, 1 - plan.learningRate * settings.weightDecay));
      }
      layers.forEach((layer, index) => {
        const batch = moments[index];
        if (layer.norm && batch) {
          moveTowards(layer.norm.mean, batch.mean);
          moveTowards(layer.norm.variance, batch.variance);
          batch.mean.dispose();
          batch.variance.dispose();
        }
      });
      adam.learnAt(plan.learningRate).applyGradients(
        trained.map((variable) => {
          const gradient = tf.mul(grads[variable.name] as Tensor, shrink);
          const pulled = decays.has(variable.name) && settings.weightDecay > 0;
          const tensor = pulled ? tf.add(gradient, tf.mul(variable, settings.weightDecay)) : gradient;
          return { name: variable.name, tensor };
        }),
      );
      return { scores, norm };
    });
  }

  return {
    backend,
    async trainEpoch(plan) {
      const random = createRandom(settings.seed, maskStream + 16 * (plan.epoch + 1));
      const batches = Math.ceil(train.rowCount / settings.batchSize);
      const order = tf.tensor1d(Int32Array.from(plan.order), 'int32');
      const masks = createMaskPool(random, settings.dropout, settings.batchSize * widest);
      const scores = new Float32Array(train.rowCount);
      const collect = async (from: number, tensor: Tensor) => {
        const values = await tensor.data();
        tensor.dispose();
        values.forEach((value, i) => {
          scores[plan.order[from + i] as number] = value;
        });
      };
      let norms = 0;
      const addNorm = async (tensor: Tensor) => {
        norms += (await tensor.data())[0] as number;
        tensor.dispose();
      };
      let waiting: (TensorStep & { readonly from: number })[] = [];
      try {
        for (let batch = 0; batch < batches; batch++) {
          const from = Math.floor((train.rowCount * batch) / batches);
          const to = Math.floor((train.rowCount * (batch + 1)) / batches);
          waiting.push({ from, ...step(plan, from, to - from, order, masks) });
          if (waiting.length === stepsPerBreath || batch === batches - 1) {
            await Promise.all(waiting.flatMap((each) => [collect(each.from, each.scores), addNorm(each.norm)]));
            waiting = [];
            await plan.breathe((batch + 1) / batches);
          }
        }
      } finally {
        tf.dispose([order, masks.values, ...waiting.flatMap((each) => [each.scores, each.norm])]);
      }
      return { scores, gradientNorm: norms / batches };
    },
    async scoreValidation(breathe) {
      const scores = new Float32Array(validation.rowCount);
      const chunk = 8192;
      for (let from = 0; from < scores.length; from += chunk) {
        const count = Math.min(chunk, scores.length - from);
        const part = tf.tidy(() => inferenceForward(network, tf.slice(validationRows, [from, 0], [count, -1])));
        scores.set(await part.data<'float32'>(), from);
        part.dispose();
        await breathe((from + count) / scores.length);
      }
      return scores;
    },
    weights: async (): Promise<NetworkWeights> => ({
      layers: await Promise.all(
        layers.map((layer, index) => download(layer, start.weights.layers[index] as DenseLayer)),
      ),
      embeddings: await Promise.all(
        embeddings.map(async ({ table, vectors }) => ({ ...table, values: Float32Array.from(await vectors.data()) })),
      ),
    }),
    close() {
      adam.dispose();
      tf.dispose(embeddings.map(({ vectors }) => vectors));
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

/** Rows with each level replaced by its vector; one-hot products, whose gradient every backend knows. */
function embedded(x: Tensor, embeddings: readonly EmbeddingVariable[]): Tensor {
  const [first] = embeddings;
  if (!first) return x;
  const rows = x.shape[0] as number;
  const plain = tf.slice(x as Tensor2D, [0, 0], [rows, first.table.slot]);
  const vectors = embeddings.map(({ table: { slot, levels }, vectors: values }) => {
    const codes = tf.cast(tf.reshape(tf.slice(x as Tensor2D, [0, slot], [rows, 1]), [rows]), 'int32');
    return tf.matMul(tf.oneHot(codes, levels) as Tensor2D, values as Tensor as Tensor2D);
  });
  return tf.concat([plain, ...vectors], 1);
}

/** The way forward over a batch with its own statistics and dropout; the statistics outlive the tidy around. */
function trainingForward({ layers, embeddings, activate }: NetworkVariables, x: Tensor, masks: MaskPool) {
  const moments: (Moments | undefined)[] = [];
  let values = embedded(x, embeddings);
  layers.forEach(({ weights, bias, norm }, index) => {
    let sums: Tensor = tf.matMul(values as Tensor2D, weights as Tensor as Tensor2D);
    if (norm) {
      const batch = tf.moments(sums, 0);
      moments[index] = { mean: tf.keep(batch.mean), variance: tf.keep(batch.variance) };
      sums = normalise(sums, batch, norm);
    } else if (bias) sums = tf.add(sums, bias);
    values = index === layers.length - 1 ? sums : masks.drop(activate(sums));
  });
  return { scores: tf.reshape(values, [-1]) as Tensor1D, moments };
}

function inferenceForward({ layers, embeddings, activate }: NetworkVariables, x: Tensor): Tensor {
  const last = layers.length - 1;
  const scores = layers.reduce(
    (values, { weights, bias, norm }, index) => {
      let sums: Tensor = tf.matMul(values as Tensor2D, weights as Tensor as Tensor2D);
      if (norm) sums = normalise(sums, norm, norm);
      else if (bias) sums = tf.add(sums, bias);
      return index === last ? sums : activate(sums);
    },
    embedded(x, embeddings),
  );
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
