import type { JobRun } from '../../core/jobs/job.ts';
import type { ReaderJobs, ReadRequest, ReadTable } from '../../core/jobs/reader-contract.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { connect } from './rpc/client.ts';

/** A parser that gives no sign of life for this long has met a file that leads it astray. */
const patienceMs = 20_000;

/** Reads a foreign file in a worker of its own, which is ended when it is done, stuck, or no longer wanted. */
export async function readInWorker(
  request: ReadRequest,
  { checkpoint }: Pick<JobRun, 'checkpoint'>,
): Promise<ReadTable> {
  const reader = connect<ReaderJobs>(
    () => new Worker(new URL('../../../workers/reader-worker.ts', import.meta.url), { type: 'module', name: 'reader' }),
    { patienceMs },
  );
  const stop = new AbortController();
  let failure: unknown;
  try {
    return await reader.readTable(request, {
      signal: stop.signal,
      onProgress: (progress) => {
        // The caller's own checkpoint knows whether the job is still wanted.
        checkpoint(progress).catch((error: unknown) => {
          failure = error;
          stop.abort();
        });
      },
    });
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (!(error instanceof StudioError) || error.code !== 'job.worker-lost') throw error;
    throw new StudioError('data.format', `"${request.name}" could not be read: its contents lead the reader astray.`, {
      where: { file: request.name },
      fix: 'Save the table again as CSV or Parquet with another program.',
      cause: error,
    });
  } finally {
    reader.close();
  }
}
