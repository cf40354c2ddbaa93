import type { ProgramColumn, SetColumn, ThresholdColumn } from './tree-program.ts';

/** Rows that the kernels take together, a bit each. */
export const blockRows = 256;
/** Rows staged for one call of a kernel: bounds its memory and keeps a call below a few milliseconds. */
export const stagedRows = 1024;
export const maskBytes = blockRows / 8;
const columnWords = 24;

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

/** The columns of a program in a kernel's memory: see src/wasm/tree-masks.part.ts. All places are byte offsets. */
export interface ColumnPlaces {
  readonly records: number;
  readonly imageEnd: number;
  /** Per column: Float64 values (thresholds) or Uint16 slots (sets, or any column where all are binned). */
  readonly staged: readonly number[];
  /** Whether a column is staged as slots. */
  readonly isCodes: readonly boolean[];
  /** The masks of all tests, of one block of rows. */
  readonly masks: { readonly from: number; readonly to: number };
  maskOf(column: number, test: number, missingRight: boolean): number;
  write(writer: Writer): void;
}

/** Gives out consecutive places. */
export interface Space {
  take(bytes: number, align?: number): number;
  end(): number;
}

/** Writes into an image of memory by absolute place. */
export interface Writer {
  word(at: number, value: number): void;
  half(at: number, value: number): void;
  real(at: number, value: number): void;
}

/**
 * Finds places for columns: first what is written once, up to `imageEnd`, then what the kernel fills itself. `binned`: columns
 * of thresholds, too, are staged as slots.
 */
export function placeColumns(columns: readonly ProgramColumn[], binned: boolean, space: Space): ColumnPlaces {
  const records = space.take(4 * columnWords * columns.length, 16);
  const guides = columns.map((column) => (column.kind === 'thresholds' ? guideOf(column) : undefined));
  const guideAt = guides.map((guide) => (guide ? space.take(2 * guide.first.length) : 0));
  const thresholdsAt = guides.map((guide) => (guide ? space.take(8 * guide.padded.length) : 0));
  const setsAt = columns.map((column) => (column.kind === 'sets' ? space.take(4 * setWords(column)) : 0));
  const imageEnd = space.end();
  const from = space.take(0, 64);
  const slotsAt = columns.map((column) => space.take(maskBytes * slotCountOf(column), 64));
  const othersAt = columns.map((column) => (othersOf(column) ? space.take(maskBytes * othersOf(column), 64) : 0));
  const to = space.take(0, 64);
  const isCodes = columns.map((column) => binned || column.kind === 'sets');
  const staged = isCodes.map((codes) => space.take((codes ? 2 : 8) * stagedRows, 64));
  return {
    records,
    imageEnd,
    staged,
    isCodes,
    masks: { from, to },
    maskOf(index, test, missingRight) {
      const column = columns[index] as ProgramColumn;
      if (column.kind === 'sets') return (othersAt[index] as number) + maskBytes * test;
      const inOthers = column.missingLeft && column.missingRight && missingRight;
      return ((inOthers ? othersAt[index] : slotsAt[index]) as number) + maskBytes * (test + 1);
    },
    write({ word, half, real }) {
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
    },
  };
}

export function createSpace(start: number): Space {
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

/** Writes words into bytes that lie at `start`. */
export function createWriter(bytes: Uint8Array, start: number): Writer {
  const view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset);
  return {
    word: (at, value) => view.setUint32(at - start, value, true),
    half: (at, value) => view.setUint16(at - start, value, true),
    real: (at, value) => view.setFloat64(at - start, value, true),
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
