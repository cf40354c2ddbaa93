import type { DenseFunction, DenseKernels } from '../dense.ts';

/*
 * The TypeScript twin of src/wasm/dense.ts: the same operations in the same order, each rounded to a float, so that both
 * leave the same bytes in memory. One member does all the work; names and comments there hold here.
 */

const { fround, imul, sqrt } = Math;
const blockRows = 32;
const recordBytes = 64;
const epsilon = fround(0.001);
const runningShare = fround(0.1);
const beta1 = fround(0.9);
const beta2 = fround(0.999);
const rest1 = fround(1 - beta1);
const rest2 = fround(1 - beta2);
const adamEpsilon = fround(1e-7);
const negligible = fround(1e-30);
const golden = 0x9e3779b1 | 0;

const normalised = 1;
const output = 2;

/** Offsets in floats, counts as they are. */
interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly mode: number;
  readonly weights: number;
  readonly transposed: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly gradient: number;
  readonly input: number;
  readonly sums: number;
  readonly errors: number;
  readonly columns: number;
  readonly partials: number;
}

/** The dense kernels in TypeScript, with `bytes` of zeroed memory. */
export function createDenseReference(bytes: number): DenseKernels {
  const memory = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
  const floats = new Float32Array(memory);
  const words = new Uint32Array(memory);
  const functions: Record<DenseFunction, (...args: number[]) => void> = {
    enter: (layer = 0, data = 0, order = 0, rows = 0) => enter(floats, words, layer, data >>> 2, order >>> 2, rows),
    pass: (layer = 0, rows = 0, key = 0, threshold = 0, scale = 1) =>
      pass(floats, words, layer, rows, key | 0, threshold >>> 0, fround(scale)),
    back: (layer = 0, rows = 0, scale = 1) => back(floats, words, layer, rows, fround(scale)),
    finish: (layer = 0, rows = 0) => finish(floats, read(words, layer), rows),
    update: (table = 0, count = 0, rows = 0, rate = 0, keep = 1, c1 = 1, c2 = 1) =>
      update(floats, words, table, count, rows, {
        rate: fround(rate),
        keep: fround(keep),
        correction1: fround(c1),
        correction2: fround(c2),
      }),
    score: (table = 0, count = 0, data = 0, rows = 0, out = 0) =>
      score(floats, words, table, count, data >>> 2, rows, out >>> 2),
  };
  return { backend: 'TypeScript', memory, run: (name, ...args) => functions[name](...args), close() {} };
}

function read(words: Uint32Array, record: number): Layer {
  const word = (index: number) => words[(record >>> 2) + index] as number;
  const at = (index: number) => word(index) >>> 2;
  return {
    inputs: word(0),
    units: word(1),
    mode: word(2),
    weights: at(3),
    transposed: at(4),
    firstMoment: at(5),
    secondMoment: at(6),
    gradient: at(7),
    input: at(8),
    sums: at(9),
    errors: at(10),
    columns: at(11),
    partials: at(12),
  };
}

const blockCount = (rows: number) => Math.ceil(rows / blockRows);
const rowsIn = (block: number, rows: number) => Math.min(blockRows, rows - block * blockRows);

function multiply(
  f: Float32Array,
  a: number,
  rowStep: number,
  innerStep: number,
  b: number,
  c: number,
  rows: number,
  columns: number,
  inner: number,
): void {
  for (let i = 0; i < rows; i += 2) {
    for (let j = 0; j < columns; j += 4) {
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      let from = a + i * rowStep;
      let right = b + j;
      for (let k = 0; k < inner; k++, from += innerStep, right += columns) {
        const b0 = f[right] as number;
        const b1 = f[right + 1] as number;
        const b2 = f[right + 2] as number;
        const b3 = f[right + 3] as number;
        const a0 = f[from] as number;
        c00 = fround(c00 + fround(a0 * b0));
        c01 = fround(c01 + fround(a0 * b1));
        c02 = fround(c02 + fround(a0 * b2));
        c03 = fround(c03 + fround(a0 * b3));
        const a1 = f[from + rowStep] as number;
        c10 = fround(c10 + fround(a1 * b0));
        c11 = fround(c11 + fround(a1 * b1));
        c12 = fround(c12 + fround(a1 * b2));
        c13 = fround(c13 + fround(a1 * b3));
      }
      const to = c + i * columns + j;
      f[to] = c00;
      f[to + 1] = c01;
      f[to + 2] = c02;
      f[to + 3] = c03;
      f[to + columns] = c10;
      f[to + columns + 1] = c11;
      f[to + columns + 2] = c12;
      f[to + columns + 3] = c13;
    }
  }
}

