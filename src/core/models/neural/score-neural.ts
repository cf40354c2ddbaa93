import type { Frame } from '../../data/frame.ts';
import type { DenseScoring, FoldedNetwork } from '../../kernels/dense-inference.ts';
import { createForward } from '../../kernels/reference/dense-forward.ts';
import { createEncoder } from '../encoding.ts';
import { foldNetwork } from './fold-layer.ts';
import { clipValues } from './network-examples.ts';
import type { NeuralModel } from './neural-model.ts';

/** Below so many rows the twin, which passes over zeros, is as fast as the kernel. */
const fewRows = 32;
const rowsPerChunk = 512;

/**
 * Raw scores: floats, every sum over its inputs in ascending order, so that a row's score has the same bits everywhere, with
 * the host's kernel or without and whatever rows are scored together; of an ensemble the mean.
 */
export function scoreNeural(model: NeuralModel, features: Frame, scoring?: DenseScoring): Float64Array {
  const { rowCount } = features;
  const sums = new Float64Array(rowCount);
  const encoder = createEncoder(model.encoding, features);
  const rows = new Uint32Array(rowCount).map((_, row) => row);
  const encode = (from: number, to: number, out: Float32Array, stride: number) => {
    encoder.encode(rows, from, to, out, stride);
    clipValues(out.subarray(0, (to - from) * stride), model.clip);
  };
  const networks = foldedNetworks(model);
  for (const network of networks) {
    if (scoring && rowCount >= fewRows && scoring.canScore(network)) scoring.score(network, rowCount, encode, sums);
    else addScores(network, rowCount, encode, sums);
  }
  return networks.length === 1 ? sums : sums.map((sum) => sum / networks.length);
}

const folded = new WeakMap<NeuralModel, readonly FoldedNetwork[]>();

/** The model's networks without batch normalisation, folded once per model. */
export function foldedNetworks(model: NeuralModel): readonly FoldedNetwork[] {
  const known = folded.get(model);
  if (known) return known;
  const networks = [model.layers, ...(model.ensemble ?? [])].map((layers) => foldNetwork(layers, model.activation));
  folded.set(model, networks);
  return networks;
}

function addScores(
  network: FoldedNetwork,
  rowCount: number,
  encode: (from: number, to: number, out: Float32Array, stride: number) => void,
  sums: Float64Array,
): void {
  const forward = createForward(network);
  const width = network.layers[0]?.inputs ?? 0;
  const values = new Float32Array(Math.min(rowsPerChunk, rowCount) * width);
  for (let from = 0; from < rowCount; from += rowsPerChunk) {
    const to = Math.min(rowCount, from + rowsPerChunk);
    encode(from, to, values, width);
    for (let row = from; row < to; row++) {
      const at = (row - from) * width;
      sums[row] = (sums[row] as number) + forward(values.subarray(at, at + width));
    }
  }
}
