import type { BatchJobs } from '../../core/jobs/batch-jobs.ts';
import { type BatchOutcome, scoreBatch } from '../../core/scoring/batch/batch.ts';
import type { Checkpoint } from '../../core/shared/checkpoint.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { openCsvStream } from '../any/csv-stream.ts';
import type { FileSink } from './file-sink.ts';
import { connect } from './rpc/client.ts';

/** A piece takes well under a second. */
const patienceMs = 60_000;

export interface PageBatch {
  readonly file: Blob;
  readonly name: string;
  /** Bytes of the bundle that scores. */
  readonly bundle: Uint8Array;
  readonly asOf?: number;
  readonly workers: number;
  readonly sink: FileSink;
  readonly checkpoint: Checkpoint;
}

/**
 * Scores a delimited file of any size into the sink: pieces are read, scored in workers and written as they come, so that
 * memory does not grow with the file. Whatever goes wrong leaves nothing behind.
 */
export async function scoreBatchFile(batch: PageBatch): Promise<BatchOutcome> {
  try {
    const outcome = await scoreOnce(batch, false).catch((error: unknown) => {
      // A file that only begins as UTF-8 is read again as what it is.
      if (!(error instanceof StudioError) || error.code !== 'data.encoding') throw error;
      return scoreOnce(batch, true);
    });
    await batch.sink.close();
    return outcome;
  } catch (error) {
    await batch.sink.discard();
    throw error;
  }
}

async function scoreOnce(
  { file, name, bundle, asOf, workers, sink, checkpoint }: PageBatch,
  doubtful: boolean,
): Promise<BatchOutcome> {
  const stream = await openCsvStream(file, { doubtful });
  const { layout } = stream;
  const connections = Array.from({ length: workers }, (_, index) =>
    connect<BatchJobs>(
      () =>
        new Worker(new URL('../../../workers/batch-worker.ts', import.meta.url), {
          type: 'module',
          name: `batch-${index}`,
        }),
      { patienceMs },
    ),
  );
  try {
    const opening = { bundle, layout, ...(asOf === undefined ? {} : { asOf }) };
    await Promise.all(connections.map((jobs) => jobs.open(opening)));
    await sink.restart();
    return await scoreBatch({
      chunks: stream.chunks,
      delimiter: layout.delimiter,
      checkUtf8: stream.checkUtf8,
      lanes: connections.map((jobs) => (bytes, isFirst) => jobs.score({ bytes, isFirst })),
      write: (bytes) => sink.write(bytes),
      taken: stream.taken,
      checkpoint,
    });
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw new StudioError(error.code, error.message, {
      where: { file: name, ...error.where },
      ...(error.fix ? { fix: error.fix } : {}),
      cause: error,
    });
  } finally {
    for (const jobs of connections) jobs.close();
  }
}
