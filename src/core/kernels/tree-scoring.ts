import type { Crew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { blockRows, stagedRows } from './tree-columns.ts';
import { imageStart, layOut, type TreeImage } from './tree-image.ts';
import type { TreeProgram } from './tree-program.ts';

/** Writes rows from … to of a column where the kernel reads them: numbers as they are, or slots. */
export type StageColumn = (column: number, from: number, to: number, into: Float64Array | Uint16Array) => void;

/**
 * Sums of leaf values by the WASM kernel `trees`: float64, in tree order, from 0. One memory, that of the last program, and
 * one call at a time; calls are synchronous and leave nothing behind that changes later results.
 */
export interface TreeScoring {
  /** False where the program would take too much memory: the caller walks the trees itself. */
  canScore(program: TreeProgram): boolean;
  /** `binned`: all columns are staged as slots (of thresholds: how many lie below the value; missing is last). */
  score(program: TreeProgram, rowCount: number, stage: StageColumn, out: Float64Array, binned?: boolean): void;
}

const memoryLimit = 128 * 1024 * 1024;
const pageBytes = 65_536;

const opened = new WeakMap<Kernels, Promise<TreeScoring | undefined>>();

/** The host's scoring kernel, one for all callers with these kernels; undefined where there is no WASM. */
export function openTreeScoring(kernels: Kernels): Promise<TreeScoring | undefined> {
  const known = opened.get(kernels);
  if (known) return known;
  const opening = kernels.createCrew
    ? kernels.createCrew('trees', { maxMembers: 1 }).then(createTreeScoring)
    : Promise.resolve(undefined);
  opened.set(kernels, opening);
  opening.catch(() => opened.delete(kernels));
  return opening;
}

type Images = WeakMap<TreeProgram, TreeImage | 'too large'>;

function createTreeScoring(crew: Crew): TreeScoring {
  const images: Images = new WeakMap();
  const binnedImages: Images = new WeakMap();
  let loaded: TreeImage | undefined;
  let staged: readonly (Float64Array | Uint16Array)[] = [];
  let sums: Float64Array = new Float64Array(0);

  function imageOf(program: TreeProgram, binned: boolean): TreeImage | undefined {
    const known = binned ? binnedImages : images;
    let image = known.get(program);
    if (!image) known.set(program, (image = layOut(program, binned, memoryLimit) ?? 'too large'));
    return image === 'too large' ? undefined : image;
  }

  function load(image: TreeImage, program: TreeProgram, binned: boolean): void {
    const missing = image.memoryBytes - crew.memory.buffer.byteLength;
    if (missing > 0) crew.memory.grow(Math.ceil(missing / pageBytes));
    const { buffer } = crew.memory;
    new Uint8Array(buffer).set(image.bytes, imageStart);
    staged = program.columns.map((column, index) => {
      const at = image.staged[index] as number;
      return binned || column.kind === 'sets'
        ? new Uint16Array(buffer, at, stagedRows).fill(0)
        : new Float64Array(buffer, at, stagedRows);
    });
    sums = new Float64Array(buffer, image.sums, stagedRows);
    loaded = image;
  }

  return {
    canScore: (program) => imageOf(program, false) !== undefined,
    score(program, rowCount, stage, out, binned = false) {
      const image = imageOf(program, binned);
      if (!image) throw new RangeError('The trees take too much memory.');
      if (loaded !== image) load(image, program, binned);
      for (let from = 0; from < rowCount; from += stagedRows) {
        const to = Math.min(from + stagedRows, rowCount);
        for (let column = 0; column < staged.length; column++) {
          stage(column, from, to, staged[column] as Float64Array | Uint16Array);
        }
        crew.call('score', imageStart, Math.ceil((to - from) / blockRows));
        out.set(to - from === stagedRows ? sums : sums.subarray(0, to - from), from);
      }
    },
  };
}
