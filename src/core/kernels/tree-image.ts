import type { ProgramColumn, ProgramTree, SetColumn, ThresholdColumn, TreeProgram } from './tree-program.ts';

/** Rows that the kernel scores together, a bit each. */
export const blockRows = 256;
/** Rows staged for one call of the kernel: bounds its memory and keeps a call below a few milliseconds. */
export const stagedRows = 1024;

const maskBytes = blockRows / 8;
/** Bytes at the start of memory left alone; where the header stands. */
export const imageStart = 1024;
const headerWords = 8;
const columnWords = 24;
const treesAtOnce = 16;

/** Words of a column's record; from byte 48 doubles follow: low, scale, top cell, cell of NaN. */
const columnWord = {
  isCodes: 0,
  staged: 1,
  slots: 2,
  slotCount: 3,
  guide: 4,
  thresholds: 5,
  /** Largest step of the binary search within a cell. */
  window: 6,
  /** Masks of the other kind: see `missingRight`. 0 where there is but one. */
  others: 7,
  /** Records of sets; 0 for thresholds. */
  sets: 8,
  /** Whether missing exceeds the thresholds in the masks at `slots`. */
  missingRight: 9,
} as const;

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
  const records = space.take(4 * columnWords * columns.length, 16);
  const guides = columns.map((column) => (column.kind === 'thresholds' ? guideOf(column) : undefined));
  const guideAt = guides.map((guide) => (guide ? space.take(2 * guide.first.length) : 0));
  const thresholdsAt = guides.map((guide) => (guide ? space.take(8 * guide.padded.length) : 0));
  const setsAt = columns.map((column) => (column.kind === 'sets' ? space.take(4 * setWords(column)) : 0));
  const treesAt = space.take(trees.reduce((sum, tree) => sum + 4 + 12 * tree.column.length, 0));
  const listAt = space.take(4 * trees.length);
  const tableAt = trees.map((tree) => space.take(8 * tree.leafValue.length));
  const imageEnd = space.end();
  const boundaries = space.take(maskBytes * (blockRows + 16), 64);
  const leaves = space.take(treesAtOnce * blockRows, 64);
  const sums = space.take(8 * stagedRows, 64);
  const slotsAt = columns.map((column) => space.take(maskBytes * slotCountOf(column), 64));
  const othersAt = columns.map((column) => (othersOf(column) ? space.take(maskBytes * othersOf(column), 64) : 0));
  const isCodes = columns.map((column) => binned || column.kind === 'sets');
  const staged = isCodes.map((codes) => space.take((codes ? 2 : 8) * stagedRows, 64));
  if (space.end() > limitBytes) return undefined;

  const bytes = new Uint8Array(imageEnd - imageStart);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number) => view.setUint32(at - imageStart, value, true);
  const half = (at: number, value: number) => view.setUint16(at - imageStart, value, true);
  const real = (at: number, value: number) => view.setFloat64(at - imageStart, value, true);
  [columns.length, records, trees.length, treesAt, listAt, boundaries, leaves, sums].forEach((value, i) =>
    word(header + 4 * i, value),
  );
  columns.forEach((column, index) => {
    const record = records + 4 * columnWords * index;
    const put = (name: keyof typeof columnWord, value: number) => word(record + 4 * columnWord[name], value);
    put('isCodes', Number(isCodes[index]));
    put('staged', staged[index] as number);
    put('slots', slotsAt[index] as number);
    put('slotCount', slotCountOf(column));
    put('others', othersAt[index] as number);
    if (column.kind === 'sets') {
      put('sets', setsAt[index] as number);
      writeSets(column, setsAt[index] as number, slotsAt[index] as number, othersAt[index] as number, word);
      return;
    }
    put('missingRight', Number(column.missingRight && !column.missingLeft));
    const guide = guides[index] as Guide;
    put('guide', guideAt[index] as number);
    put('thresholds', thresholdsAt[index] as number);
    put('window', guide.window);
    [guide.low, guide.scale, guide.top, guide.top + 1].forEach((value, i) => real(record + 48 + 8 * i, value));
    guide.first.forEach((value, i) => half((guideAt[index] as number) + 2 * i, value));
    guide.padded.forEach((value, i) => real((thresholdsAt[index] as number) + 8 * i, value));
  });
  const maskOf = (tree: ProgramTree, node: number): number => {
    const index = tree.column[node] as number;
    const column = columns[index] as ProgramColumn;
    const test = tree.test[node] as number;
    if (column.kind === 'sets') return (othersAt[index] as number) + maskBytes * test;
    const inOthers = column.missingLeft && column.missingRight && tree.missingRight[node] === 1;
    return ((inOthers ? othersAt[index] : slotsAt[index]) as number) + maskBytes * (test + 1);
  };
  let at = treesAt;
  trees.forEach((tree, index) => {
    const count = tree.column.length;
    half(at, count);
    half(at + 2, Math.ceil(tree.leafValue.length / 8));
    at += 4;
    for (let node = 0; node < count; node++) {
      word(at, maskOf(tree, node));
      half(at + 4, maskBytes * (tree.low[node] as number));
      half(at + 6, maskBytes * (tree.high[node] as number));
      half(at + 8, maskBytes * (tree.middle[node] as number));
      at += 12;
    }
    const table = tableAt[index] as number;
    word(listAt + 4 * index, table);
    tree.leafValue.forEach((value, leaf) => real(table + 8 * leaf, value));
  });
  return { bytes, staged, sums, memoryBytes: space.end() };
}

