import type { Frame } from '../../data/frame.ts';
import { createEncoder } from '../encoding.ts';
import type { FoldedLayer } from './fold-layer.ts';
import { foldLayer } from './fold-layer.ts';
import { clipValues } from './network-examples.ts';
import type { NeuralModel } from './neural-model.ts';

/**
 * Raw scores in double precision. Every sum runs over its inputs in ascending order, whatever rows are scored together,
 * so a row's score has the same bits everywhere; inputs that are zero add nothing and are passed over.
 */
export function scoreNeural(model: NeuralModel, features: Frame): Float64Array {
  const scores = new Float64Array(features.rowCount);
  const encoder = createEncoder(model.encoding, features);
  const forward = createForward(model);
  const chunk = 512;
  const rows = new Uint32Array(chunk);
  const inputs = new Float64Array(chunk * encoder.width);
  for (let from = 0; from < features.rowCount; from += chunk) {
    const count = Math.min(chunk, features.rowCount - from);
    for (let i = 0; i < count; i++) rows[i] = from + i;
    encoder.encode(rows, 0, count, inputs);
    if (model.clip > 0) clipValues(inputs, model.clip);
    forward(inputs, count, scores.subarray(from, from + count));
  }
  return scores;
}

/** The network as a function of encoded, clipped rows. */
export function createForward(model: NeuralModel): (inputs: Float64Array, rows: number, out: Float64Array) => void {
  const layers = model.layers.map(foldLayer);
  const widest = Math.max(model.encoding.width, ...layers.map((layer) => layer.width));
  const values = new Float64Array(widest);
  const places = new Int32Array(widest);
  const activations = new Float64Array(widest);
  return (inputs, rows, out) => {
    const width = model.encoding.width;
    for (let row = 0; row < rows; row++) {
      let count = 0;
      for (let i = 0, at = row * width; i < width; i++, at++) {
        const value = inputs[at] as number;
        if (value !== 0) {
          values[count] = value;
          places[count++] = i;
        }
      }
      for (const layer of layers) {
        sumLayer(layer, values, places, count, activations);
        count = 0;
        for (let i = 0; i < layer.units; i++) {
          const value = activations[i] as number;
          if (value > 0) {
            values[count] = value;
            places[count++] = i;
          }
        }
      }
      out[row] = activations[0] as number;
    }
  };
}

/** sums[j] = Σ values · weights[places, j] + shift[j], eight columns at a time. */
function sumLayer(
  { width, weights, shifts }: FoldedLayer,
  values: Float64Array,
  places: Int32Array,
  count: number,
  sums: Float64Array,
): void {
  for (let j = 0; j < width; j += 8) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let n = 0; n < count; n++) {
      const value = values[n] as number;
      const at = (places[n] as number) * width + j;
      s0 += value * (weights[at] as number);
      s1 += value * (weights[at + 1] as number);
      s2 += value * (weights[at + 2] as number);
      s3 += value * (weights[at + 3] as number);
      s4 += value * (weights[at + 4] as number);
      s5 += value * (weights[at + 5] as number);
      s6 += value * (weights[at + 6] as number);
      s7 += value * (weights[at + 7] as number);
    }
    sums[j] = s0 + (shifts[j] as number);
    sums[j + 1] = s1 + (shifts[j + 1] as number);
    sums[j + 2] = s2 + (shifts[j + 2] as number);
    sums[j + 3] = s3 + (shifts[j + 3] as number);
    sums[j + 4] = s4 + (shifts[j + 4] as number);
    sums[j + 5] = s5 + (shifts[j + 5] as number);
    sums[j + 6] = s6 + (shifts[j + 6] as number);
    sums[j + 7] = s7 + (shifts[j + 7] as number);
  }
}
