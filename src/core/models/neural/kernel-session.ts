import { openDense } from '../../kernels/dense.ts';
import { placeInference, runInference, storeInference } from '../../kernels/dense-inference.ts';
import { paddedWidth } from '../../kernels/dense-layout.ts';
import type { NetworkRows, NetworkSession, NetworkStart, NetworkWeights } from '../../kernels/dense-training.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { createRandom } from '../../shared/random.ts';
import { loadEmbeddings, placeEmbeddings, storeEmbeddings } from './embedding-memory.ts';
import { foldNetwork } from './fold-layer.ts';
import { randomStreams } from './initial-weights.ts';
import { createStep } from './kernel-step.ts';
import { loadMoments, loadNetwork, placeNetwork, storeMoments, storeNetwork } from './network-memory.ts';

/**
 * Opens a training on the dense kernels. Rows are read into their memory as floats: all at once where they fit, else
 * batch by batch in every epoch, which takes longer and no memory. The bytes depend neither on that nor on the threads.
 */
export async function openKernelSession(
  kernels: Kernels,
  start: NetworkStart,
  maxThreads = Math.max(1, Math.min(mostThreads, Math.floor(start.settings.batchSize / rowsPerThread))),
  residentBytes = usualResidentBytes,
): Promise<NetworkSession> {
  const { train, validation, settings, weights } = start;
  const batchRows = Math.min(settings.batchSize, Math.max(train.rowCount, 1));
  const network = placeNetwork(weights, settings.activation, batchRows);
  const embeddings = placeEmbeddings(weights.embeddings, train.width, network.capacity, network.end);
  const inference = placeInference(weights.layers, embeddings.end, maxThreads);
  const stride = paddedWidth(train.width);
  const isResident = 4 * stride * (train.rowCount + validation.rowCount) <= residentBytes;
  const trainAt = inference.end;
  const validationAt = trainAt + 4 * stride * (isResident ? train.rowCount : network.capacity);
  const orderAt = validationAt + 4 * stride * (isResident ? validation.rowCount : rowsPerScoring);
  const scoresAt = orderAt + 4 * train.rowCount;
  const dense = await openDense(kernels, scoresAt + 4 * validation.rowCount, maxThreads);
  const { memory } = dense;
  storeNetwork(memory, network, weights.layers);
  storeEmbeddings(memory, embeddings, weights.embeddings);
  if (start.optimizer) storeMoments(memory, network, embeddings, start.optimizer.moments);
  if (isResident) {
    readRows(train, new Float32Array(memory, trainAt, stride * train.rowCount), stride);
    readRows(validation, new Float32Array(memory, validationAt, stride * validation.rowCount), stride);
  }
  const batchData = new Float32Array(memory, trainAt, isResident ? 0 : stride * network.capacity);
  const scoringData = new Float32Array(memory, validationAt, isResident ? 0 : stride * rowsPerScoring);
  let steps = start.optimizer?.steps ?? 0;
  const step = createStep(dense, network, embeddings, train, settings, steps);
  const current = (): NetworkWeights => ({
    layers: loadNetwork(memory, network, weights.layers),
    embeddings: loadEmbeddings(memory, embeddings, weights.embeddings),
  });

  return {
    backend: dense.backend,
    async trainEpoch(plan) {
      // A batch that was just read stands in its own order.
      const places = isResident ? plan.order : range(Math.min(train.rowCount, network.capacity));
      new Uint32Array(memory, orderAt, train.rowCount).set(places);
      const scores = new Float32Array(train.rowCount);
      const batches = Math.ceil(train.rowCount / settings.batchSize);
      const random = createRandom(settings.seed, randomStreams.dropout + 16 * (plan.epoch + 1));
      const nextKey = () => random.integer(0x1_0000_0000);
      let breathed = 0;
      let norms = 0;
      for (let batch = 0; batch < batches; batch++) {
        const from = Math.floor((train.rowCount * batch) / batches);
        const to = Math.floor((train.rowCount * (batch + 1)) / batches);
        if (!isResident) train.pick(plan.order.subarray(from, to), batchData, stride);
        const place = { data: trainAt, order: isResident ? orderAt + 4 * from : orderAt };
        norms += step(place, plan, from, to, scores, nextKey);
        steps++;
        if (to - breathed >= rowsPerBreath) {
          breathed = to;
          await plan.breathe((batch + 1) / batches);
        }
      }
      return { scores, gradientNorm: norms / batches };
    },
    async scoreValidation(breathe) {
      const rows = validation.rowCount;
      storeInference(memory, inference, foldNetwork(current().layers, settings.activation));
      let breathed = 0;
      for (let from = 0; from < rows; from += rowsPerScoring) {
        const count = Math.min(rowsPerScoring, rows - from);
        if (!isResident) validation.read(from, from + count, scoringData, stride);
        const data = isResident ? validationAt + 4 * stride * from : validationAt;
        runInference(dense, inference, data, count, scoresAt + 4 * from, [embeddings.records, embeddings.count]);
        if (from - breathed >= 4 * rowsPerBreath) {
          breathed = from;
          await breathe(from / rows);
        }
      }
      return new Float32Array(memory, scoresAt, rows).slice();
    },
    weights: () => Promise.resolve(current()),
    optimizer: () => ({ steps, moments: loadMoments(memory, network, embeddings) }),
    close: () => dense.close(),
  };
}

/** Threads meet a dozen times per batch: below this many rows each, meeting costs more than a thread brings. */
const rowsPerThread = 128;
const mostThreads = 16;
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
