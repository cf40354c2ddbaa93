import type { JobClient } from '../../core/jobs/job.ts';
import type { RasterJobs } from '../../core/jobs/raster-contract.ts';
import type { StudyJobs } from '../../core/jobs/study-contract.ts';
import type { TrainingJobs } from '../../core/jobs/training-contract.ts';
import { type Connection, connect } from './rpc/client.ts';

/** The worker that owns the study. It is never ended for being slow: it holds the rows. */
export function connectStudy(): JobClient<StudyJobs> & Connection {
  return connect<StudyJobs>(
    () => new Worker(new URL('../../../workers/study-worker.ts', import.meta.url), { type: 'module', name: 'study' }),
    { patienceMs: 600_000 },
  );
}

/**
 * A worker that trains one model at a time. One that does not stop within two seconds of a cancel is replaced. The page's
 * address may limit it: `?threads=1`, `?gpu=off`, `?gpu=software` (a software adapter counts, for tests).
 */
export function connectTraining(name: string): JobClient<TrainingJobs> & Connection {
  return connect<TrainingJobs>(
    () =>
      new Worker(new URL('../../../workers/training-worker.ts', import.meta.url), {
        type: 'module',
        // A worker learns of the page's address only through its name.
        name: `training-${name}${location.search}`,
      }),
    { patienceMs: 60_000, cancelPatienceMs: 2_000 },
  );
}

/** A worker that draws one cloud of points; whoever connects closes it. */
export function connectRaster(): JobClient<RasterJobs> & Connection {
  return connect<RasterJobs>(
    () => new Worker(new URL('../../../workers/raster-worker.ts', import.meta.url), { type: 'module', name: 'raster' }),
  );
}
