import { afterEach, expect, test, vi } from 'vitest';
import type { JobRun } from '../../core/jobs/job.ts';
import type { ReaderJobs, ReadTable } from '../../core/jobs/reader-contract.ts';
import { createFrame } from '../../core/data/frame.ts';
import { noCheckpoint } from '../../core/shared/checkpoint.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { endFakeWorkers, FakeWorker } from '../../testing/fake-worker.ts';
import { openTableFile } from '../any/table-file.ts';
import { readInWorker } from './read-in-worker.ts';

const started: FakeWorker[] = [];

afterEach(() => {
  started.length = 0;
  vi.unstubAllGlobals();
  endFakeWorkers();
});

/** The host's Worker, each one serving this reader. */
function serveReader(readTable: ReaderJobs['readTable']): void {
  vi.stubGlobal('Worker', function start() {
    const worker = new FakeWorker({ readTable });
    started.push(worker);
    return worker;
  });
}

const file = new Blob(['age,city\n31,Ulm\n,Bonn\n']);
const request = { file, name: 'small.csv' };
const read = (_: unknown, run: JobRun): Promise<ReadTable> => openTableFile(file, 'small.csv', run);

test('a table read in a worker is the table, and the worker ends', async () => {
  serveReader(read);
  const { frame } = await readInWorker(request, { checkpoint: noCheckpoint });
  expect(frame).toEqual((await openTableFile(file, 'small.csv')).frame);
  expect(started.map(({ isEnded }) => isEnded)).toEqual([true]);
});

test('what is wrong with a file is said in the words of its reader', async () => {
  serveReader(async () => {
    throw new StudioError('data.header', 'Two columns are called "age".', { where: { file: 'small.csv', row: 1 } });
  });
  await expect(readInWorker(request, { checkpoint: noCheckpoint })).rejects.toMatchObject({
    code: 'data.header',
    where: { row: 1 },
  });
  expect(started.map(({ isEnded }) => isEnded)).toEqual([true]);
});

test('a reader that falls over costs the file, not the study', async () => {
  serveReader(() => {
    setTimeout(() => started[0]?.fail('out of memory'), 5);
    return new Promise(() => {});
  });
  await expect(readInWorker(request, { checkpoint: noCheckpoint })).rejects.toMatchObject({
    code: 'data.format',
    where: { file: 'small.csv' },
    fix: expect.stringContaining('Save the table again'),
  });
});

test('a caller who no longer wants the table ends the reader', async () => {
  serveReader(async (_, { checkpoint }) => {
    for (;;) {
      await checkpoint({ fraction: 0.5, stage: 'Reading' });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  });
  const stopped = new StudioError('job.cancelled', 'Stopped on request.');
  await expect(readInWorker(request, { checkpoint: () => Promise.reject(stopped) })).rejects.toBe(stopped);
  expect(started.map(({ isEnded }) => isEnded)).toEqual([true]);
});

test('a table of no columns crosses too', async () => {
  serveReader(async () => ({ frame: createFrame([]), findings: [] }));
  expect((await readInWorker(request, { checkpoint: noCheckpoint })).frame.rowCount).toBe(0);
});
