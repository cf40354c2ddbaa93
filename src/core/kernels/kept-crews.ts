import type { CreateCrew, Crew, CrewOptions, KernelModuleName } from './crew.ts';

const pageBytes = 65_536;

interface Kept {
  readonly crew: Crew;
  readonly module: KernelModuleName;
  readonly maxMembers: number | undefined;
  inUse: boolean;
}

/**
 * Crews that outlive their use: a closed one is kept, and the next of the same module and size gets its threads and its
 * memory, zeroed. For runs of like trainings, whose memories would otherwise pile up until they are collected.
 */
export function keepCrews(createCrew: CreateCrew): { readonly createCrew: CreateCrew; close(): void } {
  const all: Kept[] = [];
  return {
    async createCrew(module, options = {}) {
      const free = all.find((each) => !each.inUse && each.module === module && each.maxMembers === options.maxMembers);
      const kept = free ?? {
        crew: await createCrew(module, options),
        module,
        maxMembers: options.maxMembers,
        inUse: true,
      };
      if (free) ready(kept.crew, options);
      else all.push(kept);
      kept.inUse = true;
      return lend(kept);
    },
    close() {
      for (const { crew } of all) crew.close();
    },
  };
}

function ready({ memory }: Crew, { initialPages = 0 }: CrewOptions): void {
  new Uint8Array(memory.buffer).fill(0);
  const missing = initialPages - memory.buffer.byteLength / pageBytes;
  if (missing > 0) memory.grow(missing);
}

function lend(kept: Kept): Crew {
  const { crew } = kept;
  return {
    get memberCount() {
      return crew.memberCount;
    },
    memory: crew.memory,
    run: (name, ...args) => crew.run(name, ...args),
    call: (name, ...args) => crew.call(name, ...args),
    close() {
      kept.inUse = false;
    },
  };
}
