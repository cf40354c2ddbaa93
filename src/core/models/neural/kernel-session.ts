import type { DenseKernels } from '../../kernels/dense.ts';
import { DenseColumn, openDense } from '../../kernels/dense.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { sigmoid } from '../../shared/exact-math.ts';
import { createRandom } from '../../shared/random.ts';
import type { EpochPlan, NetworkRows, NetworkSession, NetworkStart } from '../../kernels/dense-training.ts';
import { randomStreams } from './initial-layers.ts';
import type { LayerPlace, NetworkPlace } from './network-memory.ts';
import { column, loadNetwork, paddedWidth, placeNetwork, storeNetwork } from './network-memory.ts';

/**
 * Opens a training on the dense kernels. Rows are read into their memory as floats: all at once where they fit, else
 * batch by batch in every epoch, which takes longer and no memory. The bytes depend neither on that nor on the threads.
 */
export async function openKernelSession(
  kernels: Kernels,
  start: NetworkStart,
  maxThreads = Math.max(1, Math.floor(start.settings.batchSize / rowsPerThread)),
  residentBytes = usualResidentBytes,
): Promise<NetworkSession> {
  const { train, validation, settings } = start;
  const network = placeNetwork(start.layers, Math.min(settings.batchSize, Math.max(train.rowCount, 1)));
  const stride = paddedWidth(train.width);
  const isResident = 4 * stride * (train.rowCount + validation.rowCount) <= residentBytes;
  const scoringRows = Math.min(network.capacity, rowsPerScoring);
  const trainAt = network.end;
  const validationAt = trainAt + 4 * stride * (isResident ? train.rowCount : network.capacity);
  const orderAt = validationAt + 4 * stride * (isResident ? validation.rowCount : scoringRows);
  const scoresAt = orderAt + 4 * train.rowCount;
  const dense = await openDense(kernels, scoresAt + 4 * validation.rowCount, maxThreads);
  const { memory } = dense;
  storeNetwork(memory, network, start.layers);
  if (isResident) {
    readRows(train, new Float32Array(memory, trainAt, stride * train.rowCount), stride);
    readRows(validation, new Float32Array(memory, validationAt, stride * validation.rowCount), stride);
  }
  const batchData = new Float32Array(memory, trainAt, isResident ? 0 : stride * network.capacity);
  const scoringData = new Float32Array(memory, validationAt, isResident ? 0 : stride * scoringRows);
  const step = createStep(dense, network, start);

  return {
    backend: dense.backend,
    async trainEpoch(plan) {
      // A batch that was just read stands in its own order.
      const places = isResident ? plan.order : range(Math.min(train.rowCount, network.capacity));
      new Uint32Array(memory, orderAt, train.rowCount).set(places);
      const scores = new Float32Array(train.rowCount);
      const batches = Math.ceil(train.rowCount / settings.batchSize);
      const random = createRandom(settings.seed, randomStreams.dropout + 16 * (plan.epoch + 1));
      let breathed = 0;
      for (let batch = 0; batch < batches; batch++) {
        const from = Math.floor((train.rowCount * batch) / batches);
        const to = Math.floor((train.rowCount * (batch + 1)) / batches);
        if (!isResident) train.pick(plan.order.subarray(from, to), batchData, stride);
        step(trainAt, isResident ? orderAt + 4 * from : orderAt, plan, from, to, scores, () =>
          random.integer(0x1_0000_0000),
        );
        if (to - breathed >= rowsPerBreath) {
          breathed = to;
          await plan.breathe((batch + 1) / batches);
        }
      }
      return scores;
    },
    async scoreValidation(breathe) {
      const rows = validation.rowCount;
      let breathed = 0;
      for (let from = 0; from < rows; from += scoringRows) {
        const count = Math.min(scoringRows, rows - from);
        if (!isResident) validation.read(from, from + count, scoringData, stride);
        const data = isResident ? validationAt + 4 * stride * from : validationAt;
        dense.run('score', network.table, network.layers.length, data, count, scoresAt + 4 * from);
        if (from - breathed >= 4 * rowsPerBreath) {
          breathed = from;
          await breathe(from / rows);
        }
      }
      return new Float32Array(memory, scoresAt, rows).slice();
    },
    layers: () => Promise.resolve(loadNetwork(memory, network, start.layers)),
    close: () => dense.close(),
  };
}

/**
 * Threads meet nine times per batch. Below this many rows each, a wait for one that is not running (three models may be
 * training on two cores) costs more than the thread brings.
 */
const rowsPerThread = 512;
/** Some five milliseconds at the usual sizes, twenty times that on the TypeScript twin. */
const rowsPerBreath = 1024;
const rowsPerScoring = 512;
/** 128 MiB: a quarter of a million customers of the usual width. */
const usualResidentBytes = 0x800_0000;

function range(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}

function readRows(rows: NetworkRows, out: Float32Array, stride: number): void {
  const chunk = 4096;
  for (let from = 0; from < rows.rowCount; from += chunk) {
    const to = Math.min(rows.rowCount, from + chunk);
    rows.read(from, to, out.subarray(from * stride, to * stride), stride);
  }
}

type Step = (
  data: number,
  orderAt: number,
  plan: EpochPlan,
  from: number,
  to: number,
  scores: Float32Array,
  nextKey: () => number,
) => void;

/** One step of Adam on order[from … to). The error of the output unit is formed here: the kernels know no loss. */
function createStep(dense: DenseKernels, network: NetworkPlace, start: NetworkStart): Step {
  const { settings, train } = start;
  const output = network.layers.at(-1) as LayerPlace;
  const hidden = network.layers.slice(0, -1);
  const sums = new Float32Array(dense.memory, output.offsets.sums, network.capacity * output.units);
  const errors = new Float32Array(dense.memory, output.offsets.errors, network.capacity * output.units);
  const bias = column(dense.memory, output, DenseColumn.beta);
  const errorSum = column(dense.memory, output, DenseColumn.errorSum);
  const threshold = Math.round(settings.dropout * 0x1_0000_0000);
  const scale = threshold === 0 ? 1 : 1 / (1 - settings.dropout);
  let power1 = 1;
  let power2 = 1;

  return (data, orderAt, plan, from, to, scores, nextKey) => {
    const rows = to - from;
    const first = network.layers[0] as LayerPlace;
    dense.run('enter', first.record, data, orderAt, rows);
    for (const layer of hidden) dense.run('pass', layer.record, rows, nextKey() | 0, threshold, scale);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const row = plan.order[from + i] as number;
      const score = Math.fround((sums[i * output.units] as number) + (bias[0] as number));
      const error = ((train.weights[row] as number) * (sigmoid(score) - (train.labels[row] as number))) / rows;
      scores[row] = score;
      errors[i * output.units] = error;
      total += error;
    }
    errorSum[0] = total;
    for (const layer of hidden.toReversed()) dense.run('back', layer.record, rows, scale);
    dense.run('finish', first.record, rows);
    power1 *= 0.9;
    power2 *= 0.999;
    const rate = plan.learningRate;
    const keep = 1 - rate * settings.weightDecay;
    dense.run('update', network.table, network.layers.length, rows, rate, keep, 1 / (1 - power1), 1 / (1 - power2));
  };
}
