import { blockRows, createSpace, createWriter, maskBytes, placeColumns, stagedRows } from './tree-columns.ts';
import type { TreeProgram } from './tree-program.ts';

/** Bytes at the start of memory left alone; where the header stands. */
export const imageStart = 1024;
const headerWords = 8;
const treesAtOnce = 16;

/** A program as bytes at `imageStart`, and where rows are staged and sums found: see src/wasm/trees.ts. */
export interface TreeImage {
  readonly bytes: Uint8Array;
  /** Per column: Float64 values (thresholds) or Uint16 slots (sets, or any column where all are binned). */
  readonly staged: readonly number[];
  readonly sums: number;
  readonly memoryBytes: number;
}

/** Lays a program out. `binned`: columns of thresholds, too, are staged as slots. Undefined where it would not fit. */
export function layOut(program: TreeProgram, binned: boolean, limitBytes: number): TreeImage | undefined {
  const { columns, trees } = program;
  const space = createSpace(imageStart);
  const header = space.take(4 * headerWords);
  const treesAt = space.take(trees.reduce((sum, tree) => sum + 4 + 12 * tree.column.length, 0));
  const listAt = space.take(4 * trees.length);
  const tableAt = trees.map((tree) => space.take(8 * tree.leafValue.length));
  const places = placeColumns(columns, binned, space);
  const boundaries = space.take(maskBytes * (blockRows + 16), 64);
  const leaves = space.take(treesAtOnce * blockRows, 64);
  const sums = space.take(8 * stagedRows, 64);
  if (space.end() > limitBytes) return undefined;

  const bytes = new Uint8Array(places.imageEnd - imageStart);
  const writer = createWriter(bytes, imageStart);
  const { word, half, real } = writer;
  [columns.length, places.records, trees.length, treesAt, listAt, boundaries, leaves, sums].forEach((value, i) =>
    word(header + 4 * i, value),
  );
  places.write(writer);
  let at = treesAt;
  trees.forEach((tree, index) => {
    const count = tree.column.length;
    half(at, count);
    half(at + 2, Math.ceil(tree.leafValue.length / 8));
    at += 4;
    for (let node = 0; node < count; node++) {
      const test = tree.test[node] as number;
      word(at, places.maskOf(tree.column[node] as number, test, tree.missingRight[node] === 1));
      half(at + 4, maskBytes * (tree.low[node] as number));
      half(at + 6, maskBytes * (tree.high[node] as number));
      half(at + 8, maskBytes * (tree.middle[node] as number));
      at += 12;
    }
    const table = tableAt[index] as number;
    word(listAt + 4 * index, table);
    tree.leafValue.forEach((value, leaf) => real(table + 8 * leaf, value));
  });
  return { bytes, staged: places.staged, sums, memoryBytes: space.end() };
}
