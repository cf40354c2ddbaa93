import { expect, test } from 'vitest';
import { StudioError } from '../../core/shared/errors.ts';
import type { CrewOptions } from '../../core/kernels/crew.ts';
import { tickingClock } from '../../testing/ticking-clock.ts';
import { type CrewHost, createCrewFactory } from '../any/crew.ts';
import { createNodeCrewHost } from './crew.ts';

/*
 * (module (import "env" "memory" (memory 16 65536 shared))
 *   (func (export "mark") (param $member i32) (param $count i32) (param $at i32)
 *     (i32.store (at + 4 * member) (count * 10 + member)))
 *   (func (export "peek") (param $at i32) (result i32) (i32.load (local.get $at)))
 *   (func (export "trapOn") (param $member i32) (param $count i32) (param $who i32)
 *     (if (i32.eq (local.get $member) (local.get $who)) (then unreachable))))
 */
const probe = Buffer.from(
  'AGFzbQEAAAABDAJgA39/fwBgAX8BfwISAQNlbnYGbWVtb3J5AgMQgIAEAwQDAAEABxgDBG1hcmsAAARwZWVrAAEGdHJhcE9uAAIKKwMVACACIABBAnRqIAFBCmwgAGo2AgALBwAgACgCAAsLACAAIAJGBEAACws=',
  'base64',
);

function crewOf(threads: number, more: Partial<CrewHost> = {}, options?: CrewOptions) {
  const host = { ...createNodeCrewHost(threads), load: () => WebAssembly.compile(probe), ...more };
  return createCrewFactory(host)('exact-math', options);
}

test('every member runs the named function with its own number', async () => {
  for (const threads of [1, 2, 4]) {
    const crew = await crewOf(threads);
    expect(crew.memberCount).toBe(threads);
    for (let round = 0; round < 50; round++) {
      const at = 64 * round;
      crew.run('mark', at);
      const marks = new Int32Array(crew.memory.buffer, at, threads);
      expect([...marks]).toEqual(Array.from({ length: threads }, (_, member) => threads * 10 + member));
      expect(crew.call('peek', at)).toBe(threads * 10);
    }
    crew.close();
  }
});

test('members see memory that grew after they started', async () => {
  const crew = await crewOf(2);
  const at = crew.memory.buffer.byteLength;
  crew.memory.grow(1);
  crew.run('mark', at);
  expect([...new Int32Array(crew.memory.buffer, at, 2)]).toEqual([20, 21]);
  crew.close();
});

test('a member that fails is reported as lost, and the crew refuses more work', async () => {
  const crew = await crewOf(2);
  expect(() => crew.run('trapOn', 1)).toThrowError(StudioError);
  expect(() => crew.run('mark', 0)).toThrow(/lost/);
});

test('a crew that may shrink goes on alone once the lead has waited long, and only then', async () => {
  for (const waitMs of [1, 10]) {
    const crew = await crewOf(2, { now: tickingClock(() => waitMs) }, { mayShrink: true });
    for (let round = 0; round < 200; round++) crew.run('mark', 64 * round);
    const marks = (round: number) => [...new Int32Array(crew.memory.buffer, 64 * round, 2)];
    expect(marks(0)).toEqual([20, 21]);
    expect(marks(199)).toEqual(waitMs === 1 ? [20, 21] : [10, 0]);
    expect(crew.memberCount).toBe(waitMs === 1 ? 2 : 1);
    crew.close();
  }
  const firm = await crewOf(2, { now: tickingClock(() => 10) });
  for (let round = 0; round < 200; round++) firm.run('mark', 0);
  expect(firm.memberCount).toBe(2);
  firm.close();
});

test('a closed crew refuses work', async () => {
  const crew = await crewOf(2);
  crew.close();
  expect(() => crew.run('mark', 0)).toThrow(/closed/);
});

test('a kernel that was not built says how to build it', async () => {
  const create = createCrewFactory(createNodeCrewHost(1));
  await expect(create('missing' as 'dense')).rejects.toMatchObject({
    code: 'kernel.unavailable',
    fix: 'Run `npm run wasm`.',
  });
});
