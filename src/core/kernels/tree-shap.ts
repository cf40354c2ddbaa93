import type { Kernels } from './kernels.ts';
import { createTreeShapReference } from './reference/tree-shap.ts';
import { blockRows, createSpace, createWriter, placeColumns, stagedRows } from './tree-columns.ts';
import type { StageColumn } from './tree-scoring.ts';
import type { ProgramColumn } from './tree-program.ts';

/** Bits of a pattern that groups may have at most: see `ShapGroup`. */
export const maxPatternBits = 32;

/**
 * A subtree whose attributions hang on a few bits: for a feature on the way to it whether a row goes that way, for an inner
 * node whether a row goes right. A bit is the conjunction of `terms`: tests of columns, `isRight` where the test must hold.
 */
export interface ShapGroup {
  readonly bits: readonly (readonly ShapTest[])[];
  /** Features that the leaves attribute to, each once. */
  readonly features: readonly number[];
  readonly leaves: readonly ShapLeaf[];
}

export interface ShapTest {
  readonly column: number;
  readonly test: number;
  readonly missingRight: boolean;
  readonly isRight: boolean;
}

/** A row goes the leaf's way as far as feature `slot` is concerned where (pattern & care) is want. */
export interface ShapLeaf {
  readonly features: readonly { readonly slot: number; readonly care: number; readonly want: number }[];
  /** Quadrature: per node the weight times the leaf's value; then per feature 4 lists, a number per node. Even count. */
  readonly nodes: number;
  readonly numbers: Float64Array;
}

export interface TreeShapKernel {
  /** Attributions of up to `stripRows` staged rows; `out` is of all rows, these begin at `first`. */
  attribute(rowCount: number, first: number, allRows: number, stage: StageColumn, out: Float64Array): Generator<void>;
  readonly stripRows: number;
  close(): void;
}

const imageStart = 1024;
const pageBytes = 65_536;
const headerWords = 16;
const groupWords = 8;
const privateStart = 131_072 + 512 + 128;
/** Masks of a strip take at most so much; a strip holds at most `mostStripRows`. */
const mostMaskBytes = 8_388_608;
const mostStripRows = 8192;

