import { StudioError } from '../../shared/errors.ts';
import type { Encoding } from '../encoding.ts';
import { createEncoder } from '../encoding.ts';
import type { TrainingInput } from '../model.ts';
import type { NetworkExamples, NetworkRows } from '../../kernels/dense-training.ts';

/** The chosen rows as inputs of the network, cut to −clip … clip (0: not cut). */
export function encodedRows(
  encoding: Encoding,
  features: TrainingInput['features'],
  rows: Uint32Array,
  clip: number,
): NetworkRows {
  const encoder = createEncoder(encoding, features);
  const write = (chosen: Uint32Array, from: number, to: number, out: Float32Array, stride: number): void => {
    encoder.encode(chosen, from, to, out, stride);
    if (clip > 0) clipValues(out.subarray(0, (to - from) * stride), clip);
  };
  return {
    rowCount: rows.length,
    width: encoding.width,
    read: (from, to, out, stride) => write(rows, from, to, out, stride),
    pick(places, out, stride) {
      const chosen = places.map((place) => rows[place] as number);
      write(chosen, 0, chosen.length, out, stride);
    },
  };
}

/** Cuts values to −limit … limit, in place. */
export function clipValues(values: Float32Array | Float64Array, limit: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > limit) values[i] = limit;
    else if (value < -limit) values[i] = -limit;
  }
}

/** What one label of each class weighs: n / (2 · class count) when balanced (scikit-learn's rule), else 1. */
export function classWeights(input: TrainingInput, balanced: boolean): readonly [number, number] {
  let positives = 0;
  for (const row of input.train) positives += input.labels[row] === 1 ? 1 : 0;
  const count = input.train.length;
  if (positives === 0 || positives === count) {
    throw new StudioError(
      'data.label',
      `All ${count} training customers ${positives ? 'converted' : 'did not convert'}; a model needs both kinds.`,
      { fix: 'Check the label column, or use more customers.' },
    );
  }
  return balanced ? [count / (2 * (count - positives)), count / (2 * positives)] : [1, 1];
}

/** Rows with labels and weights (row weight × class weight). */
export function examplesOf(
  input: TrainingInput,
  rows: Uint32Array,
  inputs: NetworkRows,
  weightOf: readonly [number, number],
): NetworkExamples {
  const labels = new Float32Array(rows.length);
  const weights = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const label = input.labels[row] === 1 ? 1 : 0;
    labels[i] = label;
    weights[i] = weightOf[label] * (input.weights?.[row] ?? 1);
  }
  return { ...inputs, labels, weights };
}
