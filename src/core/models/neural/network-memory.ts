import {
  DenseColumn,
  DenseMode,
  DenseWord,
  denseBlockRows,
  denseColumnCount,
  denseRecordWords,
} from '../../kernels/dense.ts';
import { normEpsilon } from '../../kernels/dense.ts';
import type { DenseLayer } from '../../kernels/dense-training.ts';

/** Where a layer lies in the kernels' memory: byte offsets, widths rounded up to 8. */
export interface LayerPlace {
  readonly record: number;
  readonly inputs: number;
  readonly units: number;
  readonly mode: number;
  readonly offsets: Readonly<Record<Part, number>>;
}

export interface NetworkPlace {
  /** Byte offset of the table of records. */
  readonly table: number;
  readonly layers: readonly LayerPlace[];
  /** Batch rows the buffers hold. */
  readonly capacity: number;
  /** First free byte. */
  readonly end: number;
}

const parts = [
  'weights',
  'transposed',
  'firstMoment',
  'secondMoment',
  'gradient',
  'input',
  'sums',
  'errors',
  'columns',
  'partials',
] as const;
type Part = (typeof parts)[number];

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;
/** Widths in memory: two vectors of four. */
export const paddedWidth = (width: number) => roundUp(width, 8);
/** Below this the module may keep things of its own. */
const firstByte = 65_536;

/** Lays a network of these layers out in memory, with room for batches of `batchRows`. */
export function placeNetwork(layers: readonly DenseLayer[], batchRows: number): NetworkPlace {
  const capacity = roundUp(batchRows, denseBlockRows);
  let end = firstByte + layers.length * denseRecordWords * 4;
  const places = layers.map((layer, index): LayerPlace => {
    const inputs = paddedWidth(layer.inputs);
    const units = paddedWidth(layer.units);
    const sizes: Record<Part, number> = {
      weights: inputs * units,
      transposed: inputs * units,
      firstMoment: inputs * units,
      secondMoment: inputs * units,
      gradient: inputs * units,
      input: capacity * inputs,
      sums: capacity * units,
      errors: capacity * units,
      columns: denseColumnCount * units,
      partials: (2 * capacity * units) / denseBlockRows,
    };
    const offsets = {} as Record<Part, number>;
    for (const part of parts) {
      offsets[part] = roundUp(end, 64);
      end = offsets[part] + 4 * sizes[part];
    }
    const hidden = layer.batchNorm ? DenseMode.normalised : DenseMode.plain;
    const mode = index === layers.length - 1 ? DenseMode.output : hidden;
    return { record: firstByte + index * denseRecordWords * 4, inputs, units, mode, offsets };
  });
  return { table: firstByte, layers: places, capacity, end: roundUp(end, 64) };
}

/** Writes records, weights and batch-normalisation columns; all the rest of the memory must be zero. */
export function storeNetwork(memory: ArrayBufferLike, place: NetworkPlace, layers: readonly DenseLayer[]): void {
  layers.forEach((layer, index) => {
    const at = place.layers[index] as LayerPlace;
    const words = new Uint32Array(memory, at.record, denseRecordWords);
    words[DenseWord.inputs] = at.inputs;
    words[DenseWord.units] = at.units;
    words[DenseWord.mode] = at.mode;
    for (const part of parts) words[DenseWord[part]] = at.offsets[part];
    const weights = new Float32Array(memory, at.offsets.weights, at.inputs * at.units);
    const transposed = new Float32Array(memory, at.offsets.transposed, at.inputs * at.units);
    for (let i = 0; i < layer.inputs; i++) {
      for (let j = 0; j < layer.units; j++) {
        const weight = layer.weights[i * layer.units + j] as number;
        weights[i * at.units + j] = weight;
        transposed[j * at.inputs + i] = weight;
      }
    }
    const norm = layer.batchNorm;
    column(memory, at, DenseColumn.inverse).fill(1);
    column(memory, at, DenseColumn.gamma).set(norm?.gamma ?? new Float32Array(layer.units).fill(1));
    column(memory, at, DenseColumn.beta).set(norm?.beta ?? layer.biases);
    column(memory, at, DenseColumn.runningMean).set(norm?.mean ?? []);
    column(memory, at, DenseColumn.runningVariance).set(norm?.variance ?? []);
  });
}

/** Copies the weights out again, in the shape of `like`. */
export function loadNetwork(
  memory: ArrayBufferLike,
  place: NetworkPlace,
  like: readonly DenseLayer[],
): readonly DenseLayer[] {
  return like.map((layer, index) => {
    const at = place.layers[index] as LayerPlace;
    const padded = new Float32Array(memory, at.offsets.weights, at.inputs * at.units);
    const weights = new Float32Array(layer.inputs * layer.units);
    for (let i = 0; i < layer.inputs; i++) {
      weights.set(padded.subarray(i * at.units, i * at.units + layer.units), i * layer.units);
    }
    const values = (index: number) => column(memory, at, index).slice(0, layer.units);
    const { inputs, units } = layer;
    if (!layer.batchNorm) return { inputs, units, weights, biases: values(DenseColumn.beta) };
    return {
      inputs,
      units,
      weights,
      biases: layer.biases,
      batchNorm: {
        gamma: values(DenseColumn.gamma),
        beta: values(DenseColumn.beta),
        mean: values(DenseColumn.runningMean),
        variance: values(DenseColumn.runningVariance),
        epsilon: normEpsilon,
      },
    };
  });
}

/** One of a layer's columns (`DenseColumn`). */
export function column(memory: ArrayBufferLike, at: LayerPlace, index: number): Float32Array {
  return new Float32Array(memory, at.offsets.columns + 4 * index * at.units, at.units);
}
