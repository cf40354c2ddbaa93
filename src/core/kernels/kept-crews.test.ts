import { expect, test } from 'vitest';
import type { Crew } from './crew.ts';
import { keepCrews } from './kept-crews.ts';

function fakeFactory() {
  const made: { crew: Crew; closed: boolean }[] = [];
  const createCrew = async (_: string, { initialPages = 16 } = {}): Promise<Crew> => {
    const memory = new WebAssembly.Memory({ initial: initialPages });
    const crew: Crew = {
      memberCount: 2,
      memory,
      run() {},
      call: () => 0,
      close() {
        entry.closed = true;
      },
    };
    const entry = { crew, closed: false };
    made.push(entry);
    return crew;
  };
  return { made, createCrew };
}

test('a closed crew serves the next of the same module and size, its memory zeroed and large enough', async () => {
  const { made, createCrew } = fakeFactory();
  const kept = keepCrews(createCrew);
  const first = await kept.createCrew('boosting', { initialPages: 2, maxMembers: 2 });
  first.memory.grow(3);
  new Uint8Array(first.memory.buffer).fill(7);
  first.close();
  const second = await kept.createCrew('boosting', { initialPages: 4, maxMembers: 2 });
  expect(made.length).toBe(1);
  expect(made[0]?.closed).toBe(false);
  expect(new Uint8Array(second.memory.buffer).every((byte) => byte === 0)).toBe(true);
  expect(second.memory.buffer.byteLength).toBe(5 * 65_536);
  expect(second.memory.grow(4)).toBe(5);
});

test('crews in use, of another module or of another size are not shared, and all end together', async () => {
  const { made, createCrew } = fakeFactory();
  const kept = keepCrews(createCrew);
  await kept.createCrew('boosting', { initialPages: 1, maxMembers: 2 });
  await kept.createCrew('boosting', { initialPages: 1, maxMembers: 2 });
  (await kept.createCrew('dense', { initialPages: 1, maxMembers: 2 })).close();
  await kept.createCrew('dense', { initialPages: 1, maxMembers: 1 });
  expect(made.length).toBe(4);
  kept.close();
  expect(made.every(({ closed }) => closed)).toBe(true);
});
