import type { CreateCrew, Crew, KernelModuleName } from '../../core/kernels/crew.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { argumentsOffset, controlBytes, functionNames, instantiate, maxArguments, slots } from './crew-loop.mjs';
import type { MemberSetup } from './crew-loop.mjs';

/** A started member. `isLost` turns true when the host saw it end by itself. */
export interface CrewMember {
  readonly isLost: () => boolean;
  terminate(): void;
}

/** What differs between page and Node. */
export interface CrewHost {
  /** Members per crew, the lead included; 1 where memory cannot be shared between threads. */
  readonly threads: number;
  load(name: KernelModuleName): Promise<WebAssembly.Module>;
  /** Starts a member; resolves when it serves. */
  start(setup: MemberSetup): Promise<CrewMember>;
  /** Milliseconds, by which waiting is measured; the host's own clock unless told. */
  readonly now?: () => number;
}

const pageLimit = 65_536;
const leadSpinCount = 50_000;
/** A member that has not answered within patience × slice is lost. Slices, because a sleeping machine skips time. */
const waitSliceMs = 500;
const waitPatience = 60;

/** Crews of this host; each module is loaded once, unless that fails. */
export function createCrewFactory(host: CrewHost): CreateCrew {
  const { now = () => performance.now() } = host;
  const modules = new Map<KernelModuleName, Promise<WebAssembly.Module>>();
  const load = (name: KernelModuleName): Promise<WebAssembly.Module> => {
    const known = modules.get(name);
    if (known) return known;
    const loading = host.load(name);
    modules.set(name, loading);
    loading.catch(() => modules.delete(name));
    return loading;
  };
  return async (name, options = {}) => {
    const module = await load(name);
    const memory = createMemory(options.initialPages ?? 16);
    const memberCount = Math.max(1, Math.min(host.threads, options.maxMembers ?? host.threads));
    const lead = instantiate(module, memory);
    if (memberCount === 1) return loneCrew(lead, memory);
    const control = new SharedArrayBuffer(controlBytes);
    const members = await Promise.all(
      Array.from({ length: memberCount - 1 }, (_, i) =>
        host.start({ module, memory, control, member: i + 1, memberCount }),
      ),
    );
    const crowding = options.mayShrink ? watchCrowding(memberCount) : undefined;
    return threadedCrew({ lead, names: functionNames(module), memory, control, members, crowding, now });
  };
}

/** Some hosts cannot reserve 4 GiB of addresses: they get a smaller ceiling. */
function createMemory(initial: number): WebAssembly.Memory {
  for (let maximum = pageLimit; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: Math.max(16, Math.ceil(initial)), maximum, shared: true });
    } catch (cause) {
      if (maximum / 2 < Math.max(16, initial)) {
        throw new StudioError('kernel.unavailable', `The host gave no ${Math.ceil(initial / 16)} MiB of memory.`, {
          cause,
          fix: 'Use fewer rows, or close other tabs.',
        });
      }
    }
  }
}

type Exported = Record<string, (...args: number[]) => number>;

function exportNamed(lead: Exported, name: string): (...args: number[]) => number {
  const found = lead[name];
  if (!found) throw new StudioError('internal', `The kernel exports no function "${name}".`);
  return found;
}

function loneCrew(lead: Exported, memory: WebAssembly.Memory): Crew {
  return {
    memberCount: 1,
    memory,
    run(name, ...args) {
      exportNamed(lead, name)(0, 1, ...args);
    },
    call: (name, ...args) => exportNamed(lead, name)(...args),
    close() {},
  };
}

interface Team {
  readonly lead: Exported;
  readonly names: readonly string[];
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly members: readonly CrewMember[];
  readonly crowding: Crowding | undefined;
  readonly now: () => number;
}

