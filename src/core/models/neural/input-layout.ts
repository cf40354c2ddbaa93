import type { Frame } from '../../data/frame.ts';
import { getColumn } from '../../data/frame.ts';
import { paddedWidth } from '../../kernels/dense-layout.ts';
import type { DenseLayer, EmbeddingTable, NetworkRows, NetworkWeights } from '../../kernels/dense-training.ts';
import { pow } from '../../shared/exact-math.ts';
import type { EncodedColumn, Encoding } from '../encoding.ts';
import { encodedRows } from './network-examples.ts';

type Category = Extract<EncodedColumn, { kind: 'category' }>;

/** A category that is learned as vectors: which level of the column is which of the embedding (0: missing, rare, unseen). */
interface EmbeddedColumn extends Omit<EmbeddingTable, 'values'> {
  readonly category: Category;
  readonly levelOf: Int32Array;
}

/**
 * How rows stand in training. The trained network always reads `Encoding` (one-hot): embeddings are folded into its first
 * layer. In training the other columns come first and the embeddings after them, from a whole panel of 8 on.
 */
export interface InputLayout {
  readonly encoding: Encoding;
  /** Of the columns that are not embedded. */
  readonly plain: Encoding;
  readonly embedded: readonly EmbeddedColumn[];
  readonly width: number;
}

export interface EmbeddingChoice {
  readonly embeds: boolean;
  /** Length of the vectors; 0 takes the rule min(50, round(1.6 · levels^0.56)) of fastai. */
  readonly dimension: number;
}

/** A level with fewer training customers than this shares the vector of the unseen. */
const rareBelow = 3;

export function layOutInputs(
  encoding: Encoding,
  features: Frame,
  train: Uint32Array,
  { embeds, dimension }: EmbeddingChoice,
): InputLayout {
  const categories = encoding.columns.filter((column): column is Category => column.kind === 'category');
  if (!embeds || categories.length === 0) return { encoding, plain: encoding, embedded: [], width: encoding.width };
  const plain = withoutCategories(encoding);
  let slot = paddedWidth(plain.width);
  const embedded = categories.map((category): EmbeddedColumn => {
    const { levelOf, levels } = frequentLevels(category, features, train);
    const size = dimension > 0 ? dimension : Math.min(50, Math.round(1.6 * pow(levels, 0.56)));
    const column = { column: category.name, slot, dimension: size, levels, category, levelOf };
    slot += size;
    return column;
  });
  return { encoding, plain, embedded, width: slot };
}

function withoutCategories(encoding: Encoding): Encoding {
  let width = 0;
  const columns = encoding.columns.flatMap((column): EncodedColumn[] => {
    if (column.kind === 'category') return [];
    const moved = { ...column, slot: width };
    width += column.missingIndicator ? 2 : 1;
    return [moved];
  });
  return { columns, width };
}

function frequentLevels(category: Category, features: Frame, train: Uint32Array) {
  const counts = new Uint32Array(category.levels.length);
  const column = getColumn(features, category.name);
  if (column.kind === 'category') {
    const places = column.levels.map((level) => category.levels.indexOf(level));
    for (const row of train) {
      const place = places[column.codes[row] as number] ?? -1;
      if (place >= 0) counts[place] = (counts[place] as number) + 1;
    }
  }
  let levels = 1;
  const levelOf = Int32Array.from(counts, (count) => (count < rareBelow ? 0 : levels++));
  return { levelOf, levels };
}

/** Training rows in this layout, cut to −clip … clip. */
export function layoutRows(layout: InputLayout, features: Frame, rows: Uint32Array, clip: number): NetworkRows {
  const plain = encodedRows(layout.plain, features, rows, clip);
  if (layout.embedded.length === 0) return plain;
  const writers = layout.embedded.map(({ category, levelOf, slot }) => {
    const column = getColumn(features, category.name);
    const [codes, levels] = column.kind === 'category' ? [column.codes, column.levels] : [new Int32Array(0), []];
    const table = Float32Array.from(levels, (level) => levelOf[category.levels.indexOf(level)] ?? 0);
    return (row: number, out: Float32Array, at: number) => {
      out[at + slot] = table[codes[row] as number] ?? 0;
    };
  });
  return {
    rowCount: rows.length,
    width: layout.width,
    read(from, to, out, stride) {
      plain.read(from, to, out, stride);
      for (const write of writers) {
        for (let i = from; i < to; i++) write(rows[i] as number, out, (i - from) * stride);
      }
    },
    pick(places, out, stride) {
      plain.pick(places, out, stride);
      for (const write of writers) places.forEach((place, i) => write(rows[place] as number, out, i * stride));
    },
  };
}

/**
 * The trained layers over one-hot inputs: the weights of a level are its vector times the first layer's, less those of level
 * 0, which go into the biases because a missing or unseen level sets no input.
 */
export function foldEmbeddings({ layers, embeddings }: NetworkWeights, layout: InputLayout): readonly DenseLayer[] {
  const [first, ...rest] = layers as readonly [DenseLayer, ...DenseLayer[]];
  if (embeddings.length === 0) return layers;
  const { units } = first;
  const inputs = layout.encoding.width;
  const weights = new Float32Array(inputs * units);
  const biases = Float64Array.from(first.biases);
  const plainSlots = new Map(layout.plain.columns.map(({ name, slot }) => [name, slot]));
  for (const column of layout.encoding.columns) {
    if (column.kind === 'category') continue;
    const from = (plainSlots.get(column.name) ?? 0) * units;
    const count = (column.missingIndicator ? 2 : 1) * units;
    weights.set(first.weights.subarray(from, from + count), column.slot * units);
  }
  layout.embedded.forEach(({ category, levelOf, slot, dimension }, index) => {
    const vectors = embeddings[index]?.values ?? new Float32Array(0);
    const ofLevel = (level: number, unit: number) => {
      let sum = 0;
      for (let d = 0; d < dimension; d++) {
        sum += (vectors[level * dimension + d] as number) * (first.weights[(slot + d) * units + unit] as number);
      }
      return sum;
    };
    for (let unit = 0; unit < units; unit++) {
      const unseen = ofLevel(0, unit);
      biases[unit] = (biases[unit] as number) + unseen;
      levelOf.forEach((level, at) => {
        weights[(category.slot + at) * units + unit] = level === 0 ? 0 : ofLevel(level, unit) - unseen;
      });
    }
  });
  return [{ ...first, inputs, weights, biases: Float32Array.from(biases) }, ...rest];
}