/** `batches`: the groups of a few trees each; one call of the kernel takes a batch. */
export async function openTreeShap(
  kernels: Kernels,
  columns: readonly ProgramColumn[],
  featureCount: number,
  batches: readonly (readonly ShapGroup[])[],
  rowCount: number,
): Promise<TreeShapKernel> {
  if (!kernels.createCrew) return createTreeShapReference(columns, featureCount, batches);
  const space = createSpace(imageStart);
  const header = space.take(4 * headerWords);
  const sizes = batches.map((groups) => groups.reduce((sum, group) => sum + sizeOf(group), 0));
  const at = sizes.map((size) => space.take(size, 16));
  const places = placeColumns(columns, false, space);
  const area = places.masks.to - places.masks.from;
  const stripBlocks = Math.max(
    4,
    Math.min(
      Math.ceil(rowCount / stagedRows) * 4,
      mostStripRows / blockRows,
      4 * Math.floor(mostMaskBytes / Math.max(1, 4 * area)),
    ),
  );
  const stripRows = stripBlocks * blockRows;
  const stripMasks = space.take(area * stripBlocks, 64);
  // One feature more takes what pads a group's features to an even number.
  const stride = 8 * stripRows;
  const phi = space.take(stride * (featureCount + 1), 64);
  const widest = batches.flat().reduce((most, { features }) => Math.max(most, widthOf(features)), 4);
  const privateBytes = Math.ceil((privateStart + (4 + 8 * widest) * stripRows) / 64) * 64;
  const privates = space.take(0, 64);
  const crew = await kernels.createCrew('tree-shap', {
    initialPages: Math.ceil((privates + privateBytes) / pageBytes),
    mayShrink: true,
  });
  const needed = privates + privateBytes * crew.memberCount - crew.memory.buffer.byteLength;
  if (needed > 0) crew.memory.grow(Math.ceil(needed / pageBytes));
  const { buffer } = crew.memory;
  const writer = createWriter(new Uint8Array(buffer, imageStart, places.imageEnd - imageStart), imageStart);
  const words = new Uint32Array(buffer, header, headerWords);
  words.set([columns.length, places.records, stripMasks, places.masks.from, area, 0, phi, stride]);
  words.set([privates, privateBytes, stripRows], 8);
  places.write(writer);
  const maskOf = ({ column, test, missingRight, isRight }: ShapTest) =>
    places.maskOf(column, test, missingRight) - places.masks.from + (isRight ? 0 : 1);
  batches.forEach((groups, batch) => {
    let next = at[batch] as number;
    for (const group of groups) {
      writeGroup(buffer, next, group, featureCount, maskOf);
      next += sizeOf(group);
    }
  });
  const staged = places.staged.map((place, column) =>
    places.isCodes[column] ? new Uint16Array(buffer, place, stagedRows) : new Float64Array(buffer, place, stagedRows),
  );
  return {
    stripRows,
    *attribute(count, first, allRows, stage, out) {
      const blocks = Math.ceil(count / blockRows);
      words[5] = blocks;
      for (let from = 0; from < count; from += stagedRows) {
        const to = Math.min(from + stagedRows, count);
        staged.forEach((into, column) => stage(column, first + from, first + to, into));
        crew.call('fill', imageStart, from / blockRows, Math.ceil((to - from) / blockRows));
      }
      const all = new Float64Array(buffer, phi, stripRows * featureCount).fill(0);
      for (const [batch, start] of at.entries()) {
        crew.run('attribute', imageStart, start, start + (sizes[batch] as number));
        yield;
      }
      for (let feature = 0; feature < featureCount; feature++) {
        const from = feature * stripRows;
        out.set(all.subarray(from, from + count), feature * allRows + first);
      }
    },
    close: () => crew.close(),
  };
}

const widthOf = (features: readonly number[]) => Math.ceil(features.length / 2) * 2;

function sizeOf({ bits, features, leaves }: ShapGroup): number {
  let size = 4 * groupWords;
  for (const terms of bits) size += 4 + 4 * terms.length;
  size += 4 * widthOf(features);
  size = Math.ceil(size / 8) * 8;
  for (const leaf of leaves) size += leafHeadBytes(leaf) + 8 * leaf.numbers.length;
  return Math.ceil(size / 16) * 16;
}

const leafHeadBytes = ({ features }: ShapLeaf) => Math.ceil((8 + 12 * features.length) / 8) * 8;

/** Words: bits, width, leaves, bytes, place of the features, place of the leaves; then terms, features and leaves. */
function writeGroup(
  buffer: ArrayBufferLike,
  start: number,
  group: ShapGroup,
  padding: number,
  maskOf: (test: ShapTest) => number,
): void {
  const view = new DataView(buffer);
  const width = widthOf(group.features);
  let at = start + 4 * groupWords;
  const put = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  for (const terms of group.bits) {
    put(terms.length);
    for (const term of terms) put(maskOf(term));
  }
  const features = at - start;
  for (let slot = 0; slot < width; slot++) put(group.features[slot] ?? padding);
  at = Math.ceil(at / 8) * 8;
  const leaves = at - start;
  for (const leaf of group.leaves) {
    const head = at;
    put(leaf.features.length);
    put(8 * leaf.nodes);
    for (const { slot, care, want } of leaf.features) for (const value of [slot, care, want]) put(value);
    at = head + leafHeadBytes(leaf);
    new Float64Array(buffer, at, leaf.numbers.length).set(leaf.numbers);
    at += 8 * leaf.numbers.length;
  }
  const words = [group.bits.length, width, group.leaves.length, sizeOf(group), features, leaves];
  new Uint32Array(buffer, start, words.length).set(words);
}
