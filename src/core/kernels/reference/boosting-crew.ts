import type { Crew } from '../crew.ts';
import { addScores, gradients, measure, quantise, root, scanLevel, split, walk } from './boosting.ts';
import { viewsOf } from './memory-views.ts';

const functions = { addScores, gradients, measure, quantise, root, scanLevel, split, walk } as unknown as Readonly<
  Record<string, (...args: unknown[]) => void>
>;

/** A crew of one whose kernel is the TypeScript twin, on plain memory. */
export function createReferenceBoostingCrew(pages: number): Crew {
  let buffer = new ArrayBuffer(pages * 65_536);
  let views = viewsOf(buffer);
  const memory = {
    get buffer() {
      return buffer;
    },
    grow(more: number): number {
      const before = buffer.byteLength / 65_536;
      const grown = new ArrayBuffer(buffer.byteLength + more * 65_536);
      new Uint8Array(grown).set(new Uint8Array(buffer));
      buffer = grown;
      views = viewsOf(buffer);
      return before;
    },
  };
  return {
    memberCount: 1,
    memory,
    run: (name, ...args) => functions[name]?.(views, 0, 1, ...args),
    call(name) {
      throw new Error(`The boosting kernel has no function "${name}" for the lead alone.`);
    },
    close() {},
  };
}