function sumBlock(f: Float32Array, layer: Layer, block: number, rows: number, measure: boolean): void {
  const { inputs, units } = layer;
  const first = block * blockRows;
  const count = rowsIn(block, rows);
  const sums = layer.sums + first * units;
  multiply(f, layer.input + first * inputs, inputs, 1, layer.weights, sums, (count + 3) & ~3, units, inputs);
  if (!measure) return;
  const partial = layer.partials + block * 2 * units;
  for (let j = 0; j < units; j++) {
    const end = sums + count * units;
    let total = 0;
    for (let at = sums; at < end; at += units) total = fround(total + (f[at + j] as number));
    const mean = fround(total / count);
    let squares = 0;
    for (let at = sums; at < end; at += units) {
      const d = fround((f[at + j] as number) - mean);
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
    f[columns + 4 * units + j] = mean;
    f[columns + 5 * units + j] = inverseRoot(variance);
    f[columns + 8 * units + j] = variance;
  }
}

const inverseRoot = (variance: number) => fround(1 / fround(sqrt(fround(variance + epsilon))));

function mixed(x: number): number {
  let h = x ^ (x >>> 16);
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
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
  const { units, columns, sums } = layer;
  const first = block * blockRows;
  const last = first + rowsIn(block, rows);
  for (let j = 0; j < units; j++) {
    const gamma = f[columns + j] as number;
    const beta = f[columns + units + j] as number;
    const mean = f[columns + 4 * units + j] as number;
    const inverse = f[columns + 5 * units + j] as number;
    for (let row = first; row < last; row++) {
      const index = row * units + j;
      const x = fround(fround((f[sums + index] as number) - mean) * inverse);
      f[sums + index] = x;
      const y = fround(fround(gamma * x) + beta);
      const open = y > 0 && (threshold === 0 || mixed((key + imul(index, golden)) | 0) >= threshold);
      f[out + index] = open ? (threshold === 0 ? y : fround(y * scale)) : 0;
    }
  }
}

function enter(f: Float32Array, words: Uint32Array, record: number, data: number, order: number, rows: number): void {
  const layer = read(words, record);
  for (let row = 0; row < rows; row++) {
    const from = data + (words[order + row] as number) * layer.inputs;
    f.copyWithin(layer.input + row * layer.inputs, from, from + layer.inputs);
  }
  for (let block = 0; block < blockCount(rows); block++) sumBlock(f, layer, block, rows, layer.mode === normalised);
}

function pass(
  f: Float32Array,
  words: Uint32Array,
  record: number,
  rows: number,
  key: number,
  threshold: number,
  scale: number,
): void {
  const layer = read(words, record);
  const next = read(words, record + recordBytes);
  if (layer.mode === normalised) combineMoments(f, layer, rows);
  for (let block = 0; block < blockCount(rows); block++) {
    activateBlock(f, layer, next.input, block, rows, key, threshold, scale);
    sumBlock(f, next, block, rows, next.mode === normalised);
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
    f[columns + 7 * units + j] = products;
  }
}

function unnormalise(f: Float32Array, layer: Layer, rows: number): void {
  const { units, columns, errors, sums } = layer;
  for (let j = 0; j < units; j++) {
    const slope = fround((f[columns + j] as number) * (f[columns + 5 * units + j] as number));
    const meanError = fround((f[columns + 6 * units + j] as number) / rows);
    const meanProduct = fround((f[columns + 7 * units + j] as number) / rows);
    for (let row = 0; row < rows; row++) {
      const at = row * units + j;
      const product = fround((f[sums + at] as number) * meanProduct);
      f[errors + at] = fround(slope * fround(fround((f[errors + at] as number) - meanError) - product));
    }
  }
}

function gateBlock(f: Float32Array, layer: Layer, out: number, block: number, rows: number, scale: number): void {
  const { units, errors, sums } = layer;
  const first = block * blockRows;
  const last = first + rowsIn(block, rows);
  const partial = layer.partials + block * 2 * units;
  for (let j = 0; j < units; j++) {
    let total = 0;
    let products = 0;
    for (let row = first; row < last; row++) {
      const at = row * units + j;
      const error = (f[out + at] as number) > 0 ? fround((f[errors + at] as number) * scale) : 0;
      f[errors + at] = error;
      total = fround(total + error);
      products = fround(products + fround(error * (f[sums + at] as number)));
    }
    f[partial + j] = total;
    f[partial + units + j] = products;
  }
}

function back(f: Float32Array, words: Uint32Array, record: number, rows: number, scale: number): void {
  const layer = read(words, record);
  const next = read(words, record + recordBytes);
  if (next.mode !== output) finish(f, next, rows);
  for (let block = 0; block < blockCount(rows); block++) {
    const first = block * blockRows;
    const from = next.errors + first * next.units;
    const to = layer.errors + first * layer.units;
    const count = (rowsIn(block, rows) + 3) & ~3;
    multiply(f, from, next.units, 1, next.transposed, to, count, layer.units, next.units);
    gateBlock(f, layer, next.input, block, rows, scale);
  }
}

function finish(f: Float32Array, layer: Layer, rows: number): void {
  combineErrors(f, layer, rows);
  if (layer.mode === normalised) unnormalise(f, layer, rows);
}

interface Step {
  readonly rate: number;
  readonly keep: number;
  readonly correction1: number;
  readonly correction2: number;
}

function adam(
  f: Float32Array,
  at: number,
  gradient: number,
  first: number,
  second: number,
  n: number,
  step: Step,
): void {
  for (let j = 0; j < n; j++) {
    const g = f[gradient + j] as number;
    let m = fround(fround((f[first + j] as number) * beta1) + fround(g * rest1));
    let v = fround(fround((f[second + j] as number) * beta2) + fround(fround(g * g) * rest2));
    if (!(Math.abs(m) > negligible)) m = 0;
    if (!(v > negligible)) v = 0;
    f[first + j] = m;
    f[second + j] = v;
    const spread = fround(fround(sqrt(fround(v * step.correction2))) + adamEpsilon);
    const move = fround(fround(fround(m * step.correction1) / spread) * step.rate);
    f[at + j] = fround(fround((f[at + j] as number) * step.keep) - move);
  }
}

function updateColumns(f: Float32Array, layer: Layer, step: Step): void {
  const { units, columns } = layer;
  const column = (index: number) => columns + index * units;
  const free = { ...step, keep: 1 };
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

function update(f: Float32Array, words: Uint32Array, table: number, count: number, rows: number, step: Step): void {
  for (let l = 0; l < count; l++) {
    const layer = read(words, table + l * recordBytes);
    const { inputs, units, weights, gradient } = layer;
    multiply(f, layer.input, 1, inputs, layer.errors, gradient, inputs, units, rows);
    adam(f, weights, gradient, layer.firstMoment, layer.secondMoment, inputs * units, step);
    if (l > 0) {
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < units; j++) f[layer.transposed + j * inputs + i] = f[weights + i * units + j] as number;
      }
    }
    updateColumns(f, layer, step);
  }
}

