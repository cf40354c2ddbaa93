import { afterEach, expect, test } from 'vitest';
import type { JobClient, JobRun } from '../../../core/jobs/job.ts';
import type { Progress } from '../../../core/shared/checkpoint.ts';
import { StudioError } from '../../../core/shared/errors.ts';
import { endFakeWorkers, FakeWorker } from '../../../testing/fake-worker.ts';
import { type Connection, type ConnectionOptions, connect, type WorkerLike } from './client.ts';
import type { Locks } from './life.ts';
import type { serve } from './server.ts';

afterEach(endFakeWorkers);

function connectTo<T extends object>(
  jobs: T | ((start: number) => T | undefined),
  options?: ConnectionOptions,
): { client: JobClient<T> & Connection; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const client = connect<T>(() => {
    const served = typeof jobs === 'function' ? jobs(workers.length) : jobs;
    const worker = new FakeWorker(served as Parameters<typeof serve>[0] | undefined, options?.locks);
    workers.push(worker);
    return worker as unknown as WorkerLike;
  }, options);
  return { client, workers };
}

/** The StudioError that a promise is rejected with. */
async function refusal(promise: Promise<unknown>): Promise<StudioError> {
  const error = await promise.then(
    (value) => new Error(`answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof StudioError) return error;
  throw error;
}

const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

test('a job is called as if it were here', async () => {
  const { client } = connectTo({
    double: async ({ values }: { values: Float64Array }) => values.map((value) => 2 * value),
  });
  expect(await client.double({ values: Float64Array.of(1, Number.NaN, -0) })).toEqual(
    Float64Array.of(2, Number.NaN, -0),
  );
});

test('an error crosses with its code, its place and what to do', async () => {
  const { client } = connectTo({
    read: async (_: object): Promise<void> => {
      throw new StudioError('data.ragged-row', 'Row 7 has 4 fields, expected 5.', {
        where: { file: 'a.csv', row: 7, column: 'age' },
        fix: 'Mend the row.',
      });
    },
    slip: async (_: object): Promise<void> => {
      throw new TypeError('x is not a function');
    },
  });
  const error = await refusal(client.read({}));
  expect(error).toMatchObject({
    code: 'data.ragged-row',
    fix: 'Mend the row.',
    message: 'Row 7 has 4 fields, expected 5.',
  });
  expect(error.where).toEqual({ file: 'a.csv', row: 7, column: 'age' });
  expect(await refusal(client.slip({}))).toMatchObject({ code: 'internal', message: 'x is not a function' });
});

test('progress and events arrive in order, all of them before the result', async () => {
  const { client } = connectTo({
    async count({ to }: { to: number }, { checkpoint, emit }: JobRun) {
      for (let i = 1; i <= to; i++) {
        emit({ round: i });
        await checkpoint({ fraction: i / to, stage: `Round ${i}` });
      }
      return to;
    },
  });
  const events: unknown[] = [];
  const progress: Progress[] = [];
  const result = await client.count(
    { to: 200 },
    { onEvent: (event) => events.push(event), onProgress: (each) => progress.push(each) },
  );
  expect(result).toBe(200);
  expect(events).toEqual(Array.from({ length: 200 }, (_, i) => ({ round: i + 1 })));
  expect(progress.at(-1)).toEqual({ fraction: 1, stage: 'Round 200' });
});

test('two calls at once keep their answers and their events apart', async () => {
  const { client } = connectTo({
    async echo({ name, ms }: { name: string; ms: number }, { emit }: JobRun) {
      emit(`${name} begins`);
      await turn(ms);
      emit(`${name} ends`);
      return name;
    },
  });
  const heard: Record<string, unknown[]> = { slow: [], quick: [] };
  const ask = (name: string, ms: number) => client.echo({ name, ms }, { onEvent: (event) => heard[name]?.push(event) });
  expect(await Promise.all([ask('slow', 20), ask('quick', 1)])).toEqual(['slow', 'quick']);
  expect(heard).toEqual({ slow: ['slow begins', 'slow ends'], quick: ['quick begins', 'quick ends'] });
});

/** A job that runs until its checkpoint stops it, and says how it ended. */
function endless() {
  const ended: unknown[] = [];
  const jobs = {
    async run(_: object, { checkpoint }: JobRun): Promise<void> {
      try {
        for (;;) {
          // Both ends share this one thread: the caller's timers want their turn.
          await turn(1);
          await checkpoint({ fraction: 0.5, stage: 'Going on' });
        }
      } catch (error) {
        ended.push(error);
        throw error;
      }
    },
    say: async ({ word }: { word: string }) => word,
  };
  return { jobs, ended };
}

test('a cancel is answered at once, and the job stops at its next checkpoint', async () => {
  const { jobs, ended } = endless();
  const { client, workers } = connectTo(jobs, { cancelPatienceMs: 500 });
  const stop = new AbortController();
  const heard: Progress[] = [];
  const call = client.run({}, { signal: stop.signal, onProgress: (progress) => heard.push(progress) });
  await turn(40);
  const asked = performance.now();
  stop.abort();
  expect(await refusal(call)).toMatchObject({ code: 'job.cancelled' });
  expect(performance.now() - asked).toBeLessThan(250);
  const before = heard.length;
  await expect.poll(() => ended, { timeout: 250 }).toHaveLength(1);
  expect(ended[0]).toMatchObject({ code: 'job.cancelled' });
  await turn(20);
  expect(heard).toHaveLength(before);
  expect(await client.say({ word: 'still here' })).toBe('still here');
  expect(workers).toHaveLength(1);
});

test('a call that is cancelled before it begins starts nothing', async () => {
  const { client, workers } = connectTo(endless().jobs);
  expect(await refusal(client.run({}, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'job.cancelled' });
  expect(workers).toHaveLength(0);
});

test('a cancelled job that does not stop in time has its worker replaced', async () => {
  const jobs = { hang: (_: object) => new Promise<void>(() => {}), say: async ({ word }: { word: string }) => word };
  const { client, workers } = connectTo(jobs, { cancelPatienceMs: 60 });
  const stop = new AbortController();
  const call = client.hang({}, { signal: stop.signal });
  const bystander = client.hang({});
  stop.abort();
  expect(await refusal(call)).toMatchObject({ code: 'job.cancelled' });
  expect(await refusal(bystander)).toMatchObject({ code: 'job.worker-lost', fix: 'Start the step again.' });
  expect(workers[0]?.isEnded).toBe(true);
  expect(await client.say({ word: 'anew' })).toBe('anew');
  expect(workers).toHaveLength(2);
});

test('without a patience for cancels a worker is never ended for being slow', async () => {
  const { client, workers } = connectTo({ slow: (_: object) => turn(80), say: async (_: object) => 'alive' });
  const stop = new AbortController();
  const call = client.slow({}, { signal: stop.signal });
  stop.abort();
  expect(await refusal(call)).toMatchObject({ code: 'job.cancelled' });
  await turn(120);
  expect(await client.say({})).toBe('alive');
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([false]);
});

test('a worker that fails rejects everything pending, and the next call starts another', async () => {
  const jobs = { wait: (_: object) => new Promise<void>(() => {}), say: async ({ word }: { word: string }) => word };
  const { client, workers } = connectTo(jobs);
  const calls = [client.wait({}), client.wait({})].map(refusal);
  await turn(5);
  workers[0]?.fail('out of memory');
  for (const error of await Promise.all(calls)) {
    expect(error).toMatchObject({ code: 'job.worker-lost', message: 'A worker stopped: out of memory.' });
  }
  expect(workers[0]?.isEnded).toBe(true);
  const again = client.wait({});
  const refused = refusal(again);
  expect(workers).toHaveLength(2);
  // What the old one still says is nothing to its successor.
  workers[0]?.fail('again');
  expect(await client.say({ word: 'anew' })).toBe('anew');
  expect(workers[1]?.isEnded).toBe(false);
  client.close();
  expect(await refused).toMatchObject({ code: 'job.worker-lost' });
});

test('a worker that gives no sign of life is taken for dead; one that is merely slow is not', async () => {
  const { client, workers } = connectTo(
    (start) => (start === 0 ? undefined : { say: async (_: object) => turn(200).then(() => 'slow') }),
    {
      patienceMs: 80,
    },
  );
  const asked = performance.now();
  expect(await refusal(client.say({}))).toMatchObject({
    code: 'job.worker-lost',
    message: 'A worker gave no sign of life for 0.08 s.',
  });
  expect(performance.now() - asked).toBeGreaterThan(75);
  expect(workers[0]?.isEnded).toBe(true);
  expect(await client.say({})).toBe('slow');
  expect(workers).toHaveLength(2);
});

/** Locks as a browser keeps them; `endHolders` is what it does when the threads that hold them end. */
function fakeLocks(): Locks & { endHolders(): void } {
  const holding = new Map<string, () => void>();
  return {
    async request(name, { signal }, whileHeld) {
      if (holding.has(name)) await new Promise<void>((resolve) => holding.set(name, resolve));
      else holding.set(name, () => {});
      if (!signal?.aborted) await whileHeld();
    },
    endHolders() {
      for (const release of holding.values()) release();
    },
  };
}

test('a worker ended from outside, without a word, is noticed at once, and the next call starts another', async () => {
  const locks = fakeLocks();
  const jobs = { wait: (_: object) => new Promise<void>(() => {}), say: async ({ word }: { word: string }) => word };
  const { client, workers } = connectTo(jobs, { locks });
  const call = refusal(client.wait({}));
  expect(await client.say({ word: 'alive' })).toBe('alive');
  await turn(5);
  locks.endHolders();
  expect(await call).toMatchObject({ code: 'job.worker-lost', message: 'A worker was ended from outside.' });
  expect(await client.say({ word: 'anew' })).toBe('anew');
  expect(workers).toHaveLength(2);
});

test('a job asked to finish ends early with what it has', async () => {
  const { client } = connectTo({
    async count(_: object, { shouldFinish }: JobRun) {
      let rounds = 0;
      while (!shouldFinish?.()) {
        rounds++;
        await turn(1);
      }
      return rounds;
    },
  });
  const finish = new AbortController();
  const call = client.count({}, { finish: finish.signal });
  await turn(10);
  finish.abort();
  expect(await call).toBeGreaterThan(0);
  expect(await client.count({}, { finish: AbortSignal.abort() })).toBeLessThan(5);
});

test('the heartbeat rests while nothing is pending', async () => {
  const { client, workers } = connectTo({ say: async (_: object) => 'done' }, { patienceMs: 20 });
  await client.say({});
  let asked = 0;
  workers[0]?.channel.port2.addEventListener('message', () => asked++);
  await turn(60);
  expect(asked).toBe(0);
  expect(workers[0]?.isEnded).toBe(false);
});

test('closing ends the worker and rejects what was pending; twice is fine', async () => {
  const { client, workers } = connectTo({ wait: (_: object) => new Promise<void>(() => {}) });
  const call = refusal(client.wait({}));
  client.close();
  client.close();
  expect(await call).toMatchObject({ code: 'job.worker-lost', message: 'The connection was closed.' });
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([true]);
});

test('a worker that cannot be started is a rejection, not an exception', async () => {
  const client = connect<{ say(input: object): Promise<string> }>(() => {
    throw new Error('refused by policy');
  });
  const error = await refusal(client.say({}));
  expect(error).toMatchObject({
    code: 'job.worker-lost',
    message: 'A worker could not be started: Error: refused by policy.',
  });
});

test.each(['nothing', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'there is no job "%s"',
  async (name) => {
    const { client } = connectTo<Record<string, (input: object) => Promise<unknown>>>({ say: async () => 'hello' });
    const method = client[name] as (input: object) => Promise<unknown>;
    expect(await refusal(method({}))).toMatchObject({ code: 'internal', message: `There is no job "${name}".` });
  },
);

test('an answer that cannot cross is an error, not a silence', async () => {
  const { client } = connectTo({ odd: async (_: object) => ({ later: () => 1 }) });
  expect(await refusal(client.odd({}))).toMatchObject({ code: 'internal' });
  const argument = connectTo({ take: async (_: object) => 1 });
  expect(await refusal(argument.client.take({ later: () => 1 }))).toMatchObject({ code: 'internal' });
});

test('the bytes of a file are given away, not copied; other arrays stay with the worker', async () => {
  const kept = { plain: new Uint8Array(8), nested: new Uint8Array(8), scores: new Float64Array(8) };
  const { client } = connectTo({
    file: async (_: object) => ({ name: 'a', bytes: kept.plain, scores: kept.scores }),
    summary: async (_: object) => ({ file: { bytes: kept.nested } }),
  });
  expect((await client.file({})).bytes).toHaveLength(8);
  expect((await client.summary({})).file.bytes).toHaveLength(8);
  expect(kept.plain.byteLength).toBe(0);
  expect(kept.nested.byteLength).toBe(0);
  expect(kept.scores.byteLength).toBe(64);
});

test('a client is no promise: awaiting it starts nothing', async () => {
  const { client, workers } = connectTo({ say: async (_: object) => 'hello' });
  expect(typeof (await Promise.resolve(client)).say).toBe('function');
  expect(workers).toHaveLength(0);
});
