import { type Frame, sliceRows } from '../data/frame.ts';
import type { FoldedLayer, FoldedNetwork } from '../kernels/dense-inference.ts';
import { activated, activationCodes, derivative } from '../kernels/reference/dense-activation.ts';
import { createEncoder, inputCount } from '../models/encoding.ts';
import { clipValues } from '../models/neural/network-examples.ts';
import type { NeuralModel } from '../models/neural/neural-model.ts';
import { foldedNetworks, scoreNeural } from '../models/neural/score-neural.ts';
import { createRandom } from '../shared/random.ts';
import type { SampledShap } from './permutation-shap.ts';

/** Attributions of a network against background customers, in log-odds by feature; they add up to its very raw score. */
export interface NetworkShap {
  /**
   * DeepSHAP (Lundberg and Lee 2017; DeepLIFT's rescale rule, Shrikumar et al. 2017): the shap package's DeepExplainer.
   * Exact sums, no sampling; near Shapley values, not the same.
   */
  deep(features: Frame, row: number): Pick<SampledShap, 'expectedValue' | 'phi'>;
  /** Expected gradients (Erion et al. 2021): `samples` points between the row and background rows in turn. */
  gradients(features: Frame, row: number, samples: number): SampledShap;
}

/** Inputs nearer than this count as the same: the slope there is the derivative. As DeepExplainer. */
const sameInput = 1e-6;

export function createNetworkShap(model: NeuralModel, background: Frame): NetworkShap {
  const { encoding } = model;
  const networks = foldedNetworks(model);
  const kind = activationCodes[model.activation];
  const encode = (frame: Frame) => {
    const encoder = createEncoder(encoding, frame);
    return (row: number): Float32Array => {
      const inputs = new Float32Array(encoding.width);
      encoder.encode([row], 0, 1, inputs);
      clipValues(inputs, model.clip);
      return inputs;
    };
  };
  const others = Array.from({ length: background.rowCount }, (_, row) => row).map(encode(background));
  const passes = networks.map((network) => others.map((inputs) => forward(network, inputs)));
  const rawScores = scoreNeural(model, background);
  const expectedValue = rawScores.reduce((sum, raw) => sum + raw, 0) / rawScores.length;
  const byFeature = (ofInputs: Float64Array): Float64Array =>
    Float64Array.from(encoding.columns, (column) =>
      ofInputs.subarray(column.slot, column.slot + inputCount(column)).reduce((sum, value) => sum + value, 0),
    );
  const rawScore = (features: Frame, row: number): number =>
    scoreNeural(model, sliceRows(features, row, row + 1))[0] as number;

  return {
    deep(features, row) {
      const inputs = encode(features)(row);
      const sums = new Float64Array(encoding.width);
      for (const [n, network] of networks.entries()) {
        const own = forward(network, inputs);
        for (const [b, other] of others.entries()) {
          const from = (passes[n] as Pass[])[b] as Pass;
          const slopes = backward(network, (layer, unit) => {
            const moved = at(own.sums, layer, unit) - at(from.sums, layer, unit);
            if (Math.abs(moved) < sameInput) return derivative(kind, at(own.sums, layer, unit));
            return (at(own.values, layer, unit) - at(from.values, layer, unit)) / moved;
          });
          slopes.forEach((slope, i) => {
            sums[i] = (sums[i] as number) + slope * ((inputs[i] as number) - (other[i] as number));
          });
        }
      }
      const phi = byFeature(sums.map((sum) => sum / (others.length * networks.length)));
      return { expectedValue, phi: addingUp(phi, rawScore(features, row) - expectedValue) };
    },
    gradients(features, row, samples) {
      const inputs = encode(features)(row);
      const random = createRandom(0, row);
      const width = encoding.columns.length;
      const sums = new Float64Array(width);
      const squares = new Float64Array(width);
      for (let sample = 0; sample < samples; sample++) {
        const other = others[sample % others.length] as Float32Array;
        const share = random.next();
        const between = inputs.map((value, i) => (other[i] as number) + share * (value - (other[i] as number)));
        const gained = new Float64Array(encoding.width);
        for (const network of networks) {
          const { sums: reached } = forward(network, between);
          backward(network, (layer, unit) => derivative(kind, at(reached, layer, unit))).forEach((slope, i) => {
            const part = slope * ((inputs[i] as number) - (other[i] as number));
            gained[i] = (gained[i] as number) + part / networks.length;
          });
        }
        byFeature(gained).forEach((gain, feature) => {
          sums[feature] = (sums[feature] as number) + gain;
          squares[feature] = (squares[feature] as number) + gain * gain;
        });
      }
      const phi = sums.map((sum) => sum / samples);
      const standardError = squares.map((square, feature) => {
        const mean = phi[feature] as number;
        return Math.sqrt(Math.max(0, square / samples - mean * mean) / (samples - 1));
      });
      return { expectedValue, phi: addingUp(phi, rawScore(features, row) - expectedValue), standardError };
    },
  };
}

/** Per layer: the sums of the units, and what the activation makes of them. */
interface Pass {
  readonly sums: readonly Float64Array[];
  readonly values: readonly Float64Array[];
}

const at = (layers: readonly Float64Array[], layer: number, unit: number): number =>
  (layers[layer] as Float64Array)[unit] as number;

function forward({ layers, activation }: FoldedNetwork, inputs: Float32Array): Pass {
  const kind = activationCodes[activation];
  const sums: Float64Array[] = [];
  const values: Float64Array[] = [];
  let before: ArrayLike<number> = inputs;
  for (const { units, weights, biases } of layers) {
    const own = Float64Array.from(biases);
    for (let i = 0; i < before.length; i++) {
      const value = before[i] as number;
      if (value === 0) continue;
      for (let j = 0, w = i * units; j < units; j++, w++) own[j] = (own[j] as number) + value * (weights[w] as number);
    }
    sums.push(own);
    before = own.map((sum) => activated(kind, sum));
    values.push(before as Float64Array);
  }
  return { sums, values };
}

/** How the raw score moves with each input, where a hidden unit's value moves with its sum by `slopeOf`. */
function backward({ layers }: FoldedNetwork, slopeOf: (layer: number, unit: number) => number): Float64Array {
  let slopes = Float64Array.of(1);
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { inputs, units, weights } = layers[layer] as FoldedLayer;
    const below = new Float64Array(inputs);
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0, w = i * units; j < units; j++, w++) sum += (weights[w] as number) * (slopes[j] as number);
      below[i] = layer === 0 || sum === 0 ? sum : sum * slopeOf(layer - 1, i);
    }
    slopes = below;
  }
  return slopes;
}

/** Shares what is missing to `total` (floats' rounding, sampling) among the attributions by their size. */
function addingUp(phi: Float64Array, total: number): Float64Array {
  const sum = phi.reduce((all, value) => all + value, 0);
  const size = phi.reduce((all, value) => all + Math.abs(value), 0);
  return size === 0 ? phi : phi.map((value) => value + ((total - sum) * Math.abs(value)) / size);
}
