import {
  DenseColumn,
  DenseMode,
  DenseWord,
  denseBlockRows,
  denseColumnCount,
  denseRecordWords,
  normEpsilon,
} from '../../kernels/dense.ts';
import type { Activation } from '../../kernels/dense-inference.ts';
import { fromPanels, paddedWidth, toPanels, transposed } from '../../kernels/dense-layout.ts';
import type { DenseLayer, NetworkWeights } from '../../kernels/dense-training.ts';
import { activationCodes } from '../../kernels/reference/dense-activation.ts';
import { type EmbeddingPlace, embeddingFloats } from './embedding-memory.ts';

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
  readonly activation: Activation;
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
  'squares',
  'gates',
] as const;
type Part = (typeof parts)[number];

const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit;
/** Below this the module may keep things of its own. */
const firstByte = 65_536;

/** Lays a network of these layers out in memory, with room for batches of `batchRows`. */
export function placeNetwork(
  { layers, embeddings }: NetworkWeights,
  activation: Activation,
  batchRows: number,
): NetworkPlace {
  const capacity = roundUp(batchRows, denseBlockRows);
  let end = firstByte + layers.length * denseRecordWords * 4;
  const places = layers.map((layer, index): LayerPlace => {
    const inputs = paddedWidth(layer.inputs);
    const units = paddedWidth(layer.units);
    const hidden = layer.batchNorm ? DenseMode.normalised : DenseMode.plain;
    const mode = index === layers.length - 1 ? DenseMode.output : hidden;
    const sizes: Record<Part, number> = {
      weights: inputs * units,
      transposed: index === 0 && embeddings.length === 0 ? 0 : inputs * units,
      firstMoment: inputs * units,
      secondMoment: inputs * units,
      gradient: inputs * units,
      input: capacity * inputs,
      sums: capacity * units,
      errors: capacity * units,
      columns: denseColumnCount * units,
      partials: (2 * capacity * units) / denseBlockRows,
      squares: units / 2,
      gates: activation === 'relu' || mode === DenseMode.output ? 0 : capacity * units,
    };
    const offsets = {} as Record<Part, number>;
    for (const part of parts) {
      offsets[part] = sizes[part] === 0 ? 0 : roundUp(end, 64);
      end = Math.max(end, offsets[part] + 4 * sizes[part]);
    }
    return { record: firstByte + index * denseRecordWords * 4, inputs, units, mode, offsets };
  });
  return { table: firstByte, layers: places, activation, capacity, end: roundUp(end, 64) };
}

/** Writes records, weights and batch-normalisation columns; all the rest of the memory must be zero. */
export function storeNetwork(memory: ArrayBufferLike, place: NetworkPlace, layers: readonly DenseLayer[]): void {
  layers.forEach((layer, index) => {
    const at = place.layers[index] as LayerPlace;
    const words = new Uint32Array(memory, at.record, denseRecordWords);
    words[DenseWord.inputs] = at.inputs;
    words[DenseWord.units] = at.units;
    words[DenseWord.mode] = at.mode;
    words[DenseWord.activation] = activationCodes[place.activation];
    for (const part of parts) words[DenseWord[part]] = at.offsets[part];
    const { inputs, units, weights, batchNorm: norm } = layer;
    toPanels(weights, inputs, units, matrix(memory, at, 'weights'));
    if (at.offsets.transposed) {
      toPanels(transposed(weights, inputs, units), units, inputs, matrix(memory, at, 'transposed'));
    }
    column(memory, at, DenseColumn.inverse).fill(1);
    column(memory, at, DenseColumn.slope).fill(1);
    column(memory, at, DenseColumn.gamma).set(norm?.gamma ?? new Float32Array(units).fill(1));
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
    const { inputs, units } = layer;
    const weights = fromPanels(matrix(memory, at, 'weights'), inputs, units);
    const values = (index: number) => column(memory, at, index).slice(0, units);
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

type MatrixPart = 'weights' | 'transposed' | 'firstMoment' | 'secondMoment';

function matrix(memory: ArrayBufferLike, at: LayerPlace, part: MatrixPart): Float32Array {
  return new Float32Array(memory, at.offsets[part], at.inputs * at.units);
}

/** One of a layer's columns (`DenseColumn`). */
export function column(memory: ArrayBufferLike, at: LayerPlace, index: number): Float32Array {
  return new Float32Array(memory, at.offsets.columns + 4 * index * at.units, at.units);
}

/** The sum of the squares of all gradients of the step, biases, batch normalisation and embeddings included. */
export function squaredGradients(memory: ArrayBufferLike, place: NetworkPlace, embeddings: EmbeddingPlace): number {
  let total = 0;
  const add = (values: Float32Array) => {
    for (let i = 0; i < values.length; i++) total += (values[i] as number) * (values[i] as number);
  };
  for (const at of place.layers) {
    const squares = new Float32Array(memory, at.offsets.squares, at.units / 2);
    for (let i = 0; i < squares.length; i++) total += squares[i] as number;
    add(column(memory, at, DenseColumn.errorSum));
    if (at.mode === DenseMode.normalised) add(column(memory, at, DenseColumn.productSum));
  }
  for (const gradient of embeddingFloats(memory, embeddings, 'gradient')) add(gradient);
  return total;
}

/** Adam's moments of every number learned, one after the other. */
function momentViews(memory: ArrayBufferLike, place: NetworkPlace, embeddings: EmbeddingPlace): Float32Array[] {
  const ofLayers = place.layers.flatMap((at) => [
    matrix(memory, at, 'firstMoment'),
    matrix(memory, at, 'secondMoment'),
    new Float32Array(memory, at.offsets.columns + 4 * DenseColumn.gammaMoments * at.units, 4 * at.units),
  ]);
  const ofTables = (['firstMoment', 'secondMoment'] as const).flatMap((part) =>
    embeddingFloats(memory, embeddings, part),
  );
  return [...ofLayers, ...ofTables];
}

export function loadMoments(memory: ArrayBufferLike, place: NetworkPlace, embeddings: EmbeddingPlace): Float32Array {
  const views = momentViews(memory, place, embeddings);
  const out = new Float32Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    out.set(view, at);
    at += view.length;
  }
  return out;
}

export function storeMoments(
  memory: ArrayBufferLike,
  place: NetworkPlace,
  embeddings: EmbeddingPlace,
  moments: Float32Array,
): void {
  let at = 0;
  for (const view of momentViews(memory, place, embeddings)) {
    view.set(moments.subarray(at, at + view.length));
    at += view.length;
  }
}
