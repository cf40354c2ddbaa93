import type { DenseLayer, NetworkRows } from '../../kernels/dense-training.ts';
import type { FoldedLayer } from './fold-layer.ts';
import { foldLayer } from './fold-layer.ts';
import type { NeuralModel } from './neural-model.ts';

/** Rows the spread and the slopes are taken from, evenly chosen. */
const spreadRows = 20_000;
const slopeRows = 1000;

/**
 * For each input, how far the raw score moves on average when the input moves by its own standard deviation: the mean
 * |∂ score / ∂ input| over training rows times the input's spread (saliency, Simonyan et al. 2014, in log-odds).
 */
export function measureSensitivity(layers: readonly DenseLayer[], rows: NetworkRows): Float32Array {
  const slopes = meanSlopes(layers.map(foldLayer), rows);
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

function meanSlopes(layers: readonly FoldedLayer[], rows: NetworkRows): Float64Array {
  const { rowCount, width } = rows;
  const step = Math.max(1, Math.floor(rowCount / slopeRows));
  const row = new Float32Array(width);
  const totals = new Float64Array(width);
  let count = 0;
  for (let at = 0; at < rowCount; at += step, count++) {
    rows.read(at, at + 1, row, width);
    const slopes = slopesAt(layers, row);
    for (let i = 0; i < width; i++) totals[i] = (totals[i] as number) + Math.abs(slopes[i] as number);
  }
  return totals.map((total) => total / count);
}

/** The derivative of the raw score by each input: back through the units that are open at this row. */
function slopesAt(layers: readonly FoldedLayer[], row: Float32Array): Float64Array {
  const sums: Float64Array[] = [];
  let values: ArrayLike<number> = row;
  for (const layer of layers) {
    const out = layer.shifts.slice();
    for (let i = 0; i < layer.inputs; i++) {
      const value = values[i] as number;
      if (!(value !== 0)) continue;
      const weights = layer.weights.subarray(i * layer.width, i * layer.width + layer.units);
      for (let j = 0; j < weights.length; j++) out[j] = (out[j] as number) + value * (weights[j] as number);
    }
    sums.push(out);
    values = out.map((sum) => Math.max(0, sum));
  }
  let slopes = Float64Array.of(1);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l] as FoldedLayer;
    const isOutput = l === layers.length - 1;
    const open = slopes.map((slope, j) => (isOutput || (sums[l]?.[j] ?? 0) > 0 ? slope : 0));
    slopes = new Float64Array(layer.inputs);
    for (let i = 0; i < layer.inputs; i++) {
      let sum = 0;
      for (let j = 0; j < layer.units; j++) sum += (layer.weights[i * layer.width + j] as number) * (open[j] as number);
      slopes[i] = sum;
    }
  }
  return slopes;
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
