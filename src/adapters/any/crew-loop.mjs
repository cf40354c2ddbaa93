// What one crew member does, in the page's nested workers and in Node's worker threads. Plain JavaScript, because Node
// starts a thread from a file that it must be able to read without a compiler.

/** Int32 slots of the control block; the arguments follow as doubles from byte 64. */
export const slots = {
  sequence: 0,
  name: 1,
  argumentCount: 2,
  done: 3,
  sleepers: 4,
  stop: 5,
  failed: 6,
  leadAsleep: 7,
};
export const argumentsOffset = 64;
export const maxArguments = 24;
export const controlBytes = argumentsOffset + 8 * maxArguments;

/** Loads of a shared word before sleeping: some tens of microseconds, about the lead's own work between two calls. */
const spinCount = 40_000;

export function functionNames(module) {
  return WebAssembly.Module.exports(module)
    .filter((each) => each.kind === 'function')
    .map((each) => each.name);
}

export function instantiate(module, memory) {
  const abort = () => {
    throw new Error('the kernel aborted');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports;
}

/** Serves calls until told to stop. Never returns to the event loop in between. */
export function serveMember({ module, memory, control, member, memberCount }) {
  const exported = instantiate(module, memory);
  const functions = functionNames(module).map((name) => exported[name]);
  const words = new Int32Array(control, 0, argumentsOffset / 4);
  const values = new Float64Array(control, argumentsOffset, maxArguments);
  let seen = 0;
  for (;;) {
    seen = nextSequence(words, seen);
    if (Atomics.load(words, slots.stop) !== 0) return;
    try {
      const given = values.subarray(0, words[slots.argumentCount]);
      functions[words[slots.name]](member, memberCount, ...given);
    } catch {
      Atomics.store(words, slots.failed, member);
    }
    Atomics.add(words, slots.done, 1);
    if (Atomics.load(words, slots.leadAsleep) !== 0) Atomics.notify(words, slots.done);
  }
}

function nextSequence(words, seen) {
  for (let i = 0; i < spinCount; i++) {
    const now = Atomics.load(words, slots.sequence);
    if (now !== seen) return now;
  }
  Atomics.add(words, slots.sleepers, 1);
  let now = Atomics.load(words, slots.sequence);
  while (now === seen) {
    Atomics.wait(words, slots.sequence, seen);
    now = Atomics.load(words, slots.sequence);
  }
  Atomics.sub(words, slots.sleepers, 1);
  return now;
}
