import type { FoldedLayer, FoldedNetwork } from '../../kernels/dense-inference.ts';
import type { NetworkRows } from '../../kernels/dense-training.ts';
import { activated, activationCodes, derivative } from '../../kernels/reference/dense-activation.ts';
import type { NeuralModel } from './neural-model.ts';

/** Rows the spread and the slopes are taken from, evenly chosen. */
const spreadRows = 20_000;
const slopeRows = 1000;

/**
 * For each input, how far the raw score moves on average when the input moves by its own standard deviation: the mean
 * |∂ score / ∂ input| over training rows times the input's spread (saliency, Simonyan et al. 2014, in log-odds).
 */
export function measureSensitivity(networks: readonly FoldedNetwork[], rows: NetworkRows): Float32Array {
  const slopes = meanSlopes(networks, rows);
  const spread = inputSpread(rows);
  return new Float32Array(rows.width).map((_, i) => (slopes[i] as number) * (spread[i] as number));
}

/** A feature's importance: the root of the summed squares of its inputs' sensitivities. */
export function featureSensitivity(
  model: NeuralModel,
): readonly { readonly feature: string; readonly importance: number }[] {
  return model.encoding.columns.map((column) => {
    const inputs = column.kind === 'category' ? column.levels.length : column.missingIndicator ? 2 : 1;
    const own = model.sensitivity.subarray(column.slot, column.slot + inputs);
    return { feature: column.name, importance: Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) };
  });
}

function meanSlopes(networks: readonly FoldedNetwork[], rows: NetworkRows): Float64Array {
  const { rowCount, width } = rows;
  const step = Math.max(1, Math.floor(rowCount / slopeRows));
  const row = new Float32Array(width);
  const totals = new Float64Array(width);
  let count = 0;
  for (let at = 0; at < rowCount; at += step, count++) {
    rows.read(at, at + 1, row, width);
    const slopes = new Float64Array(width);
    for (const network of networks) addSlopes(network, row, slopes);
    for (let i = 0; i < width; i++) totals[i] = (totals[i] as number) + Math.abs(slopes[i] as number);
  }
  return totals.map((total) => total / (count * networks.length));
}

/** Adds the derivative of the raw score by each input: back through the units as they stand at this row. */
function addSlopes({ layers, activation }: FoldedNetwork, row: Float32Array, into: Float64Array): void {
  const kind = activationCodes[activation];
  const sums: Float32Array[] = [];
  let values: Float32Array = row;
  for (const { inputs, units, weights, biases } of layers) {
    const out = biases.slice();
    for (let i = 0; i < inputs; i++) {
      const value = values[i] as number;
      if (value === 0) continue;
      for (let j = 0, at = i * units; j < units; j++, at++) {
        out[j] = (out[j] as number) + value * (weights[at] as number);
      }
    }
    sums.push(out);
    values = out.map((sum) => activated(kind, sum));
  }
  let slopes = Float64Array.of(1);
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, units, weights } = layers[l] as FoldedLayer;
    if (l < layers.length - 1) slopes = slopes.map((slope, j) => slope * derivative(kind, sums[l]?.[j] ?? 0));
    const before = new Float64Array(inputs);
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0, at = i * units; j < units; j++, at++) sum += (weights[at] as number) * (slopes[j] as number);
      before[i] = sum;
    }
    slopes = before;
  }
  slopes.forEach((slope, i) => {
    into[i] = (into[i] as number) + slope;
  });
}

/** Standard deviation of each input. */
function inputSpread(rows: NetworkRows): Float64Array {
  const { rowCount, width } = rows;
  const step = Math.max(1, Math.floor(rowCount / spreadRows));
  const row = new Float32Array(width);
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  for (let at = 0; at < rowCount; at += step, count++) {
    rows.read(at, at + 1, row, width);
    for (let j = 0; j < width; j++) {
      const value = row[j] as number;
      sums[j] = (sums[j] as number) + value;
      squares[j] = (squares[j] as number) + value * value;
    }
  }
  return sums.map((sum, j) => {
    const mean = sum / count;
    return Math.sqrt(Math.max(0, (squares[j] as number) / count - mean * mean));
  });
}