function threadedCrew({ lead, names, memory, control, members, crowding, now }: Team): Crew {
  const words = new Int32Array(control, 0, argumentsOffset / 4);
  const values = new Float64Array(control, argumentsOffset, maxArguments);
  let memberCount = members.length + 1;
  const indexOf = new Map(names.map((name, index) => [name, index]));
  let state: 'open' | 'closed' | 'lost' = 'open';

  function close(as: 'closed' | 'lost' = 'closed'): void {
    if (state !== 'open') return;
    state = as;
    Atomics.store(words, slots.stop, 1);
    Atomics.add(words, slots.sequence, 1);
    Atomics.notify(words, slots.sequence);
    for (const member of members) member.terminate();
  }

  function lost(sentence: string, cause?: unknown): StudioError {
    close('lost');
    return new StudioError('job.worker-lost', sentence, { cause, fix: 'Start the work again.' });
  }

  return {
    get memberCount() {
      return memberCount;
    },
    memory,
    run(name, ...args) {
      if (state !== 'open') throw new StudioError('job.worker-lost', `The kernel threads are ${state}.`);
      if (members.some((member) => member.isLost())) throw lost('A kernel thread ended before its work.');
      const own = exportNamed(lead, name);
      if (crowding?.isCrowded()) memberCount = 1;
      if (memberCount === 1) return void own(0, 1, ...args);
      if (args.length > maxArguments)
        throw new StudioError('internal', `"${name}" was given ${args.length} arguments.`);
      for (let i = 0; i < args.length; i++) values[i] = args[i] as number;
      words[slots.name] = indexOf.get(name) as number;
      words[slots.argumentCount] = args.length;
      Atomics.store(words, slots.done, 0);
      Atomics.add(words, slots.sequence, 1);
      if (Atomics.load(words, slots.sleepers) !== 0) Atomics.notify(words, slots.sequence);
      const started = crowding ? now() : 0;
      try {
        own(0, memberCount, ...args);
      } catch (cause) {
        throw lost(`The kernel function "${name}" failed.`, cause);
      }
      const finished = crowding ? now() : 0;
      if (!awaitMembers(words, members.length)) throw lost(`A kernel thread did not come back from "${name}".`);
      crowding?.observe(finished - started, now() - finished);
      const failed = Atomics.load(words, slots.failed);
      if (failed !== 0) throw lost(`The kernel function "${name}" failed on thread ${failed}.`);
    },
    call: (name, ...args) => exportNamed(lead, name)(...args),
    close: () => close(),
  };
}

interface Crowding {
  /** Milliseconds of the lead's own share of a run, and of its waiting for the others. */
  observe(own: number, waited: number): void;
  isCrowded(): boolean;
}

const crowdingWindow = 128;

/** Crowded once the lead, over a window of runs, waited for longer than the others' whole work could take. */
function watchCrowding(memberCount: number): Crowding {
  let runs = 0;
  let ownMs = 0;
  let waitedMs = 0;
  let crowded = false;
  return {
    observe(own, waited) {
      ownMs += own;
      waitedMs += waited;
      runs++;
      if (runs < crowdingWindow) return;
      crowded ||= waitedMs > 1.5 * (memberCount - 1) * ownMs;
      runs = ownMs = waitedMs = 0;
    },
    isCrowded: () => crowded,
  };
}

/** True when all have answered: spins first, then sleeps in slices. */
function awaitMembers(words: Int32Array<SharedArrayBuffer>, count: number): boolean {
  for (let i = 0; i < leadSpinCount; i++) if (Atomics.load(words, slots.done) === count) return true;
  Atomics.store(words, slots.leadAsleep, 1);
  for (let slice = 0; slice < waitPatience; ) {
    const done = Atomics.load(words, slots.done);
    if (done === count) break;
    if (Atomics.wait(words, slots.done, done, waitSliceMs) === 'timed-out') slice++;
  }
  Atomics.store(words, slots.leadAsleep, 0);
  return Atomics.load(words, slots.done) === count;
}