function score(
  f: Float32Array,
  words: Uint32Array,
  table: number,
  count: number,
  data: number,
  rows: number,
  out: number,
): void {
  const layers = Array.from({ length: count }, (_, l) => read(words, table + l * recordBytes));
  const first = layers[0] as Layer;
  const last = layers[count - 1] as Layer;
  for (const layer of layers.slice(0, -1)) if (layer.mode === normalised) useRunningMoments(f, layer);
  f.copyWithin(first.input, data, data + rows * first.inputs);
  for (let block = 0; block < blockCount(rows); block++) {
    sumBlock(f, first, block, rows, false);
    for (let l = 1; l < count; l++) {
      activateBlock(f, layers[l - 1] as Layer, (layers[l] as Layer).input, block, rows, 0, 0, 1);
      sumBlock(f, layers[l] as Layer, block, rows, false);
    }
  }
  const bias = f[last.columns + last.units] as number;
  for (let row = 0; row < rows; row++) f[out + row] = fround((f[last.sums + row * last.units] as number) + bias);
}

function useRunningMoments(f: Float32Array, { units, columns }: Layer): void {
  for (let j = 0; j < units; j++) {
    f[columns + 4 * units + j] = f[columns + 2 * units + j] as number;
    f[columns + 5 * units + j] = inverseRoot(f[columns + 3 * units + j] as number);
  }
}
