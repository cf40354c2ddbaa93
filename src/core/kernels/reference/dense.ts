import type { DenseFunction, DenseKernels } from '../dense.ts';
import { activated, activationCodes, derivative } from './dense-activation.ts';
import { blockCount, multiplyBlock, multiplyTransposed, panelFloats, rowsIn } from './dense-blocks.ts';
import { infer } from './dense-infer.ts';
import type { Layer } from './dense-record.ts';
import { blockFloats, columnAt, readLayer, recordBytes } from './dense-record.ts';
import type { Embedding } from './dense-rows.ts';
import { embeddingErrors, embeddingGradients, placeRow, readEmbeddings } from './dense-rows.ts';

/*
 * The TypeScript twin of src/wasm/dense.ts: the same operations in the same order, each rounded to a float, so that both
 * leave the same bytes in memory. One member does all the work; names and comments there hold here.
 */

const { fround, imul, sqrt } = Math;
const epsilon = fround(0.001);
const runningShare = fround(0.1);
const beta1 = fround(0.9);
const beta2 = fround(0.999);
const rest1 = fround(1 - beta1);
const rest2 = fround(1 - beta2);
const adamEpsilon = fround(1e-7);
const negligible = fround(1e-30);

const normalised = 1;
const output = 2;
const { relu } = activationCodes;

/** The dense kernels in TypeScript, with `bytes` of zeroed memory. */
export function createDenseReference(bytes: number): DenseKernels {
  const memory = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
  const f = new Float32Array(memory);
  const words = new Uint32Array(memory);
  const layerAt = (record: number) => readLayer(words, record);
  const layersAt = (table: number, count: number) =>
    Array.from({ length: count }, (_, l) => layerAt(table + l * recordBytes));
  const functions: Record<DenseFunction, (...args: number[]) => void> = {
    enter: (record = 0, data = 0, order = 0, rows = 0, embeddings = 0, count = 0) =>
      enter(f, words, layerAt(record), data >>> 2, order >>> 2, rows, readEmbeddings(words, embeddings, count)),
    pass: (record = 0, rows = 0, key = 0, threshold = 0, scale = 1) =>
      pass(f, layerAt(record), layerAt(record + recordBytes), rows, key | 0, threshold, fround(scale)),
    back: (record = 0, rows = 0, scale = 1) =>
      back(f, layerAt(record), layerAt(record + recordBytes), rows, fround(scale)),
    finish: (record = 0, rows = 0) => finish(f, layerAt(record), rows),
    gradients: (table = 0, count = 0, rows = 0) => {
      for (const layer of layersAt(table, count)) gradients(f, layer, rows);
    },
    update: (
      table = 0,
      count = 0,
      rate = 0,
      keep = 1,
      decay = 0,
      shrink = 1,
      c1 = 1,
      c2 = 1,
      embeddings = 0,
      n = 0,
    ) => {
      const step: Step = {
        rate: fround(rate),
        keep: fround(keep),
        decay: fround(decay),
        shrink: fround(shrink),
        correction1: fround(c1),
        correction2: fround(c2),
      };
      for (const { table: at, gradient, firstMoment, secondMoment, levels, dimension } of readEmbeddings(
        words,
        embeddings,
        n,
      )) {
        adam(f, at, gradient, firstMoment, secondMoment, (levels * dimension + 3) & ~3, step);
      }
      for (const layer of layersAt(table, count)) update(f, layer, step);
    },
    embeddingErrors: (record = 0, rows = 0, out = 0, first = 0, columns = 0) =>
      embeddingErrors(f, layerAt(record), rows, out >>> 2, first, columns),
    embeddingGradients: (
      embeddings = 0,
      n = 0,
      data = 0,
      order = 0,
      rows = 0,
      record = 0,
      errors = 0,
      first = 0,
      columns = 0,
    ) =>
      embeddingGradients(
        f,
        readEmbeddings(words, embeddings, n),
        (row) => (data >>> 2) + (words[(order >>> 2) + row] as number) * layerAt(record).inputs,
        rows,
        errors >>> 2,
        first,
        columns,
      ),
    infer: (table = 0, count = 0, data = 0, rows = 0, out = 0, work = 0, widest = 0, embeddings = 0, n = 0) =>
      infer(
        f,
        layersAt(table, count),
        data >>> 2,
        rows,
        out >>> 2,
        work >>> 2,
        widest,
        readEmbeddings(words, embeddings, n),
      ),
  };
  return { backend: 'TypeScript', memory, run: (name, ...args) => functions[name](...args), close() {} };
}

function sumBlock(f: Float32Array, layer: Layer, block: number, rows: number): void {
  const { inputs, units } = layer;
  const count = rowsIn(block, rows);
  const sums = layer.sums + block * blockFloats(units);
  multiplyBlock(f, layer.input + block * blockFloats(inputs), layer.weights, sums, count, units, inputs);
  if (layer.mode !== normalised) return;
  const partial = layer.partials + block * 2 * units;
  for (let j = 0; j < units; j++) {
    const from = sums + columnAt(j);
    const end = from + count * 8;
    let total = 0;
    for (let at = from; at < end; at += 8) total = fround(total + (f[at] as number));
    const mean = fround(total / count);
    let squares = 0;
    for (let at = from; at < end; at += 8) {
      const d = fround((f[at] as number) - mean);
      squares = fround(squares + fround(d * d));
    }
    f[partial + j] = mean;
    f[partial + units + j] = squares;
  }
}

