import { denseBlockRows, denseRecordWords, type DenseKernels, openDense } from './dense.ts';
import { paddedWidth, panelledLength, toPanels } from './dense-layout.ts';
import type { Kernels } from './kernels.ts';
import { activationCodes } from './reference/dense-activation.ts';

export type Activation = keyof typeof activationCodes;

/** A layer with batch normalisation folded into its weights: x · weights (inputs × units) + biases, in floats. */
export interface FoldedLayer {
  readonly inputs: number;
  readonly units: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** Layers, all but the last followed by the activation; the last has one unit, whose value is the raw score. */
export interface FoldedNetwork {
  readonly layers: readonly FoldedLayer[];
  readonly activation: Activation;
}

/** Where a folded network lies in the memory of the dense kernels. */
export interface InferencePlace {
  readonly table: number;
  readonly layerCount: number;
  readonly inputs: number;
  readonly weights: readonly number[];
  readonly biases: readonly number[];
  /** Two blocks of `widest` columns per member. */
  readonly work: number;
  readonly widest: number;
  readonly end: number;
}

type Shape = Pick<FoldedLayer, 'inputs' | 'units'>;

const align = (at: number) => Math.ceil(at / 64) * 64;

export function placeInference(layers: readonly Shape[], start: number, members: number): InferencePlace {
  let end = align(start) + 4 * denseRecordWords * layers.length;
  const take = (floats: number) => {
    const at = align(end);
    end = at + 4 * floats;
    return at;
  };
  const weights = layers.map(({ inputs, units }) => take(panelledLength(inputs, units)));
  const biases = layers.map(({ units }) => take(paddedWidth(units)));
  const widest = Math.max(...layers.map(({ inputs, units }) => paddedWidth(Math.max(inputs, units))));
  const work = take(2 * denseBlockRows * widest * members);
  const inputs = paddedWidth(layers[0]?.inputs ?? 0);
  return { table: align(start), layerCount: layers.length, inputs, weights, biases, work, widest, end: align(end) };
}

/** Writes a network of the shape that `place` was made for; the padding must be zero. */
export function storeInference(memory: ArrayBufferLike, place: InferencePlace, network: FoldedNetwork): void {
  network.layers.forEach(({ inputs, units, weights, biases }, index) => {
    const [weightsAt, biasesAt] = [place.weights[index] as number, place.biases[index] as number];
    const record = place.table + 4 * denseRecordWords * index;
    const words = [paddedWidth(inputs), paddedWidth(units), activationCodes[network.activation], weightsAt, biasesAt];
    new Uint32Array(memory, record, words.length).set(words);
    toPanels(weights, inputs, units, new Float32Array(memory, weightsAt, panelledLength(inputs, units)));
    new Float32Array(memory, biasesAt, units).set(biases);
  });
}

/** Raw scores of rows at `data` (place.inputs floats each) to `out`, as floats; through embeddings where rows hold levels. */
export function runInference(
  dense: DenseKernels,
  { table, layerCount, work, widest }: InferencePlace,
  data: number,
  rows: number,
  out: number,
  embeddings: readonly [records: number, count: number] = [0, 0],
): void {
  dense.run('infer', table, layerCount, data, rows, out, work, widest, ...embeddings);
}

/** Scores encoded rows by the WASM kernel; the very bits of `createForward`. Calls are synchronous, one at a time. */
export interface DenseScoring {
  /** False where the network would take too much memory. */
  canScore(network: FoldedNetwork): boolean;
  /** Encodes rows from … to into `out`, `stride` floats each, and has their raw scores added to `sums`. */
  score(
    network: FoldedNetwork,
    rowCount: number,
    encode: (from: number, to: number, out: Float32Array, stride: number) => void,
    sums: Float64Array,
  ): void;
}

/** Their inputs stay in the first cache between encoding and scoring. */
const rowsPerCall = 128;
const memoryLimit = 32 * 1_048_576;
const firstByte = 65_536;
const opened = new WeakMap<Kernels, Promise<DenseScoring | undefined>>();

/** The host's scoring kernel, one for all callers with these kernels; undefined where there is no WASM. */
export function openDenseScoring(kernels: Kernels): Promise<DenseScoring | undefined> {
  if (!kernels.createCrew) return Promise.resolve(undefined);
  const known = opened.get(kernels);
  if (known) return known;
  // The memory is reserved, not used, until a network needs it.
  const opening = openDense(kernels, memoryLimit, 1).then(createDenseScoring);
  opened.set(kernels, opening);
  opening.catch(() => opened.delete(kernels));
  return opening;
}

function createDenseScoring(dense: DenseKernels): DenseScoring {
  let loaded: { network: FoldedNetwork; place: InferencePlace } | undefined;

  function sizeOf({ layers }: FoldedNetwork): number {
    const place = placeInference(layers, firstByte, 1);
    return place.end + 4 * rowsPerCall * (place.inputs + 1);
  }

  function load(network: FoldedNetwork): InferencePlace {
    if (loaded?.network === network) return loaded.place;
    const place = placeInference(network.layers, firstByte, 1);
    new Uint8Array(dense.memory, firstByte, sizeOf(network) - firstByte).fill(0);
    storeInference(dense.memory, place, network);
    loaded = { network, place };
    return place;
  }

  return {
    canScore: (network) => sizeOf(network) <= memoryLimit,
    score(network, rowCount, encode, sums) {
      const place = load(network);
      const data = new Float32Array(dense.memory, place.end, rowsPerCall * place.inputs);
      const out = place.end + data.byteLength;
      const scores = new Float32Array(dense.memory, out, rowsPerCall);
      for (let from = 0; from < rowCount; from += rowsPerCall) {
        const to = Math.min(rowCount, from + rowsPerCall);
        encode(from, to, data, place.inputs);
        runInference(dense, place, place.end, to - from, out);
        for (let i = 0; i < to - from; i++) sums[from + i] = (sums[from + i] as number) + (scores[i] as number);
      }
    },
  };
}
