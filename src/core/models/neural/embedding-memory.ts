import { denseBlockRows, EmbeddingWord, embeddingRecordWords } from '../../kernels/dense.ts';
import { paddedWidth } from '../../kernels/dense-layout.ts';
import type { EmbeddingTable } from '../../kernels/dense-training.ts';

const parts = ['table', 'firstMoment', 'secondMoment', 'gradient'] as const;
type Part = (typeof parts)[number];

/** Where embeddings lie in the kernels' memory: byte offsets. */
export interface EmbeddingPlace {
  /** Of their records, 0 without any. */
  readonly records: number;
  readonly count: number;
  readonly tables: readonly { readonly floats: number; readonly offsets: Readonly<Record<Part, number>> }[];
  /** Batch rows × columns: what the loss's derivative by the embedded inputs takes. */
  readonly errors: number;
  /** First embedded input, and how many columns of whole panels follow. */
  readonly first: number;
  readonly columns: number;
  readonly end: number;
}

const align = (at: number) => Math.ceil(at / 64) * 64;

/** Embeddings begin at a whole panel and are the last inputs of the first layer, which is `inputs` wide. */
export function placeEmbeddings(
  embeddings: readonly EmbeddingTable[],
  inputs: number,
  capacity: number,
  start: number,
): EmbeddingPlace {
  if (embeddings.length === 0) return { records: 0, count: 0, tables: [], errors: 0, first: 0, columns: 0, end: start };
  const records = align(start);
  let end = records + 4 * embeddingRecordWords * embeddings.length;
  const take = (floats: number) => {
    const at = align(end);
    end = at + 4 * floats;
    return at;
  };
  const tables = embeddings.map(({ levels, dimension }) => {
    const floats = Math.ceil((levels * dimension) / 4) * 4;
    return { floats, offsets: Object.fromEntries(parts.map((part) => [part, take(floats)])) as Record<Part, number> };
  });
  const first = embeddings[0]?.slot ?? 0;
  const columns = paddedWidth(inputs) - first;
  const errors = take(capacity * columns);
  return { records, count: embeddings.length, tables, errors, first, columns, end: align(end + 4 * denseBlockRows) };
}

export function storeEmbeddings(
  memory: ArrayBufferLike,
  place: EmbeddingPlace,
  embeddings: readonly EmbeddingTable[],
): void {
  embeddings.forEach(({ slot, dimension, levels, values }, index) => {
    const { offsets } = place.tables[index] as EmbeddingPlace['tables'][number];
    const words = new Uint32Array(memory, place.records + 4 * embeddingRecordWords * index, embeddingRecordWords);
    words[EmbeddingWord.slot] = slot;
    words[EmbeddingWord.dimension] = dimension;
    words[EmbeddingWord.levels] = levels;
    for (const part of parts) words[EmbeddingWord[part]] = offsets[part];
    new Float32Array(memory, offsets.table, values.length).set(values);
  });
}

export function loadEmbeddings(
  memory: ArrayBufferLike,
  place: EmbeddingPlace,
  like: readonly EmbeddingTable[],
): readonly EmbeddingTable[] {
  return like.map((embedding, index) => {
    const at = place.tables[index]?.offsets.table ?? 0;
    return { ...embedding, values: new Float32Array(memory, at, embedding.values.length).slice() };
  });
}

export function embeddingFloats(memory: ArrayBufferLike, place: EmbeddingPlace, part: Part): readonly Float32Array[] {
  return place.tables.map(({ floats, offsets }) => new Float32Array(memory, offsets[part], floats));
}