function createSpace(start: number) {
  let end = start;
  return {
    take(bytes: number, align = 8): number {
      const at = Math.ceil(end / align) * align;
      end = at + bytes;
      return at;
    },
    end: () => end,
  };
}

const slotCountOf = (column: ProgramColumn): number =>
  column.kind === 'sets' ? column.slotCount : column.thresholds.length + 2;

/** Masks beside those at the slots: of all sets; of thresholds where missing goes both ways. */
function othersOf(column: ProgramColumn): number {
  if (column.kind === 'sets') return column.sets.length;
  return column.missingLeft && column.missingRight ? column.thresholds.length + 2 : 0;
}

/** Slots named for a set: its own, or all others where these are fewer. */
function namedSlots(
  { slotCount }: SetColumn,
  set: Uint16Array,
): { readonly slots: readonly number[]; goLeft: boolean } {
  if (2 * set.length <= slotCount) return { slots: Array.from(set), goLeft: true };
  const members = new Set(set);
  return { slots: Array.from({ length: slotCount }, (_, i) => i).filter((slot) => !members.has(slot)), goLeft: false };
}

function setWords(column: SetColumn): number {
  return column.sets.reduce((sum, set) => sum + 3 + Math.min(set.length, column.slotCount - set.length), 1);
}

function writeSets(
  column: SetColumn,
  from: number,
  slots: number,
  masks: number,
  word: (at: number, value: number) => void,
): void {
  word(from, column.sets.length);
  let at = from + 4;
  column.sets.forEach((set, index) => {
    const named = namedSlots(column, set);
    const words = [masks + maskBytes * index, named.slots.length, named.goLeft ? 0xffff_ffff : 0];
    for (const value of [...words, ...named.slots.map((slot) => slots + maskBytes * slot)]) {
      word(at, value);
      at += 4;
    }
  });
}

/** Finds a value's slot, the number of thresholds below it: a cell by one multiplication, then the few thresholds in it. */
interface Guide {
  readonly low: number;
  readonly scale: number;
  /** The last cell; NaN has one of its own after it. */
  readonly top: number;
  /** Thresholds before each cell's first. */
  readonly first: Uint16Array;
  readonly window: number;
  /** The thresholds, and Infinity as far as a search may look. */
  readonly padded: Float64Array;
}

const twoTo52 = 4_503_599_627_370_496;

/** As many cells as bring at most one threshold into each, from 16 up to 2,048; where values crowd, a search remains. */
function guideOf({ thresholds, missingIsZero }: ThresholdColumn): Guide {
  const count = thresholds.length;
  const finite = thresholds.filter((threshold) => Number.isFinite(threshold));
  const low = finite[0] ?? 0;
  const span = ((finite.at(-1) ?? 0) - low) / 2;
  let top = 0;
  let scale = 1;
  let most = count;
  for (let cells = 16; cells <= 2048 && most > 1; cells *= 2) {
    const wanted = (cells - 1) / span / 2;
    top = cells - 1;
    // Any scale keeps the order; one that is no positive number would not.
    scale = wanted > 0 && Number.isFinite(wanted) ? wanted : 1;
    most = crowd(thresholds, low, scale, top);
  }
  // The steps 1, 2, 4 … window find a place among 2·window − 1 thresholds.
  let window = 1;
  while (2 * window - 1 < most) window *= 2;
  const first = new Uint16Array(top + 2);
  let below = 0;
  for (let cell = 0; cell <= top; cell++) {
    while (below < count && cellOf(thresholds[below] as number, low, scale, top) < cell) below++;
    first[cell] = below;
  }
  first[top + 1] = missingIsZero ? thresholds.filter((threshold) => threshold < 0).length : count + 1;
  const padded = new Float64Array(count + 2 + 2 * window).fill(Number.POSITIVE_INFINITY);
  padded.set(thresholds);
  return { low, scale, top, first, window, padded };
}

/** As the kernel does it: every step keeps the order of values, so thresholds in earlier cells lie below. */
function cellOf(value: number, low: number, scale: number, top: number): number {
  const cell = (value - low) * scale;
  const within = cell > 0 ? Math.min(cell, top) : 0;
  return within + twoTo52 - twoTo52;
}

function crowd(thresholds: Float64Array, low: number, scale: number, top: number): number {
  let most = 0;
  let inCell = 0;
  let last = -1;
  for (const threshold of thresholds) {
    const cell = cellOf(threshold, low, scale, top);
    inCell = cell === last ? inCell + 1 : 1;
    last = cell;
    most = Math.max(most, inCell);
  }
  return most;
}
