import type { Frame } from '../data/frame.ts';
import { createEncoder, inputCount } from '../models/encoding.ts';
import type { LogisticModel } from '../models/logistic/logistic-model.ts';
import { createRandom } from '../shared/random.ts';
import { meanOfOrders } from './orders.ts';
import type { SampledShap } from './permutation-shap.ts';

/** Features up to which every order is walked, 720 at most; of more, a sample. */
const mostExact = 6;

/**
 * SHAP values of a linear model that know what features go together: an absent feature is expected to be what those present
 * make of it, by the covariance of `sample`, training customers' features (the shap package's LinearExplainer with
 * `feature_perturbation="correlation_dependent"`). A feature that the model does not use can so be given something.
 *
 * Along one order let L Lᵀ be the covariance so ordered and z = L⁻¹ (x − mean): what each input brings that those before it
 * did not say. Feature j then moves the expectation by the sum over its inputs of z_k (Lᵀ b)_k. Exact up to 6 features;
 * else the mean over `orders` random orders, each walked there and back.
 */
export function correlatedLinearShap(
  model: LogisticModel,
  features: Frame,
  row: number,
  sample: Frame,
  orders = 40,
): SampledShap {
  const { encoding, coefficients, intercept } = model;
  const { columns, width } = encoding;
  const { means, covariance } = momentsOf(model, sample);
  const moved = new Float64Array(width);
  createEncoder(encoding, features).encode([row], 0, 1, moved);
  for (let slot = 0; slot < width; slot++) moved[slot] = (moved[slot] as number) - (means[slot] as number);
  const alongOrder = createAlongOrder(covariance, moved, coefficients);

  const attribute = (order: readonly number[]): Float64Array => {
    const slots = order.flatMap((feature) => {
      const column = columns[feature] as (typeof columns)[number];
      return Array.from({ length: inputCount(column) }, (_, i) => column.slot + i);
    });
    const parts = alongOrder(slots);
    let next = 0;
    const phi = new Float64Array(columns.length);
    for (const feature of order) {
      const count = inputCount(columns[feature] as (typeof columns)[number]);
      for (let i = 0; i < count; i++) phi[feature] = (phi[feature] as number) + (parts[next++] as number);
    }
    return phi;
  };
  const expectedValue = means.reduce((sum, mean, slot) => sum + mean * (coefficients[slot] as number), intercept);
  return { expectedValue, ...meanOfOrders(columns.length, attribute, mostExact, orders, createRandom(0, row)) };
}

/** What each input of an order adds to the expectation; an input that those before it determine brings only its own rest. */
function createAlongOrder(covariance: Float64Array, moved: Float64Array, coefficients: Float64Array) {
  const width = moved.length;
  const lower = new Float64Array(width * width);
  const innovations = new Float64Array(width);
  return (slots: readonly number[]): Float64Array => {
    const parts = new Float64Array(width);
    for (let j = 0; j < width; j++) {
      const slot = slots[j] as number;
      const from = slot * width;
      const atJ = j * width;
      let pivot = covariance[from + slot] as number;
      let rest = moved[slot] as number;
      for (let k = 0; k < j; k++) {
        const atK = k * width;
        const diagonal = lower[atK + k] as number;
        let element = 0;
        if (diagonal > 0) {
          let sum = covariance[from + (slots[k] as number)] as number;
          for (let i = 0; i < k; i++) sum -= (lower[atJ + i] as number) * (lower[atK + i] as number);
          element = sum / diagonal;
          pivot -= element * element;
          rest -= element * (innovations[k] as number);
        }
        lower[atJ + k] = element;
      }
      const isFree = pivot > vanishing * (covariance[from + slot] as number);
      lower[atJ + j] = isFree ? Math.sqrt(pivot) : 0;
      innovations[j] = isFree ? rest / (lower[atJ + j] as number) : 0;
      const coefficient = coefficients[slot] as number;
      for (let k = 0; k < j; k++) {
        parts[k] = (parts[k] as number) + coefficient * (lower[atJ + k] as number) * (innovations[k] as number);
      }
      parts[j] = coefficient * rest;
    }
    return parts;
  };
}

/** A pivot below this share of its variance is rounding, not information. */
const vanishing = 1e-10;

function momentsOf({ encoding }: LogisticModel, sample: Frame) {
  const { width } = encoding;
  const count = sample.rowCount;
  // Column by column, so that both loops run along memory.
  const inputs = new Float64Array(width * count);
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  createEncoder(encoding, sample).encode(rows, 0, count, inputs, 1, count);
  const means = new Float64Array(width);
  for (let slot = 0; slot < width; slot++) {
    const values = inputs.subarray(slot * count, (slot + 1) * count);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    means[slot] = mean;
    for (let i = 0; i < count; i++) values[i] = (values[i] as number) - mean;
  }
  const covariance = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += (inputs[a * count + i] as number) * (inputs[b * count + i] as number);
      covariance[a * width + b] = sum / count;
      covariance[b * width + a] = sum / count;
    }
  }
  return { means, covariance };
}
