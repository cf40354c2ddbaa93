import type { FoldedLayer, FoldedNetwork } from '../dense-inference.ts';
import { activated, activationCodes } from './dense-activation.ts';

const { fround } = Math;

/**
 * The network as a function of one encoded row, in floats: the twin of the kernel `infer`. Every sum starts at 0 and runs
 * over its inputs in ascending order; inputs that are zero add nothing to a finite weight and are passed over.
 */
export function createForward({ layers, activation }: FoldedNetwork): (row: Float32Array) => number {
  const kind = activationCodes[activation];
  const widest = Math.max(...layers.map(({ inputs, units }) => Math.max(inputs, units)));
  const values = new Float32Array(widest);
  const places = new Int32Array(widest);
  const sums = new Float32Array(widest);
  return (row) => {
    let count = 0;
    for (let i = 0; i < row.length; i++) {
      const value = row[i] as number;
      if (value !== 0) {
        values[count] = value;
        places[count++] = i;
      }
    }
    for (const layer of layers) {
      sumLayer(layer, values, places, count, sums);
      count = 0;
      for (let i = 0; i < layer.units; i++) {
        const value = activated(kind, fround((sums[i] as number) + (layer.biases[i] as number)));
        if (value !== 0) {
          values[count] = value;
          places[count++] = i;
        }
      }
    }
    return fround((sums[0] as number) + (layers.at(-1)?.biases[0] as number));
  };
}

/** sums[j] = Σ values · weights[places, j], eight columns at a time. */
function sumLayer(
  { units, weights }: FoldedLayer,
  values: Float32Array,
  places: Int32Array,
  count: number,
  sums: Float32Array,
): void {
  let j = 0;
  for (; j + 8 <= units; j += 8) {
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
      const at = (places[n] as number) * units + j;
      s0 = fround(s0 + fround(value * (weights[at] as number)));
      s1 = fround(s1 + fround(value * (weights[at + 1] as number)));
      s2 = fround(s2 + fround(value * (weights[at + 2] as number)));
      s3 = fround(s3 + fround(value * (weights[at + 3] as number)));
      s4 = fround(s4 + fround(value * (weights[at + 4] as number)));
      s5 = fround(s5 + fround(value * (weights[at + 5] as number)));
      s6 = fround(s6 + fround(value * (weights[at + 6] as number)));
      s7 = fround(s7 + fround(value * (weights[at + 7] as number)));
    }
    sums[j] = s0;
    sums[j + 1] = s1;
    sums[j + 2] = s2;
    sums[j + 3] = s3;
    sums[j + 4] = s4;
    sums[j + 5] = s5;
    sums[j + 6] = s6;
    sums[j + 7] = s7;
  }
  for (; j < units; j++) {
    let sum = 0;
    for (let n = 0; n < count; n++) {
      sum = fround(sum + fround((values[n] as number) * (weights[(places[n] as number) * units + j] as number)));
    }
    sums[j] = sum;
  }
}