function combineMoments(f: Float32Array, layer: Layer, rows: number): void {
  const { units, columns, partials } = layer;
  const blocks = blockCount(rows);
  for (let j = 0; j < units; j++) {
    let total = 0;
    for (let block = 0; block < blocks; block++) {
      total = fround(total + fround(rowsIn(block, rows) * (f[partials + block * 2 * units + j] as number)));
    }
    const mean = fround(total / rows);
    let squares = 0;
    for (let block = 0; block < blocks; block++) {
      const partial = partials + block * 2 * units + j;
      const d = fround((f[partial] as number) - mean);
      squares = fround(squares + (f[partial + units] as number));
      squares = fround(squares + fround(rowsIn(block, rows) * fround(d * d)));
    }
    const variance = fround(squares / rows);
    const inverse = fround(1 / fround(sqrt(fround(variance + epsilon))));
    f[columns + 4 * units + j] = mean;
    f[columns + 5 * units + j] = inverse;
    f[columns + 8 * units + j] = variance;
    f[columns + 13 * units + j] = fround((f[columns + j] as number) * inverse);
  }
}

function mixed(x: number): number {
  let h = x ^ (x >>> 16);
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function drawn(state: number): number {
  let s = state ^ (state << 13);
  s ^= s >>> 17;
  return s ^ (s << 5);
}

function activateBlock(
  f: Float32Array,
  layer: Layer,
  out: number,
  block: number,
  rows: number,
  key: number,
  threshold: number,
  scale: number,
): void {
  const { units, columns, activation } = layer;
  const count = rowsIn(block, rows);
  for (let j = 0; j < units; j++) {
    const beta = f[columns + units + j] as number;
    const mean = f[columns + 4 * units + j] as number;
    const slope = f[columns + 13 * units + j] as number;
    // Two columns, one after the other, share a generator: its low and its high 16 bits.
    const place = imul(imul(block, units >> 3) + (j >> 3), 4) + ((j & 7) >> 1);
    let state = mixed((key + imul(place, 0x9e3779b1)) | 0) | 1;
    const offset = block * blockFloats(units) + columnAt(j);
    for (let row = 0; row < count; row++) {
      const at = offset + row * 8;
      state = drawn(state);
      const kept = (j & 1 ? state >>> 16 : state & 0xffff) >= threshold;
      const y = fround(fround(fround((f[layer.sums + at] as number) - mean) * slope) + beta);
      f[out + at] = kept ? fround(activated(activation, y) * scale) : 0;
      if (activation !== relu) f[layer.gates + at] = kept ? fround(derivative(activation, y) * scale) : 0;
    }
  }
}

function enter(
  f: Float32Array,
  words: Uint32Array,
  layer: Layer,
  data: number,
  order: number,
  rows: number,
  embeddings: readonly Embedding[],
): void {
  const { inputs } = layer;
  for (let row = 0; row < rows; row++) {
    const to = layer.input + (row >> 5) * blockFloats(inputs) + (row & 31) * 8;
    placeRow(f, data + (words[order + row] as number) * inputs, to, inputs, embeddings);
  }
  for (let block = 0; block < blockCount(rows); block++) sumBlock(f, layer, block, rows);
}

function pass(
  f: Float32Array,
  layer: Layer,
  next: Layer,
  rows: number,
  key: number,
  threshold: number,
  scale: number,
): void {
  if (layer.mode === normalised) combineMoments(f, layer, rows);
  for (let block = 0; block < blockCount(rows); block++) {
    activateBlock(f, layer, next.input, block, rows, key, threshold, scale);
    sumBlock(f, next, block, rows);
  }
}

function combineErrors(f: Float32Array, layer: Layer, rows: number): void {
  const { units, columns, partials } = layer;
  for (let j = 0; j < units; j++) {
    let errors = 0;
    let products = 0;
    for (let block = 0; block < blockCount(rows); block++) {
      errors = fround(errors + (f[partials + block * 2 * units + j] as number));
      products = fround(products + (f[partials + (block * 2 + 1) * units + j] as number));
    }
    f[columns + 6 * units + j] = errors;
    f[columns + 7 * units + j] = fround(products * (f[columns + 5 * units + j] as number));
  }
}

function unnormaliseBlock(f: Float32Array, layer: Layer, block: number, rows: number): void {
  const { units, columns } = layer;
  for (let j = 0; j < units; j++) {
    const mean = f[columns + 4 * units + j] as number;
    const slope = f[columns + 13 * units + j] as number;
    const meanError = fround((f[columns + 6 * units + j] as number) / rows);
    const share = fround((f[columns + 7 * units + j] as number) / rows);
    const meanProduct = fround(share * (f[columns + 5 * units + j] as number));
    const offset = block * blockFloats(units) + columnAt(j);
    for (let row = 0; row < rowsIn(block, rows); row++) {
      const at = offset + row * 8;
      const product = fround(fround((f[layer.sums + at] as number) - mean) * meanProduct);
      const error = f[layer.errors + at] as number;
      f[layer.errors + at] = fround(slope * fround(fround(error - meanError) - product));
    }
  }
}

function gateBlock(f: Float32Array, layer: Layer, out: number, block: number, rows: number, scale: number): void {
  const { units, columns, errors, sums, gates, activation } = layer;
  const partial = layer.partials + block * 2 * units;
  for (let j = 0; j < units; j++) {
    const mean = f[columns + 4 * units + j] as number;
    const offset = block * blockFloats(units) + columnAt(j);
    let total = 0;
    let products = 0;
    for (let row = 0; row < rowsIn(block, rows); row++) {
      const at = offset + row * 8;
      let error = f[errors + at] as number;
      if (activation !== relu) error = fround(error * (f[gates + at] as number));
      else error = (f[out + at] as number) > 0 ? fround(error * scale) : 0;
      f[errors + at] = error;
      total = fround(total + error);
      products = fround(products + fround(error * fround((f[sums + at] as number) - mean)));
    }
    f[partial + j] = total;
    f[partial + units + j] = products;
  }
}

function back(f: Float32Array, layer: Layer, next: Layer, rows: number, scale: number): void {
  if (next.mode !== output) finish(f, next, rows);
  for (let block = 0; block < blockCount(rows); block++) {
    const from = next.errors + block * blockFloats(next.units);
    const to = layer.errors + block * blockFloats(layer.units);
    multiplyBlock(f, from, next.transposed, to, rowsIn(block, rows), layer.units, next.units);
    gateBlock(f, layer, next.input, block, rows, scale);
  }
}

function finish(f: Float32Array, layer: Layer, rows: number): void {
  combineErrors(f, layer, rows);
  if (layer.mode !== normalised) return;
  for (let block = 0; block < blockCount(rows); block++) unnormaliseBlock(f, layer, block, rows);
}

function gradients(f: Float32Array, { inputs, units, input, errors, gradient, squares }: Layer, rows: number): void {
  for (let panel = 0; panel < units >> 3; panel++) {
    const from = errors + panel * panelFloats;
    const to = gradient + panel * inputs * 8;
    multiplyTransposed(f, input, blockFloats(inputs), from, blockFloats(units), to, inputs, rows, squares + panel * 4);
  }
}

interface Step {
  readonly rate: number;
  readonly keep: number;
  readonly decay: number;
  readonly shrink: number;
  readonly correction1: number;
  readonly correction2: number;
}

function adam(f: Float32Array, at: number, gradient: number, first: number, second: number, n: number, s: Step): void {
  for (let j = 0; j < n; j++) {
    const w = f[at + j] as number;
    const g = fround(fround((f[gradient + j] as number) * s.shrink) + fround(w * s.decay));
    let m = fround(fround((f[first + j] as number) * beta1) + fround(g * rest1));
    let v = fround(fround((f[second + j] as number) * beta2) + fround(fround(g * g) * rest2));
    if (!(Math.abs(m) > negligible)) m = 0;
    if (!(v > negligible)) v = 0;
    f[first + j] = m;
    f[second + j] = v;
    const spread = fround(fround(sqrt(fround(v * s.correction2))) + adamEpsilon);
    const move = fround(fround(fround(m * s.correction1) / spread) * s.rate);
    f[at + j] = fround(fround(w * s.keep) - move);
  }
}

function updateColumns(f: Float32Array, layer: Layer, step: Step): void {
  const { units, columns } = layer;
  const column = (index: number) => columns + index * units;
  const free = { ...step, keep: 1, decay: 0 };
  adam(f, column(1), column(6), column(11), column(12), units, free);
  if (layer.mode !== normalised) return;
  adam(f, columns, column(7), column(9), column(10), units, free);
  for (let j = 0; j < units; j++) {
    for (const [running, batch] of [
      [column(2) + j, column(4) + j],
      [column(3) + j, column(8) + j],
    ] as const) {
      const old = f[running] as number;
      f[running] = fround(old - fround(fround(old - (f[batch] as number)) * runningShare));
    }
  }
}

function update(f: Float32Array, layer: Layer, step: Step): void {
  const { inputs, units, weights, transposed } = layer;
  adam(f, weights, layer.gradient, layer.firstMoment, layer.secondMoment, inputs * units, step);
  if (transposed !== 0) {
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < units; j++) {
        f[transposed + (i >> 3) * units * 8 + j * 8 + (i & 7)] = f[
          weights + (j >> 3) * inputs * 8 + i * 8 + (j & 7)
        ] as number;
      }
    }
  }
  updateColumns(f, layer, step);
}
