import { StudioError } from '../../shared/errors.ts';
import type { Encoding } from '../encoding.ts';
import { createEncoder } from '../encoding.ts';
import type { TrainingInput } from '../model.ts';
import type { NetworkExamples, NetworkRows } from '../../kernels/dense-training.ts';
import type { NeuralSettings } from './neural-parameters.ts';

/** The chosen rows as inputs of the network, cut to −clip … clip. */
export function encodedRows(
  encoding: Encoding,
  features: TrainingInput['features'],
  rows: Uint32Array,
  clip: number,
): NetworkRows {
  const encoder = createEncoder(encoding, features);
  const write = (chosen: Uint32Array, from: number, to: number, out: Float32Array, stride: number): void => {
    encoder.encode(chosen, from, to, out, stride);
    clipValues(out.subarray(0, (to - from) * stride), clip);
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

/** What floats still add up to scores of: the limit of those who ask for none. */
const loosestClip = 1e6;

/** Cuts values to −clip … clip (0: a million), in place. */
export function clipValues(values: Float32Array, clip: number): void {
  const limit = clip > 0 ? clip : loosestClip;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > limit) values[i] = limit;
    else if (value < -limit) values[i] = -limit;
  }
}

/** What one label of each class weighs: n / (2 · class count) when balanced (scikit-learn's rule), 1, or as given. */
export function classWeights(
  input: TrainingInput,
  { classWeight, positiveWeight }: Pick<NeuralSettings, 'classWeight' | 'positiveWeight'>,
): readonly [number, number] {
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
  if (classWeight === 'balanced') return [count / (2 * (count - positives)), count / (2 * positives)];
  return [1, classWeight === 'given' ? positiveWeight : 1];
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
